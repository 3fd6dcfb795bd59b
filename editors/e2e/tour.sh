# Sourced by suites that take an editor through the tour's first Dockerfile: what is found in it (tour.txt has the rules and
# what they mark), half a line, and a fix that is saved.

# tour_project makes a project, puts the server behind the checker on a path, and beside it what has to be saved in the end.
tour_project() { # FOLDER
  mkdir -p "$1"/{bin,home,project}
  git init -q "$1/project"
  cp -r "$top/testdata/tour/project/." "$top/testdata/tour/01a-untagged/." "$1/project"
  sed 's/^CMD "npm" "start"$/CMD ["npm", "start"]/' "$1/project/Dockerfile" > "$1/expected"
  build_server && wrap "$1/bin/dockerfile-ls" "$work/dockerfile-ls" "$1"
}

build_server() { [ -e "$work/dockerfile-ls" ] || (cd "$top" && go build -o "$work/dockerfile-ls" .); }

# survive puts a process between, for editors that kill what they have started right behind "exit", before it can end.
survive() { # SCRIPT
  mv "$1" "$1.behind"
  printf '#!/bin/sh\nexec setsid --fork --wait "$0.behind" "$@"\n' > "$1"
  chmod +x "$1"
}

# in_project runs an editor in the project, with nothing of the user's, and with what the sessions read and write.
in_project() { # FOLDER COMMAND...
  local folder=$1
  shift
  (
    cd "$folder/project" || exit
    export HOME=$folder/home XDG_CONFIG_HOME=$folder/home/.config XDG_CACHE_HOME=$folder/home/.cache
    PATH=$folder/bin:$PATH RESULTS=$folder/results TOUR=$here/tour.txt SHIPPED=$top/editors timeout 120 "$@"
  ) </dev/null >"$folder/out" 2>&1
}

# check_tour counts what a session has printed, and checks what it has left. An editor may make the server end with another
# code, and log lines that hold a pattern.
check_tour() { # FOLDER CODE [SERVER-CODE [PATTERN]]
  local code=${3-0} said=${4-^$}
  cat "$1/results" || cat "$1/out"
  count "$1/results"
  check 'the session came to its end' grep -q '^end of session$' "$1/results"
  check 'the editor ended with 0' [ "$2" -eq 0 ]
  check 'the saved file has the fix, byte for byte' diff "$1/expected" "$1/project/Dockerfile"
  check "the server was started once, and exited with $code" diff "$1/codes" - <<<"$code"
  check 'the server logged nothing else' only_lines "$said" "$1/server.log"
  check_protocol "$1"
}

only_lines() { ! grep -v "$1" "$2"; } # pattern, file
