#!/usr/bin/env bash
# emacs.sh: drives Debian's Emacs, with Eglot and with lsp-mode, by the files of editors/emacs, against the server of this
# tree. Ends with "N passed, N failed".
set -uo pipefail
. "$(dirname "$(readlink -f "$0")")/setup.sh"
. "$here/tour.sh"
debian emacs=emacs-nox || skip 'Emacs cannot be installed'
any_file '/usr/share/emacs/site-lisp/elpa/lsp-mode-*' || debian lsp-mode=elpa-eglot,elpa-lsp-mode,elpa-dockerfile-mode ||
  skip 'Eglot and lsp-mode cannot be installed'
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for client in eglot lsp-mode; do
  printf '\n-- Emacs, %s\n' "$client"
  folder=$work/$client
  tour_project "$folder" || exit
  survive "$folder/bin/dockerfile-ls"
  in_project "$folder" emacs --batch --no-init-file --directory "$here/emacs" --load "$client-session"
  check_tour "$folder" $?
done
sum
