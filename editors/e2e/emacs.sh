#!/usr/bin/env bash
# emacs.sh: drives Debian's Emacs, with Eglot and with lsp-mode, by the files of editors/emacs, against the server of this tree.
# Ends with "N passed, N failed".
set -uo pipefail
. "$(dirname "$(readlink -f "$0")")/setup.sh"
. "$here/tour.sh"
debian emacs=emacs-nox,elpa-eglot,elpa-lsp-mode,elpa-dockerfile-mode || skip 'Emacs cannot be installed'
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# survive puts a process between: both clients kill the server's group of processes right behind "exit", before it can end.
survive() { # SCRIPT
  mv "$1" "$1.behind"
  printf '#!/bin/sh\nexec setsid --wait "$0.behind" "$@"\n' > "$1"
  chmod +x "$1"
}

for client in eglot lsp-mode; do
  printf '\n-- Emacs, %s\n' "$client"
  folder=$work/$client
  tour_project "$folder" || exit
  survive "$folder/bin/dockerfile-ls"
  in_project "$folder" emacs --batch --no-init-file --directory "$here/emacs" --load "$client-session"
  check_tour "$folder" $?
done
sum
