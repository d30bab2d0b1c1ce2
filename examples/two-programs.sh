#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# two-programs.sh [TACIT] — how a program puts a question through tacit: answers from files, events as
# JSON lines, the exit status.  Here both sides run on this machine, with a relay between them; in
# earnest each runs where its person is, and only the code goes from one to the other.
set -euo pipefail
tacit=${1:-tacit}
folder=$(mktemp -d)
chmod 700 "$folder"
relay=
finish() {
    [ -z "$relay" ] || kill "$relay" 2>/dev/null || true
    wait 2>/dev/null || true
    rm -rf "$folder"
}
trap finish EXIT

# A field of the first event with this name: enough for what tacit prints, one object a line.
field() { # event, field, file
    sed -n "s/^{\"event\":\"$1\".*\"$2\":\"\([^\"]*\)\".*/\1/p" "$3" | head -n 1
}

wait_for() { # event, field, file, process
    for _ in $(seq 200); do
        [ -z "$(field "$@")" ] || { field "$@"; return; }
        kill -0 "$4" 2>/dev/null || break
        sleep 0.05
    done
    echo "no $1 event came" >&2
    return 1
}

# What an exit status means to the program.
explain() { # who, status
    case $2 in
    0) echo "$1: an outcome was reached" ;;
    2) echo "$1: an answer is missing or wrong; nothing was sent" ;;
    4) echo "$1: no relay; try again later" ;;
    5) echo "$1: the other side did not come or left" ;;
    6) echo "$1: something did not add up; look at both programs" ;;
    7) echo "$1: the two cannot pair; a new code is needed" ;;
    *) echo "$1: status $2" ;;
    esac
}

# Answers stand in files, not in the arguments: those can be listed by others on the machine.
cat >"$folder/candidate" <<'ANSWERS'
pay = 60000
days = 3
start = 2
ANSWERS
cat >"$folder/employer" <<'ANSWERS'
pay = 65000
days = 2
start = 3
ANSWERS

"$tacit" serve --listen 127.0.0.1:0 --json >"$folder/relay" &
relay=$!
url=$(wait_for listening url "$folder/relay" $relay)

"$tacit" ask in-range --relay "$url" --answers "$folder/candidate" --timeout 1m --json \
    >"$folder/candidate-sees" </dev/null &
asker=$!
code=$(wait_for code code "$folder/candidate-sees" $asker)

# The code reaches the other program on its standard input.  It names the sheet that it expects.
status=0
"$tacit" answer --relay "$url" --sheet in-range --as employer --answers "$folder/employer" \
    --timeout 1m --json >"$folder/employer-sees" <<<"$code" || status=$?
explain employer $status

status=0
wait $asker || status=$?
explain candidate $status

echo "candidate's outcome: $(field outcome id "$folder/candidate-sees")"
echo "employer's outcome:  $(field outcome id "$folder/employer-sees")"
