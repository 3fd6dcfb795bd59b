#!/usr/bin/env bash
# session.sh HX...: takes Helix through the tour's first Dockerfile in a terminal of its own, as helix.sh starts it: by keys,
# and by what is on the screen. Ends with the exit code of Helix.
set -uo pipefail
terminal() { tmux -u -S ../terminal -f /dev/null "$@"; }
trap 'terminal kill-server 2>/dev/null' EXIT

say() { echo "$1" >> "$RESULTS"; }

screen() { terminal capture-pane -p -t helix; }

shows() { screen | grep -q -- "$1"; }

# wait_for waits until a command succeeds, or ends the session.
wait_for() { # what, command...
  local what=$1 began=$SECONDS
  shift
  until "$@"; do
    if [ $((SECONDS - began)) -gt 20 ]; then
      say "FAILED in vain waited: $what"
      screen | sed 's/^/  | /' >> "$RESULTS"
      exit 1
    fi
    sleep 0.05
  done
  [ -z "$what" ] || say "ok $what"
}

keys() { terminal send-keys -t helix "$@"; }

# normal leaves what is open: another key right behind Escape would be taken for one with Alt.
normal() { keys Escape && wait_for '' plain; }
plain() { shows '^ NOR ' && ! shows '[│┐┘]'; }

# found reports whether the list of findings shows exactly these rules. It shows those of the moment when it is opened.
found() { # RULE...
  local listed
  keys Space d
  wait_for '' shows '│'
  screen > ../picker
  listed=$(screen | sed -En 's/^.*│[ >]+(ERROR|WARN|INFO|HINT) +(dockerfile-ls +)?([a-z-]+) .*/\3/p' | sort)
  normal
  diff <(printf '%s\n' "$@" | sort) - <<<"$listed"
}

# choose picks the code action whose title begins so. The first one is chosen already.
choose() { # TITLE
  local number
  keys Space a
  wait_for "the menu offers $1" shows "$1"
  screen > ../menu
  number=$(screen | grep -A99 'Rewrite\|│' | grep -n "$1" | head -1 | cut -d: -f1)
  for ((; number > 1; number--)); do keys Down; done
  keys Enter
}

mapfile -t rules < <(cut -f1 "$TOUR")
mapfile -t mended < <(grep -v '^shell-form-command' "$TOUR" | cut -f1)

terminal new-session -d -s helix -x 200 -y 50 "$(printf '%q ' "$@"); echo \$? > ../helix-code"
wait_for 'the file is shown' shows 'CMD "npm" "start"'
wait_for 'the findings of the tour appear' found "${rules[@]}"
keys 4 g g o
wait_for '' shows '^ INS '
keys USE
normal
wait_for 'half a line is found, the others stay' found unknown-instruction "${rules[@]}"
keys u
wait_for 'undo takes it away' found "${rules[@]}"
keys 5 g g 6 l
choose 'Rewrite to exec form'
wait_for 'the fix is made' shows 'CMD \["npm", "start"\]'
wait_for 'what it mends is gone, other findings stay' found "${mended[@]}"
screen > ../screen
keys :wq Enter
wait_for 'the editor ends' [ -e ../helix-code ]
wait_for 'the server ends' [ -e ../codes ]
say 'end of session'
exit "$(cat ../helix-code)"
