#!/bin/sh
# A private PostgreSQL server on the loopback address, in the foreground:
#   postgres.sh FOLDER PORT [SETTING=VALUE...]
# FOLDER/password holds the superuser's password, FOLDER/data what the server keeps. TERM is a fast, clean shutdown.
set -eu
. "$(dirname "$0")/engine.sh"
folder=$1 port=$2; shift 2
bin=$(ls -d /usr/lib/postgresql/*/bin 2> /dev/null | sort -V | tail -n 1)
[ -x "$bin/postgres" ] || fail "PostgreSQL is not installed (Debian package postgresql)"
as INT postgres
own "$folder"
[ "$(id -u)" != 0 ] || chown "$user:" "$folder/password"
data=$folder/data
end_orphans "$data"

if [ ! -f "$data/PG_VERSION" ]; then
  rm -rf "$data"
  $run_as "$bin/initdb" -D "$data.new" -U postgres -A scram-sha-256 "--pwfile=$folder/password" -E UTF8 --locale=C.UTF-8 --no-sync > /dev/null
  mv "$data.new" "$data"
fi

# Nobody works in the folder. A number that now belongs to another program would keep the server from starting.
if [ -f "$data/postmaster.pid" ] && kill -0 "$(head -n 1 "$data/postmaster.pid")" 2> /dev/null; then rm -f "$data/postmaster.pid"; fi

settings="-c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=300 -c shared_buffers=128MB -c autovacuum_naptime=10s -c max_wal_size=2GB"
for setting in "$@"; do settings="$settings -c $setting"; done
# shellcheck disable=SC2086
serve $run_as "$bin/postgres" -D "$data" -p "$port" $settings
end_orphans "$data"
exit "$code"
