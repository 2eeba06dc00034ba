#!/usr/bin/env bash
# Stops all servers under a folder and removes it: down.sh FOLDER [PID]
# With PID, once that process has ended: for a caller that may be killed before it can do so itself.
set -euo pipefail
here=$(dirname "$0")
if [ -n "${2:-}" ]; then tail --pid="$2" -f /dev/null; fi
for name in rabbitmq postgres s3; do
  if [ -d "$1/$name" ]; then STATE=$1/$name "$here/$name.sh" down & fi
done
wait
rm -rf "$1"
