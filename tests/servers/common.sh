# shellcheck shell=bash
# What the server scripts share. Each keeps everything it makes under $STATE: data, for each process NAME.pid and NAME.log,
# and `environment`, the lines that tell the tests how to reach it.

# Debian puts servers where an ordinary user's PATH does not look.
PATH=$PATH:/usr/sbin:/sbin

fail() {
  echo "$*" >&2
  exit 1
}

is_free() {
  # In a subshell, so that an accepted connection is closed again at once.
  ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# Below the range that the kernel hands out to outgoing connections, so that none of those takes it in the meantime.
free_port() {
  local port
  for _ in $(seq 100); do
    port=$((20000 + (RANDOM * 32768 + RANDOM) % 10000))
    if is_free "$port"; then
      echo "$port"
      return
    fi
  done
  fail 'No free port between 20000 and 29999.'
}

random_name() {
  tr -d - </proc/sys/kernel/random/uuid
}

# until_true SECONDS COMMAND…: polls until the command succeeds.
until_true() {
  local end=$((SECONDS + $1))
  until "${@:2}" >/dev/null 2>&1; do
    if [ $SECONDS -ge $end ]; then return 1; fi
    sleep .1
  done
}

# logged COMMAND…: its output is of interest only when it fails.
logged() {
  if ! "$@" >"$STATE/step.log" 2>&1; then
    tail -n 10 "$STATE/step.log" >&2
    fail "Failed: $*"
  fi
}

# launch NAME COMMAND…, unless it runs already. In the foreground of a session of its own: its process id is known from
# the first moment, and Ctrl-C reaches the caller's trap instead of the server.
launch() {
  if runs "$1"; then return; fi
  setsid "${@:2}" >>"$STATE/$1.log" 2>&1 </dev/null &
  echo $! >"$STATE/$1.pid"
}

runs() {
  [ -s "$STATE/$1.pid" ] && ! gone "$(cat "$STATE/$1.pid")"
}

# stop NAME [SIGNAL]: asks, then insists.
stop() {
  if runs "$1"; then
    local pid; pid=$(cat "$STATE/$1.pid")
    kill -s "${2:-TERM}" "$pid" 2>/dev/null || true
    until_true 5 gone "$pid" || kill -9 "$pid" 2>/dev/null || true
    until_true 5 gone "$pid" || fail "The process $pid ($1) does not end."
  fi
  rm -f "$STATE/$1.pid"
}

# A zombie is gone: it only waits for its parent.
gone() {
  ! kill -0 "$1" 2>/dev/null || [ "$(ps -o stat= -p "$1" | cut -c1)" = Z ]
}

# did_not_start SERVER NAME…: says so with the end of the logs.
did_not_start() {
  local name
  for name in "${@:2}"; do tail -n 10 "$STATE/$name.log" >&2 || true; done
  fail "$1 did not start."
}
