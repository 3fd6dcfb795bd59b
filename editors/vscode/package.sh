#!/usr/bin/env bash
# package.sh MODULES TARGET FILE [VERSION]: makes the extension for a platform, with the binary of a release in it. MODULES are the
# installed packages of package-lock.json; TARGET is one of VS Code's, such as linux-x64, or none for one without a binary;
# VERSION is that of package.json where none is given.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
top=$(dirname "$(dirname "$here")")
modules=$(cd "$1" && pwd)
target=$2
mkdir -p "$(dirname "$3")"
file=$(cd "$(dirname "$3")" && pwd)/$(basename "$3") # macOS has no realpath -m
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cd "$here"
cp -r package.json README.md CHANGELOG.md images walkthrough src test tsconfig.json .vscodeignore "$work"
cp "$top/LICENSE" "$top/analysis/settings/schema.json" "$work"
mkdir "$work/tour"
cp -r "$top/testdata/tour/project/." "$top/testdata/tour/01a-untagged/." "$work/tour"
ln -s "$modules" "$work/node_modules"

flags=()
if [ "$target" != none ]; then
  system=${target%-*} processor=${target#*-} name=dockerfile-ls
  [ "$system" = win32 ] && system=windows name=dockerfile-ls.exe
  [ "$processor" = x64 ] && processor=amd64
  mkdir "$work/bin"
  GOOS=$system GOARCH=$processor "$top/.ci/build" "$work/bin/$name"
  flags+=(--target "$target")
fi

cd "$work"
[ -z "${4-}" ] || npm pkg set "version=$4"
npm run --silent check
npm run --silent build -- --log-level=warning
flags+=(--no-dependencies --allow-missing-repository --no-rewrite-relative-links --out "$file")
"$modules/.bin/vsce" package "${flags[@]}" >vsce.log || { cat vsce.log; exit 1; }
