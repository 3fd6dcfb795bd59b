#!/usr/bin/env bash
# vim.sh: drives Debian's Vim with ALE, by the file of editors/vim, against the server of this tree. Ends with "N passed, N
# failed".
set -uo pipefail
. "$(dirname "$(readlink -f "$0")")/setup.sh"
. "$here/tour.sh"
ale=/usr/share/vim-ale
debian vim=vim || skip 'Vim cannot be installed'
[ -e $ale ] || debian ale=vim-ale || skip 'ALE cannot be installed'
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

printf '\n-- Vim, ALE\n'
folder=$work/ale
tour_project "$folder" || exit
# ALE ends a server and all of its group by SIGTERM, without "shutdown"; the script in front waits for the server's code.
sed -i '2i trap : TERM' "$folder/bin/dockerfile-ls"
mkdir -p "$folder/home/.vim/ale_linters/dockerfile"
cp "$top/editors/vim/ale.vim" "$folder/home/.vim/ale_linters/dockerfile/dockerfile_ls.vim"
printf 'filetype plugin on\nset runtimepath^=%s\n' $ale > "$folder/home/.vimrc"
in_project "$folder" vim -N -u "$folder/home/.vimrc" -i NONE -Es -S "$here/vim/session.vim" Dockerfile
check_tour "$folder" $? 1 "the client is gone without shutdown"
sum
