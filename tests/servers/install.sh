#!/usr/bin/env bash
# Installs the named Debian packages without starting any service that they bring: install.sh PACKAGE...
set -euo pipefail

policy=/usr/sbin/policy-rc.d
set_aside=$policy.before-assay

forbid_services() {
  if [ -e "$policy" ]; then mv "$policy" "$set_aside"; fi
  trap allow_services EXIT
  # 101: "action forbidden by policy", for init scripts and systemd units alike.
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
}

allow_services() {
  rm -f "$policy"
  if [ -e "$set_aside" ]; then mv "$set_aside" "$policy"; fi
}

quietly() {
  local log; log=$(mktemp)
  if ! DEBIAN_FRONTEND=noninteractive "$@" >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    return 1
  fi
  rm -f "$log"
}

forbid_services
# Another apt may be at work on a machine that has only just booted: wait for its lock.
quietly apt-get -o DPkg::Lock::Timeout=600 update -q
quietly apt-get -o DPkg::Lock::Timeout=600 install -y -q --no-install-recommends "$@"
