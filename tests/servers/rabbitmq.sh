#!/usr/bin/env bash
# A private RabbitMQ with its management API on free loopback ports: rabbitmq.sh packages | up | down
# STATE: the folder for all it makes. `up` on the STATE of an earlier `up` starts with the same data and ports.
# `packages` names the Debian packages that are missing.
set -euo pipefail
# shellcheck source=tests/servers/common.sh
source "$(dirname "$0")/common.sh"

# Debian's programs on the PATH are wrappers that change the user and log to /var: use what they wrap.
bin=/usr/lib/rabbitmq/bin
if [ ! -x $bin/rabbitmq-server ] && command -v rabbitmq-server >/dev/null; then
  bin=$(dirname "$(readlink -f "$(command -v rabbitmq-server)")")
fi

create() {
  local port admin_port epmd_port distribution_port
  port=${PORT:-$(free_port)} admin_port=$(free_port) epmd_port=$(free_port) distribution_port=$(free_port)
  mkdir -p "$STATE/data"
  # guest, because an S3 server that is given an address without a user logs in as guest.
  cat >"$STATE/rabbitmq.conf" <<C
listeners.tcp.local = 127.0.0.1:$port
management.tcp.ip = 127.0.0.1
management.tcp.port = $admin_port
default_user = guest
default_pass = guest
disk_free_limit.absolute = 50MB
C
  echo '[rabbitmq_management].' >"$STATE/plugins"
  # Its own node name, Erlang cookie (in HOME), name server and distribution port: it neither meets nor disturbs another
  # RabbitMQ of the machine. No configuration file of /etc/rabbitmq is read.
  cat >"$STATE/private" <<C
export HOME=$STATE ERL_EPMD_ADDRESS=127.0.0.1 ERL_EPMD_PORT=$epmd_port
export RABBITMQ_NODENAME=assay-test-$port@localhost RABBITMQ_DIST_PORT=$distribution_port
export RABBITMQ_CONF_ENV_FILE=/dev/null RABBITMQ_CONFIG_FILE=$STATE/rabbitmq.conf RABBITMQ_ADVANCED_CONFIG_FILE=$STATE/none
export RABBITMQ_ENABLED_PLUGINS_FILE=$STATE/plugins RABBITMQ_MNESIA_BASE=$STATE/data RABBITMQ_LOG_BASE=$STATE/log
C
  cat >"$STATE/environment" <<C
ASSAY_TEST_RABBITMQ='amqp://guest:guest@127.0.0.1:$port/'
ASSAY_TEST_RABBITMQ_ADMIN='http://guest:guest@127.0.0.1:$admin_port/'
C
}

up() {
  [ -e "$STATE/environment" ] || create
  # shellcheck source=/dev/null
  source "$STATE/private"
  # shellcheck source=/dev/null
  source "$STATE/environment"
  echo "starting RabbitMQ on 127.0.0.1:${RABBITMQ_NODENAME//[^0-9]/} …"
  # Otherwise the broker would start a name server of its own and leave it behind.
  launch epmd epmd -port "$ERL_EPMD_PORT" -address 127.0.0.1
  # Idle schedulers must not spin: the machine's few cores are for the tests.
  export RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none'
  # As under a supervisor: the start script becomes the broker instead of waiting for it.
  export RUNNING_UNDER_SYSTEMD=true
  launch rabbitmq "$bin/rabbitmq-server"
  # The management API is the last to come up.
  until_true 60 curl -fs -o /dev/null "${ASSAY_TEST_RABBITMQ_ADMIN}api/overview" || did_not_start RabbitMQ rabbitmq
}

down() {
  # KILL: there is nothing to save, and an orderly end takes seconds.
  stop rabbitmq KILL
  stop epmd
  rm -rf "$STATE"
}

case "${1:-}" in
  packages)
    [ -x "$bin/rabbitmq-server" ] || echo rabbitmq-server
    command -v curl >/dev/null || echo curl
    ;;
  up) up ;;
  down) down ;;
  *) fail "usage: STATE=folder $0 packages | up | down" ;;
esac
