#!/usr/bin/env bash
# A tenant's life through the containers. Needs a Docker engine with compose v2: the one at DOCKER_HOST (or the default
# socket), else, on a Debian machine where this runs as root, one that tools/docker-engine.sh makes from Debian's packages.
# Says SKIPPED and why where no engine can be had.
set -euo pipefail
cd "$(dirname "$0")/.."
engine='' project=caravel-e2e-$$
export COMPOSE_PROGRESS=plain COMPOSE_ANSI=never
compose() { docker compose -p "$project" -f docker-compose.yml -f compose.sandbox.yml "$@"; }
skip() {
  echo "SKIPPED: the container test, because $1"
  exit 0
}

cleanup() {
  compose down -v --timeout 5 > /dev/null 2>&1 || true
  if [ -n "$engine" ]; then bash tools/docker-engine.sh stop > /dev/null 2>&1 || true; fi
}

if ! docker compose version > /dev/null 2>&1 || ! docker info > /dev/null 2>&1; then
  [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null || skip 'there is no Docker engine, and only root on Debian can make one'
  log=$(mktemp)
  echo "no Docker engine here: making one from Debian's packages (a few minutes the first time)"
  apt-get update -qq > "$log" 2>&1 || skip "Debian's packages can't be reached"
  for part in fetch start images; do
    bash tools/docker-engine.sh "$part" >> "$log" 2>&1 || { tail -5 "$log"; skip "no Docker engine could be made here ($part)"; }
  done
  engine=made
  eval "$(bash tools/docker-engine.sh env)"
fi
trap cleanup EXIT

for name in POSTGRES GATEWAY_DB BILLING_DB PROVISIONER_DB ROBOT_DB; do
  export "${name}_PASSWORD=$(head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n')"
done
export SERVER_PUBLISH=127.0.0.1:0
if [ -n "$engine" ]; then bash tools/docker-engine.sh project . ; fi

echo 'building the images'
compose build > /tmp/"$project".log 2>&1 || { tail -40 /tmp/"$project".log; exit 1; }
echo 'starting the containers'
compose up -d --wait --wait-timeout 180 postgres redis stand-ins api-gateway billing-service relay-provisioner robot-dm \
  > /tmp/"$project".log 2>&1 || { tail -20 /tmp/"$project".log; compose logs --tail 30; exit 1; }
compose ps --format '  {{.Service}}  {{.Status}}'
compose run --rm --no-deps life 2> /tmp/"$project".log || { compose logs --tail 40; exit 1; }
rm -f /tmp/"$project".log
echo 'the life passed through the containers'
