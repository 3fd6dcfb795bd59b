#!/usr/bin/env bash
# try.sh: starts editors/try, looks at it, and ends it as Ctrl-C does. Ends with "N passed, N failed".
set -uo pipefail
. "$(dirname "$(readlink -f "$0")")/setup.sh"
code_server
debian chromium=chromium,fonts-dejavu-core || skip 'Chromium cannot be installed'
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cd "$top" && go build -o "$work/try" ./editors/try || exit
mkdir "$work/tmp"
# As in a terminal of VS Code, which code-server must not take for the one that it is to talk to.
VSCODE_IPC_HOOK_CLI=$work/nobody.sock TMPDIR=$work/tmp "$work/try" >"$work/out" 2>"$work/log" &
pid=$!
address=''
until [ -n "$address" ] || ! kill -0 "$pid" 2>/dev/null || [ "$SECONDS" -gt 300 ]; do
  sleep 0.1
  address=$(grep -o 'http://[^ ]*' "$work/out")
done
check 'it prints an address' [ -n "$address" ]
check 'and that it has no password' grep -q '^There is no password' "$work/out"
node "$here/vscode/try.mjs" "$work" "$address" | tee "$work/lines"
check 'try came to its end' [ "${PIPESTATUS[0]}" -eq 0 ]
count "$work/lines"
kill -INT "$pid"
wait "$pid"
check 'it ends with 0' [ $? -eq 0 ]
check 'it leaves no file behind' [ -z "$(ls -A "$work/tmp" | grep dockerfile-ls-try)" ]
host=${address#http://}
closed() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
check 'nobody listens at the address any more' closed "$(sed 's/.*127.0.0.1:\([0-9]*\).*/\1/' <<<"${host%%/*}")"
sum
