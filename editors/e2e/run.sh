#!/usr/bin/env bash
# run.sh [SUITE...]: drives real editors against the server of this tree, all suites or those that are named (as vscode.sh).
# Installs what it needs: Debian's packages, and npm's into a cache outside of the tree. A suite prints lines "ok …" and
# "FAILED …", says "SKIPPED, NOT TESTED: why" for what cannot be tested here, and ends with "N passed, N failed". So does
# this, behind a line "N skipped".
set -uo pipefail
. "$(dirname "$(readlink -f "$0")")/setup.sh"

# The suites, and the commands that they need with the packages of Debian that bring them. What npm brings they install
# themselves.
suites=(
  'nvim.sh nvim=neovim'
  'emacs.sh emacs=emacs-nox'
  'vim.sh vim=vim'
  'helix.sh tmux=tmux'
  'vscode.sh'
  'try.sh'
  'pre-commit.sh pre-commit=pre-commit git=git'
)

log=$(mktemp)
trap 'rm -f "$log"' EXIT
skipped=()

run() { # SUITE NEED...
  local name=$1 began=$SECONDS code result
  shift
  printf '\n== %s\n' "$name"
  if ! debian "$@" || ! all_there "$@"; then
    echo "SKIPPED, NOT TESTED: $* cannot be installed" | tee "$log"
    skipped+=("$name as a whole: $* cannot be installed")
    return
  fi
  "$here/$name" 2>&1 | tee "$log"
  code=${PIPESTATUS[0]}
  while read -r line; do skipped+=("$name, ${line#SKIPPED, NOT TESTED: }"); done < <(grep '^SKIPPED, NOT TESTED: ' "$log")
  [ "$code" -ne 3 ] || return
  result=$(tail -1 "$log")
  if [[ $result =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
    passed=$((passed + BASH_REMATCH[1]))
    failed=$((failed + BASH_REMATCH[2]))
    [ "$code" -eq 0 ] || [ "${BASH_REMATCH[2]}" -gt 0 ] || failed=$((failed + 1))
  else
    echo "FAILED $name did not come to its end"
    failed=$((failed + 1))
  fi
  echo "$name took $((SECONDS - began)) s"
}

all_there() { # COMMAND=PACKAGE...
  local pair
  for pair in "$@"; do command -v "${pair%%=*}" >/dev/null || return; done
}

for name in "$@"; do
  [[ " ${suites[*]%% *} " == *" $name "* && $name == *.sh && $name != *' '* ]] ||
    { echo "there is no suite $name: ${suites[*]%% *}" >&2; exit 2; }
done
for suite in "${suites[@]}"; do
  read -ra words <<<"$suite"
  [ $# -eq 0 ] || [[ " $* " == *" ${words[0]} "* ]] || continue
  run "${words[@]}"
done

printf '\n'
[ ${#skipped[@]} -eq 0 ] || printf 'skipped: %s\n' "${skipped[@]}"
[ $((passed + failed)) -gt 0 ] || check 'nothing was tested' false # nobody takes that for a pass
echo "${#skipped[@]} skipped"
sum
