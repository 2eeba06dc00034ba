#!/usr/bin/env bash
# A private PostgreSQL on a free loopback port: postgres.sh packages | up | down
# STATE: the folder for all it makes. `up` on the STATE of an earlier `up` starts with the same data and port.
# `packages` names the Debian packages that are missing.
set -euo pipefail
# shellcheck source=tests/servers/common.sh
source "$(dirname "$0")/common.sh"

# Debian keeps each major version's programs apart and most of them off the PATH: take the newest.
bin=$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)
if [ ! -x "$bin/initdb" ] && command -v initdb >/dev/null; then bin=$(dirname "$(readlink -f "$(command -v initdb)")"); fi

# PostgreSQL refuses to run as root. The user's shell, home and environment do not matter, only its id.
as_postgres=()
if [ "$(id -u)" = 0 ]; then as_postgres=(setpriv --reuid=postgres --regid=postgres --init-groups); fi

create() {
  local port password
  port=${PORT:-$(free_port)} password=$(random_name)
  mkdir -p "$STATE"
  echo "$password" >"$STATE/password"
  if [ "$(id -u)" = 0 ]; then chown -R postgres: "$STATE"; fi
  logged "${as_postgres[@]}" "$bin/initdb" -D "$STATE/data" -U assay --pwfile="$STATE/password" --auth=scram-sha-256 \
    --locale=C.UTF-8 --encoding=UTF8 --no-sync
  # Waiting for the disk is most of what a small transaction costs, and nothing here has to survive a power cut.
  # A killed server loses nothing by it: the operating system keeps what was written.
  cat >>"$STATE/data/postgresql.conf" <<C
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = ''
max_connections = 300
fsync = off
full_page_writes = off
C
  echo "ASSAY_TEST_POSTGRES='Host=127.0.0.1;Port=$port;Username=assay;Password=$password'" >"$STATE/environment"
}

up() {
  [ -e "$STATE/environment" ] || create
  local port; port=$(sed -n 's/^port = //p' "$STATE/data/postgresql.conf")
  echo "starting PostgreSQL on 127.0.0.1:$port …"
  until_true 30 answers "$port" || did_not_start PostgreSQL postgres
}

# After a kill it starts only when the last of the old one's sessions has noticed.
answers() {
  launch postgres "${as_postgres[@]}" "$bin/postgres" -D "$STATE/data"
  "$bin/pg_isready" -h 127.0.0.1 -p "$1"
}

down() {
  # QUIT: at once, without waiting for open sessions or writing anything out.
  stop postgres QUIT
  rm -rf "$STATE"
}

case "${1:-}" in
  packages) [ -x "$bin/initdb" ] || echo postgresql ;;
  up) up ;;
  down) down ;;
  *) fail "usage: STATE=folder $0 packages | up | down" ;;
esac
