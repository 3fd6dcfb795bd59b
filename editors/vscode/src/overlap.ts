// What other extensions tell too. It must not know VS Code.

/** Finding is what of a diagnostic says what it is about. */
export interface Finding {
  readonly source: string;
  readonly code: string;
  /** The first and the last line, zero-based. */
  readonly first: number;
  readonly last: number;
}

/** Peer is another server for Dockerfiles. */
export interface Peer {
  /** Our rules, by the codes of its findings that say the same. */
  readonly tells: Readonly<Record<string, readonly string[]>>;
}

const rejected = [
  "unknown-instruction",
  "misplaced-instruction",
  "unknown-flag",
  "invalid-flag",
  "missing-argument",
  "unexpected-argument",
  "unterminated-heredoc",
  "invalid-directive",
  "invalid-instruction",
];

/**
 * The peers, by the source of their diagnostics. The numbers are those of dockerfile-utils (ValidationCode); what they stand
 * beside was seen by running it on the cases of our rules. The names are BuildKit's checks; an error has no code.
 */
export const peers: Readonly<Record<string, Peer>> = {
  // in ms-azuretools.vscode-docker and ms-azuretools.vscode-containers
  "dockerfile-utils": {
    tells: {
      2: ["missing-argument"], // ARGUMENT_MISSING
      3: ["unexpected-argument"], // ARGUMENT_EXTRA
      4: ["missing-argument", "unexpected-argument"], // ARGUMENT_REQUIRES_ONE
      5: ["missing-argument"], // ARGUMENT_REQUIRES_AT_LEAST_ONE
      6: ["missing-argument", "unexpected-argument"], // ARGUMENT_REQUIRES_TWO
      7: ["missing-argument"], // ARGUMENT_REQUIRES_AT_LEAST_TWO
      8: ["missing-argument", "unexpected-argument"], // ARGUMENT_REQUIRES_ONE_OR_THREE
      9: ["unexpected-argument"], // ARGUMENT_UNNECESSARY
      11: ["empty-continuation"], // EMPTY_CONTINUATION_LINE
      12: ["invalid-instruction"], // INVALID_BUILD_STAGE_NAME
      13: ["invalid-flag"], // FLAG_AT_LEAST_ONE
      14: ["invalid-flag"], // FLAG_DUPLICATE
      15: ["invalid-flag"], // FLAG_INVALID_DURATION
      16: ["invalid-flag"], // FLAG_LESS_THAN_1MS
      17: ["invalid-flag"], // FLAG_MISSING_DURATION
      18: ["invalid-flag"], // FLAG_MISSING_VALUE
      19: ["invalid-flag"], // FLAG_UNKNOWN_UNIT
      20: ["misplaced-instruction"], // NO_SOURCE_IMAGE
      21: ["invalid-directive"], // INVALID_ESCAPE_DIRECTIVE
      22: ["unexpected-argument"], // INVALID_AS
      23: ["invalid-instruction"], // INVALID_DESTINATION
      24: ["invalid-instruction"], // INVALID_PORT
      25: ["invalid-instruction"], // INVALID_PROTO
      26: ["invalid-instruction"], // INVALID_REFERENCE_FORMAT
      28: ["invalid-flag", "invalid-instruction"], // INVALID_SYNTAX
      29: ["misplaced-instruction"], // ONBUILD_CHAINING_DISALLOWED
      30: ["misplaced-instruction"], // ONBUILD_TRIGGER_DISALLOWED
      31: ["invalid-instruction"], // SHELL_JSON_FORM
      32: ["missing-argument"], // SHELL_REQUIRES_ONE
      33: ["invalid-instruction"], // SYNTAX_MISSING_EQUALS
      34: ["invalid-instruction"], // SYNTAX_MISSING_NAMES
      35: ["invalid-instruction"], // SYNTAX_MISSING_SINGLE_QUOTE
      36: ["invalid-instruction"], // SYNTAX_MISSING_DOUBLE_QUOTE
      38: ["unknown-instruction"], // UNKNOWN_INSTRUCTION
      39: ["unknown-flag"], // UNKNOWN_ADD_FLAG
      40: ["unknown-flag"], // UNKNOWN_COPY_FLAG
      41: ["unknown-flag"], // UNKNOWN_FROM_FLAG
      42: ["unknown-flag"], // UNKNOWN_HEALTHCHECK_FLAG
      43: ["invalid-instruction"], // UNKNOWN_TYPE
      44: ["invalid-instruction"], // UNSUPPORTED_MODIFIER
      46: ["missing-argument"], // HEALTHCHECK_CMD_ARGUMENT_MISSING
      47: ["invalid-flag"], // FLAG_INVALID_FROM_VALUE
      48: ["invalid-flag"], // FLAG_EXPECTED_BOOLEAN_VALUE
      49: ["invalid-exec-form"], // JSON_IN_SINGLE_QUOTES
      51: ["invalid-instruction"], // BASE_NAME_EMPTY
      52: ["invalid-directive"], // DUPLICATED_ESCAPE_DIRECTIVE
    },
  },
  // in docker.docker
  "docker-language-server": {
    tells: {
      "": rejected,
      CopyIgnoredFile: ["copy-ignored-file"],
      JSONArgsRecommended: ["shell-form-command"],
      NoEmptyContinuation: ["empty-continuation"],
      SecretsUsedInArgOrEnv: ["secret-in-build-argument"],
    },
  },
};

/** Reports whether one of the findings of others tells what ours does, on one of the lines that it is about. */
export function isToldToo(ours: Finding, others: readonly Finding[]): boolean {
  return others.some(
    (other) =>
      (peers[other.source]?.tells[other.code]?.includes(ours.code) ?? false) &&
      other.first <= ours.last &&
      ours.first <= other.last,
  );
}
