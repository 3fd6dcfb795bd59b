#!/usr/bin/env bash
# vscode.sh [-screenshots]: drives VS Code's workbench and extension host with the packaged extension: by VS Code's API, and as a
# user does, by what is on the screen. Ends with "N passed, N failed". With -screenshots the pictures of the extension's README are
# made anew.
set -uo pipefail
. "$(dirname "$(readlink -f "$0")")/setup.sh"
vscode_machine
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
pictures=$work/pictures
[ "${1-}" != -screenshots ] || pictures=$top/editors/vscode/images

modules=$(npm_packages "$top/editors/vscode") || skip "the npm packages of editors/vscode/package-lock.json cannot be installed"
check 'the unit tests of the extension' unit_tests
vsix=$work/dockerfile-ls.vsix
check 'the extension is packaged, with the binary of a release' "$top/editors/vscode/package.sh" "$modules" linux-x64 "$vsix"
check 'it is smaller than 12 MB' [ "$(stat -c %s "$vsix")" -lt $((12 << 20)) ]
check 'the lockfile names no registry' no_lines '"resolved"' "$top/editors/vscode/package-lock.json"
sum
