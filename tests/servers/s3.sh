#!/usr/bin/env bash
# A private S3 server, Ceph's RADOS gateway, on free loopback ports: s3.sh packages | up | topic … | user … | suspend … | down
# STATE: the folder for all it makes. `packages` names the Debian packages that are missing.
# `topic NAME BROKER EXCHANGE` makes a topic that publishes bucket notifications to an exchange and prints its ARN; it needs no STATE but
# ASSAY_TEST_S3, ASSAY_TEST_S3_ACCESS_KEY and ASSAY_TEST_S3_SECRET_KEY. BROKER is amqp://host:port or amqp://host:port/vhost,
# without a user (the gateway then logs in as guest).
# `user NAME SECRET` makes a user whose access key is NAME, and who may do what the policy on standard input says; `suspend NAME` refuses that key from now on. They need the same.
# A gateway needs a cluster: one monitor and one storage daemon, which keeps the objects in memory.
set -euo pipefail
# shellcheck source=tests/servers/common.sh
source "$(dirname "$0")/common.sh"

configuration() {
  cat <<C
[global]
fsid = $1
# v1 by name: who may also try v2 now and then speaks to the monitor before it knows the cluster's id, and is refused.
mon host = [v1:127.0.0.1:$2]
mon initial members = a
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind msgr2 = false
auth cluster required = none
auth service required = none
auth client required = none
run dir = $STATE/run
log to file = false
log to stderr = true
admin socket = $STATE/run/\$name.asok
mon allow pool size one = true
# The gateway makes about ten pools, one after the other, and the monitor would take a second over each.
paxos propose interval = 0.02
paxos min wait = 0.01
# A nearly full disk is the machine's own affair: nothing here is kept on it.
mon data avail crit = 1
mon data avail warn = 2
osd objectstore = memstore
memstore device bytes = ${MEMORY:-8589934592}
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd crush chooseleaf type = 0
# Else the storage daemon puts itself on the map as it starts, now and then before it knows the cluster's id ("wrong fsid"), and dies.
osd class update on start = false
osd crush update on start = false
rgw frontends = beast endpoint=127.0.0.1:$3
rgw dns name = localhost
[mon.a]
host = localhost
mon data = $STATE/mon
mon addr = v1:127.0.0.1:$2
[osd.0]
host = localhost
osd data = $STATE/osd
C
}

conf=${STATE:-}/ceph.conf

in_cluster() {
  timeout 10 ceph -c "$conf" "$@"
}

osd_is_up() {
  in_cluster osd stat | grep -q '1 up'
}

create() {
  local fsid osd_id port mon_port secret
  mkdir -p "$STATE"/{mon,osd,run}
  fsid=$(cat /proc/sys/kernel/random/uuid) osd_id=$(cat /proc/sys/kernel/random/uuid)
  port=${PORT:-$(free_port)} mon_port=$(free_port) secret=$(random_name)
  configuration "$fsid" "$mon_port" "$port" >"$conf"
  logged monmaptool --create --clobber --addv a "[v1:127.0.0.1:$mon_port]" --fsid "$fsid" "$STATE/monmap"
  logged ceph-mon -c "$conf" --mkfs -i a --monmap "$STATE/monmap"
  launch_monitor
  until_true 30 in_cluster -s || did_not_start 'The S3 server' mon
  until_true 30 in_cluster osd create "$osd_id" || did_not_start 'The S3 server' mon
  until_true 30 in_cluster osd crush add osd.0 1 root=default host=localhost || did_not_start 'The S3 server' mon
  logged ceph-osd -c "$conf" -i 0 --mkfs --osd-uuid "$osd_id"
  launch osd ceph-osd -c "$conf" -i 0 -f
  until_true 30 osd_is_up || did_not_start 'The S3 server' mon osd
  logged timeout 60 radosgw-admin -c "$conf" user create --uid=assay --display-name=assay --access-key=assay --secret="$secret" \
    --caps='users=*;user-policy=*'
  cat >"$STATE/environment" <<C
ASSAY_TEST_S3='http://127.0.0.1:$port'
ASSAY_TEST_S3_ACCESS_KEY='assay'
ASSAY_TEST_S3_SECRET_KEY='$secret'
C
}

