#!/usr/bin/env bash
# debian-side.sh SUITE FOLDER PACKAGE...: unpacks packages of another suite of Debian into a folder, with every library that
# they need. Nothing is installed: apt resolves against an empty state, and no maintainer script runs. FOLDER/run PROGRAM
# [ARGUMENT...] runs one of its programs with the libraries of that suite; what the program starts has those of this machine.
set -euo pipefail
suite=$1 folder=$2
shift 2
sources=/etc/apt/sources.list.d/debian.sources
[ -e "$sources" ] || { echo "this machine has no $sources" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/lists/partial "$work"/cache/archives/partial "$work"/state "$work"/root
: > "$work/status"
# Where this machine gets its packages, with another suite.
awk 'BEGIN { RS = "" } NR == 1' "$sources" | sed -E "s/^Suites:.*/Suites: $suite/" > "$work/side.sources"

apt() {
  apt-get -qq -o Dir::Etc::sourcelist="$work/side.sources" -o Dir::Etc::sourceparts=- -o Dir::State="$work/state" \
    -o Dir::State::lists="$work/lists" -o Dir::State::status="$work/status" -o Dir::Cache="$work/cache" \
    -o APT::Install-Recommends=false -o APT::Sandbox::User=root -o APT::Update::Error-Mode=any \
    -o Acquire::Languages=none -o Debug::NoLocking=1 "$@"
}
apt update
apt --yes --download-only install "$@" >/dev/null
for package in "$work"/cache/archives/*.deb; do dpkg-deb -x "$package" "$work/root"; done

cat > "$work/root/run" <<'RUN'
#!/bin/sh
here=$(dirname "$(readlink -f "$0")") program=$1
shift
machine=$(uname -m)-linux-gnu
loader=$(echo "$here"/usr/lib/"$machine"/ld-linux-*.so.*)
export VIMRUNTIME="$here/usr/share/nvim/runtime"
libraries=$here/usr/lib/$machine:$here/lib/$machine program=$here/usr/bin/$program
exec "$loader" --library-path "$libraries" --argv0 "$program" "$program" "$@"
RUN
chmod +x "$work/root/run"
rm -rf "$folder"
mkdir -p "$(dirname "$folder")"
mv "$work/root" "$folder"
