import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { isToldToo, peers, type Finding } from "../src/overlap.ts";

const at = (source: string, code: string, first: number, last = first): Finding => ({ source, code, first, last });
const ours = (code: string, first: number, last = first) => at("dockerfile-ls", code, first, last);

test("what another extension tells on the same line is told too", () => {
  assert.ok(isToldToo(ours("unknown-instruction", 3), [at("dockerfile-utils", "38", 3)]));
  assert.ok(isToldToo(ours("shell-form-command", 5), [at("docker-language-server", "JSONArgsRecommended", 5)]));
});

test("lines of one instruction meet", () => {
  assert.ok(isToldToo(ours("invalid-flag", 4), [at("docker-language-server", "", 2, 6)]));
  assert.ok(isToldToo(ours("empty-continuation", 2, 5), [at("dockerfile-utils", "11", 3)]));
});

test("another line, another finding, and another extension are not the same", () => {
  assert.ok(!isToldToo(ours("unknown-instruction", 3), [at("dockerfile-utils", "38", 4)]));
  assert.ok(!isToldToo(ours("runs-as-root", 3), [at("dockerfile-utils", "38", 3)]));
  assert.ok(!isToldToo(ours("unknown-instruction", 3), [at("hadolint", "38", 3)]));
  assert.ok(!isToldToo(ours("unknown-instruction", 3), []));
});

test("the cheat sheet's findings are never hidden behind an error of another extension", () => {
  for (const rule of ["runs-as-root", "untagged-base-image", "base-image-without-digest", "secret-in-image-layer"]) {
    assert.ok(!isToldToo(ours(rule, 0), [at("docker-language-server", "", 0)]), rule);
  }
});

test("every rule in the table exists", () => {
  const page = readFileSync("../../analysis/rules/README.md", "utf8").split("\n");
  for (const { tells } of Object.values(peers)) {
    for (const rule of Object.values(tells).flat()) assert.ok(page.includes(`## ${rule}`), rule);
  }
});

test("every check of BuildKit that a rule of ours knows by name is in the table", () => {
  const keys = Object.keys(peers["docker-language-server"]?.tells ?? {});
  const schema = JSON.parse(readFileSync("../../analysis/settings/schema.json", "utf8"));
  const checks = Object.keys(schema.properties.rules.properties).filter((name) => /^[A-Z][A-Za-z]+$/.test(name));
  assert.deepEqual(keys.filter((key) => key !== "").sort(), checks.sort());
});
