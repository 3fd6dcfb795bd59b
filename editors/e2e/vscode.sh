#!/usr/bin/env bash
# vscode.sh [-screenshots]: drives VS Code's workbench and extension host with the packaged extension: by VS Code's API, and
# as a user does, by what is on the screen. Ends with "N passed, N failed". With -screenshots the pictures of the extension's
# README are made anew.
set -uo pipefail
. "$(dirname "$(readlink -f "$0")")/setup.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# The binary takes longest where nothing is built yet.
GOOS=linux GOARCH=amd64 "$top/.ci/build" "$work/early" &
code_server
debian unzip=unzip docker-registry=docker-registry chromium=chromium,fonts-dejavu-core ||
  skip 'Chromium, unzip or docker-registry cannot be installed'
wait
vsix=$work/dockerfile-ls.vsix
pictures=$work/pictures
[ "${1-}" != -screenshots ] || pictures=$top/editors/vscode/images

project() { # FOLDER: the tour's first Dockerfile, and what lies around it
  mkdir -p "$1/project"
  cp -r "$top/testdata/tour/project/." "$top/testdata/tour/01a-untagged/." "$1/project"
}

unit_tests() {
  (cd "$top/editors/vscode" && npm test --silent >"$work/unit.log" 2>&1) || { cat "$work/unit.log"; return 1; }
}

audit() {
  (cd "$top/editors/vscode" && npm audit --omit=dev) >"$work/audit.log" 2>&1
  local code=$?
  if grep -q 'audit endpoint returned an error' "$work/audit.log"; then
    echo 'SKIPPED, NOT TESTED: vulnerabilities of npm packages, since the registry does not answer that'
    return
  fi
  cat "$work/audit.log"
  check 'npm knows of no vulnerability in what is shipped' [ "$code" -eq 0 ]
}

# session runs a program of vscode/ with the packaged extension; its server stands behind the protocol checker.
session() { # NAME ARGS...
  local folder=$work/$1 name=$1
  shift
  project "$folder"
  unzip -qo "$vsix" extension/bin/dockerfile-ls -d "$folder" &&
    wrap "$folder/server" "$folder/extension/bin/dockerfile-ls" "$folder" || { check "$name can start" false; return; }
  node "$here/vscode/$name.mjs" "$folder" "$vsix" "$@" | tee "$folder/lines"
  check "$name came to its end" [ "${PIPESTATUS[0]}" -eq 0 ]
  count "$folder/lines"
  check "each server of $name ended with 0" all_zero "$folder"
  check "no server of $name logged an error" no_lines 'level=ERROR' "$folder/server.log"
  check_protocol "$folder"
}

all_zero() { [ "$(wc -l <"$1/starts")" -gt 0 ] && diff <(sed 's/.*/0/' "$1/starts") "$1/codes"; } # FOLDER

check 'the extension is packaged, with the binary of a release' extension "$vsix"
check 'it is smaller than 12 MB' [ "$(stat -c %s "$vsix" || echo 99999999)" -lt $((12 << 20)) ]
check 'the lockfile names no registry' no_lines '"resolved"' "$top/editors/vscode/package-lock.json"
check 'the unit tests of the extension' unit_tests
audit
session api
session dom "$pictures"
sum
