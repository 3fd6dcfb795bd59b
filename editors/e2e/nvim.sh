#!/bin/bash
# nvim.sh [NVIM...]: drives a real Neovim (default: nvim) against a server built from this tree, through the protocol
# checker where the shared folder with LSP's meta model is. Ends with "N passed, N failed".
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
top=$(dirname "$(dirname "$here")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir -p "$work/bin" "$work/real" "$work/app"
(cd "$top" && go build -o "$work/real/dockerfile-ls" .)
# Neovim does not tell the exit code of a server, so a script of the same name writes it down.
model=${DOCKERFILE_LS_SHARED:-$top/../shared}/lsp/metaModel.json
tap=()
if [ -e "$model" ]; then
  (cd "$top" && go build -o "$work/real/tap" ./server/lspcheck/tap)
  tap=("$work/real/tap" -model "$model" -report "$work/report" --)
fi
cat > "$work/bin/dockerfile-ls" <<SCRIPT
#!/bin/sh
${tap[@]} "$work/real/dockerfile-ls" "\$@" 2>"$work/server.log"
echo \$? > "$work/code"
SCRIPT
chmod +x "$work/bin/dockerfile-ls"

cat > "$work/app/Dockerfile" <<'DOCKERFILE'
# syntax=docker/dockerfile:1
# Größe zählt 🚀
FROM node AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/var/cache/npm \
    npm ci && \
    npm cache verify
COPY . .
RUN npm run build

FROM node:24-alpine
ENV NODE_ENV=production GREETING="hello 🚀"
WORKDIR /app
COPY --from=build --chown=node:node /app/dist ./dist
USER node
EXPOSE 3000
CMD npm start
DOCKERFILE
printf '{"name": "app", "scripts": {"build": "tsc", "start": "node dist/main.js"}}\n' > "$work/app/package.json"
printf '{"name": "app", "lockfileVersion": 3, "packages": {}}\n' > "$work/app/package-lock.json"
sed 's/^CMD npm start$/CMD ["npm", "start"]/' "$work/app/Dockerfile" > "$work/expected"

[ $# -gt 0 ] || set -- nvim
export XDG_CONFIG_HOME=$work/xdg/c XDG_DATA_HOME=$work/xdg/d XDG_STATE_HOME=$work/xdg/s XDG_CACHE_HOME=$work/xdg/k
export PATH=$work/bin:$PATH
cd "$work/app"
RESULTS=$work/results timeout 120 "$@" --clean --headless --cmd "set rtp^=$top/editors/neovim" -S "$here/nvim.lua" Dockerfile \
  </dev/null >"$work/out" 2>&1 || true
cat "$work/results" || cat "$work/out"

passed=$(grep -c '^ok ' "$work/results" || true)
failed=$(grep -c '^FAILED ' "$work/results" || true)
check() { # name, command...
  local name=$1; shift
  if "$@"; then passed=$((passed + 1)); echo "ok $name"; else failed=$((failed + 1)); echo "FAILED $name"; fi
}
quiet() { [ -e "$work/report" ] && ! grep '^server' "$work/report"; }
check "the script came to its end" grep -q '^end of script' "$work/results"
check "the saved file is as expected, byte for byte" diff "$work/expected" "$work/app/Dockerfile"
check "the server exited with 0" grep -qx 0 "$work/code"
check "the server logged nothing" diff /dev/null "$work/server.log"
if [ ${#tap[@]} -gt 0 ]; then
  check "the protocol checker finds nothing wrong with the server" quiet
else
  echo "SKIPPED, NOT TESTED: no $model"
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
