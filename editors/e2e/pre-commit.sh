#!/usr/bin/env bash
# pre-commit.sh: lets Debian's pre-commit install the hooks of this tree, and run them on a repository with the tour's first
# Dockerfile. Ends with "N passed, N failed".
set -uo pipefail
. "$(dirname "$(readlink -f "$0")")/setup.sh"
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
# What Go has built and fetched already counts for pre-commit's own installation too.
export PRE_COMMIT_HOME=$work/home GOMODCACHE=$(go env GOMODCACHE) GOCACHE=$(go env GOCACHE)

export GIT_AUTHOR_NAME=e2e GIT_AUTHOR_EMAIL=e2e@example.com GIT_COMMITTER_NAME=e2e GIT_COMMITTER_EMAIL=e2e@example.com

# pre-commit clones a commit of a repository: one of the tree as it is, with what is not committed yet.
mkdir "$work/hooks" "$work/project" || exit
(cd "$top" && git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents --target-directory "$work/hooks")
cd "$work/hooks" && git init -q && git add --all && git commit -q --message 'The tree' || exit

cd "$work/project" && git init -q || exit
cp -r "$top/testdata/tour/project/." "$top/testdata/tour/01a-untagged/." .
cat >.pre-commit-config.yaml <<CONFIG
repos:
  - repo: $work/hooks
    rev: $(git -C "$work/hooks" rev-parse HEAD)
    hooks: [{id: dockerfile-ls-check}, {id: dockerfile-ls-fix}]
CONFIG
git add --all

hook() { pre-commit run "dockerfile-ls-$1" --all-files >"$work/$1" 2>&1; } # check or fix
fails() { ! "$@"; }
said() { grep -q "$2" "$work/$1" || { cat "$work/$1"; return 1; }; } # HOOK TEXT

check 'check fails' fails hook check
check 'it tells what it has found' said check 'warning: .*\[untagged-base-image\]'
check 'it has changed nothing' git diff --quiet
check 'fix fails, since it changes files' fails hook fix
check 'it says what it has mended' said fix '^Dockerfile: .* mended$'
check 'it has mended the command' grep -q '^CMD \["npm", "start"\]$' Dockerfile
git add --all
check 'fix has nothing more to do' hook fix
printf 'FROM scratch\n' >Dockerfile
git add --all
check 'check finds nothing in what is fine' hook check
sum