launch_monitor() {
  launch mon ceph-mon -c "$conf" -i a -f
}

# On the STATE of an earlier `up` the gateway or the monitor starts again; the objects are as lasting as the storage daemon.
up() {
  echo 'starting the S3 server …'
  [ -e "$STATE/environment" ] || create
  # shellcheck source=/dev/null
  source "$STATE/environment"
  launch_monitor
  launch rgw radosgw -c "$conf" -n client.rgw -f
  until_true 30 curl -fs -o /dev/null "$ASSAY_TEST_S3/" || did_not_start 'The S3 server' mon osd rgw
  echo "the S3 server is on ${ASSAY_TEST_S3#http://}"
}

down() {
  # KILL: there is nothing to save, and an orderly end takes seconds.
  for name in rgw osd mon; do stop $name KILL; done
  rm -rf "$STATE"
}

topic() {
  # "none": this release crashes when it waits for the broker's confirm.
  curl -fsS --aws-sigv4 'aws:amz:default:sns' -u "$ASSAY_TEST_S3_ACCESS_KEY:$ASSAY_TEST_S3_SECRET_KEY" "$ASSAY_TEST_S3/" \
    --data-urlencode 'Action=CreateTopic' --data-urlencode "Name=$1" \
    --data-urlencode 'Attributes.entry.1.key=push-endpoint' --data-urlencode "Attributes.entry.1.value=$2" \
    --data-urlencode 'Attributes.entry.2.key=amqp-exchange' --data-urlencode "Attributes.entry.2.value=$3" \
    --data-urlencode 'Attributes.entry.3.key=amqp-ack-level' --data-urlencode 'Attributes.entry.3.value=none' \
    | sed -n 's/.*<TopicArn>\(.*\)<\/TopicArn>.*/\1/p'
}

administer_user() {
  curl -fsS -o /dev/null --aws-sigv4 'aws:amz:us-east-1:s3' -H 'x-amz-content-sha256: UNSIGNED-PAYLOAD' -u "$ASSAY_TEST_S3_ACCESS_KEY:$ASSAY_TEST_S3_SECRET_KEY" \
    -X "$1" "$ASSAY_TEST_S3/admin/user?$2"
}

user() {
  # max-buckets: a user may otherwise make buckets of its own, whatever its policy says.
  administer_user PUT "access-key=$1&display-name=$1&max-buckets=-1&secret-key=$2&uid=$1"
  curl -fsS -o /dev/null --aws-sigv4 'aws:amz:us-east-1:iam' -u "$ASSAY_TEST_S3_ACCESS_KEY:$ASSAY_TEST_S3_SECRET_KEY" "$ASSAY_TEST_S3/" \
    --data-urlencode 'Action=PutUserPolicy' --data-urlencode "UserName=$1" --data-urlencode 'PolicyName=assay' --data-urlencode 'PolicyDocument@-'
}

suspend() {
  administer_user POST "suspended=true&uid=$1"
}

case "${1:-}" in
  packages)
    for program in ceph-mon ceph-osd radosgw; do command -v $program >/dev/null || echo $program; done
    command -v ceph >/dev/null || echo ceph-common
    command -v curl >/dev/null || echo curl
    ;;
  up) up ;;
  topic) topic "$2" "$3" "$4" ;;
  user) user "$2" "$3" ;;
  suspend) suspend "$2" ;;
  down) down ;;
  *) fail "usage: STATE=folder $0 packages | up | topic NAME BROKER EXCHANGE | user NAME SECRET | suspend NAME | down" ;;
esac
