#!/usr/bin/env bash
# helix.sh: drives the Helix of newer suites of Debian in a terminal, by the file of editors/helix, against the server of
# this tree. Ends with "N passed, N failed".
set -uo pipefail
. "$(dirname "$(readlink -f "$0")")/setup.sh"
. "$here/tour.sh"
debian tmux=tmux || skip 'tmux cannot be installed'
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

drive() { # NAME UNPACKED
  local folder=$work/$1 runtime
  runtime=$(find "$2/usr" -type d -name runtime -path '*/hx/*')
  printf '\n-- Helix of Debian %s: ' "$1"
  HELIX_RUNTIME=$runtime "$2/run" hx --version
  tour_project "$folder" || return
  survive "$folder/bin/dockerfile-ls"
  mkdir -p "$folder/home/.config/helix"
  cp "$top/editors/helix/languages.toml" "$folder/home/.config/helix"
  HELIX_RUNTIME=$runtime in_project "$folder" bash "$here/helix/session.sh" "$2/run" hx Dockerfile
  # Helix may tell of the file that it has just saved behind "shutdown".
  check_tour "$folder" $? 0 'workspace/didChangeWatchedFiles after shutdown'
}

for suite in trixie testing; do
  unpacked=$cache/debian-$suite-hx
  if [ -e "$unpacked/run" ] || "$here/debian-side.sh" "$suite" "$unpacked" hx; then
    drive "$suite" "$unpacked" || check "Helix of Debian $suite" false
  else
    echo "SKIPPED, NOT TESTED: the Helix of Debian $suite, which cannot be had here"
  fi
done
sum
