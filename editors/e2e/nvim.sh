#!/usr/bin/env bash
# nvim.sh: drives Neovims, Debian's own and newer ones, which are configured as editors/neovim/README.md says, against the
# server of this tree. Ends with "N passed, N failed".
set -uo pipefail
. "$(dirname "$(readlink -f "$0")")/setup.sh"
debian nvim=neovim || skip 'Neovim cannot be installed'
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# configuration writes what the README says to paste for a version: its first block of Lua, or for an older Neovim its
# second.
configuration() { # VERSION FOLDER
  local block=2
  [[ $1 =~ ^0\.[0-9]$|^0\.10$ ]] || block=1
  mkdir -p "$2/nvim/lsp"
  cp "$top/editors/neovim/lsp/dockerfile_ls.lua" "$2/nvim/lsp/"
  awk -v block=$block '/^```$/ { inside = 0 } inside && n == block; /^```lua$/ { n++; inside = 1 }' \
    "$top/editors/neovim/README.md" > "$2/nvim/init.lua"
}

# session runs one of nvim/*.lua, in the folder project.
session() { # NAME FOLDER NVIM...
  local script=$here/nvim/$1.lua folder=$2
  shift 2
  wrap "$folder/bin/dockerfile-ls" "$work/dockerfile-ls" "$folder" || return
  (
    cd "$folder/project" || exit
    export XDG_CONFIG_HOME=$folder/config XDG_DATA_HOME=$folder/d XDG_STATE_HOME=$folder/s XDG_CACHE_HOME=$folder/k
    PATH=$folder/bin:$PATH RESULTS=$folder/results SESSIONS=$here/nvim timeout 120 "$@" --headless -S "$script" Dockerfile
  ) </dev/null >"$folder/out" 2>&1
  cat "$folder/results" || cat "$folder/out"
  count "$folder/results"
  check 'the script came to its end' grep -q '^end of script' "$folder/results"
  check 'the server was started once, and exited with 0' diff "$folder/codes" - <<<0
  check 'the server logged nothing' diff /dev/null "$folder/server.log"
  check_protocol "$folder"
}

# two_stages is a project whose Dockerfile has two stages, and letters that other editors count otherwise.
two_stages() { # FOLDER
  local project=$1
  cat > "$project/Dockerfile" <<'DOCKERFILE'
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
  printf '{"name": "app", "scripts": {"build": "tsc", "start": "node dist/main.js"}}\n' > "$project/package.json"
  printf '{"name": "app", "lockfileVersion": 3, "packages": {}}\n' > "$project/package-lock.json"
}

editing() { # FOLDER NVIM...
  local project=$1/project
  two_stages "$project"
  sed 's/^CMD npm start$/CMD ["npm", "start"]/' "$project/Dockerfile" > "$1/expected"
  session editing "$@"
  check 'the saved file is as expected, byte for byte' diff "$1/expected" "$project/Dockerfile"
}

reading() { # FOLDER NVIM...
  local project=$1/project
  two_stages "$project"
  sed 's/AS build$/AS compile/; s/--from=build/--from=compile/' "$project/Dockerfile" > "$1/expected"
  session reading "$@"
  check 'the saved file has the new name, and nothing else' diff "$1/expected" "$project/Dockerfile"
}

writing() { # FOLDER NVIM...
  local project=$1/project
  two_stages "$project"
  sed 's|^USER node$|COPY --link --from=build /app/static ./static\nCOPY package.json ./\n&|' \
    "$project/Dockerfile" > "$1/expected"
  session writing "$@"
  check 'the saved file is completed and formatted, byte for byte' diff "$1/expected" "$project/Dockerfile"
}

# tour has beside the project what has to come of it, as the command line makes it.
tour() { # FOLDER NVIM...
  local project=$1/project
  tour_project "$project"
  sed 's/^CMD "npm" "start"$/CMD ["npm", "start"]/' "$project/Dockerfile" > "$1/exec-form"
  hardening "$1/ignoring" && cp "$1/ignoring/.dockerignore" "$1/dockerignore" || return
  hardening "$1/hardening" "$1/dockerignore" && cp "$1/hardening/Dockerfile" "$1/hardened" || return
  mkdir "$project/.git"
  session tour "$@"
}

# hardening hardens the Dockerfile after the fix, beside an ignore file or without one. No registry is asked.
hardening() { # FOLDER [DOCKERIGNORE]
  tour_project "$1"
  cp "$(dirname "$1")/exec-form" "$1/Dockerfile"
  [ -z "${2-}" ] || cp "$2" "$1/.dockerignore"
  printf 'registry: {lookups: off}\n' > "$1.yaml"
  "$work/dockerfile-ls" harden --config "$1.yaml" "$1/Dockerfile" >/dev/null 2>&1
}

tour_project() { mkdir -p "$1" && cp -r "$top/testdata/tour/project/." "$top/testdata/tour/01a-untagged/." "$1"; } # FOLDER

drive() { # NVIM...
  local version folder
  version=$("$@" --version | sed -n '1s/^NVIM v\([0-9]*\.[0-9]*\)\..*/\1/p')
  for name in editing reading writing tour; do
    printf '\n-- Neovim %s, %s\n' "$version" "$name"
    folder=$work/$version-$name
    mkdir -p "$folder"/{bin,project}
    configuration "$version" "$folder/config"
    "$name" "$folder" "$@" || check "Neovim $version, $name" false
  done
}

# side prints the folder of a Neovim of another suite of Debian, which stays in the cache.
side() { # SUITE
  local folder=$cache/debian-$1-neovim
  [ -e "$folder/run" ] || "$here/debian-side.sh" "$1" "$folder" neovim >&2 || return
  echo "$folder"
}

lint() {
  if debian luacheck=lua-check && command -v luacheck >/dev/null; then
    check 'luacheck has nothing to say' luacheck --quiet --std luajit --globals vim --max-line-length 125 \
      "$top/editors/neovim" "$here/nvim"
  else
    echo 'SKIPPED, NOT TESTED: the style of Lua, since lua-check cannot be installed'
  fi
}

(cd "$top" && go build -o "$work/dockerfile-ls" .) || exit
lint
drive nvim
for suite in trixie testing; do
  if folder=$(side "$suite"); then
    drive "$folder/run" nvim --cmd "set runtimepath+=$folder/usr/lib/nvim" # where its parsers of Markdown and others are
  else
    echo "SKIPPED, NOT TESTED: the Neovim of Debian $suite, which cannot be had here"
  fi
done
sum
