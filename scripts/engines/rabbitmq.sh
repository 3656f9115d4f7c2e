#!/bin/sh
# A private RabbitMQ broker with an epmd of its own on the loopback address, in the foreground:
#   rabbitmq.sh FOLDER PORT EPMD-PORT DISTRIBUTION-PORT
# FOLDER/password holds the password of the user guest. TERM is a clean shutdown.
set -eu
. "$(dirname "$0")/engine.sh"
folder=$1 port=$2 epmd_port=$3 distribution_port=$4
installed=$(ls -d /usr/lib/rabbitmq/lib/rabbitmq_server-*/plugins 2> /dev/null | sort -V | tail -n 1)
[ -n "$installed" ] || fail "RabbitMQ is not installed (Debian package rabbitmq-server)"
# While it boots a broker loses TERM, and would live on without this script.
as TERM rabbitmq KILL
own "$folder"

# An installation brings some 60 plugins. As long as their folders are on the code path, each of the broker's 700 modules is looked
# for in all of them, a third of the time that it needs to start: so only the broker and what it needs (OTP's app(4)) is linked.
link_applications() {
  rm -rf "$folder/applications"; mkdir "$folder/applications"
  open=rabbit
  while [ -n "$open" ]; do
    name=${open%% *}; open=${open#"$name"}; open=${open# }
    application=$(ls -d "$installed/$name"-[0-9]* 2> /dev/null | head -n 1)
    if [ -z "$application" ] || [ -e "$folder/applications/${application##*/}" ]; then continue; fi
    ln -s "$application" "$folder/applications/"
    open="$open $(tr -d "\n\t '" < "$application/ebin/$name.app" | sed -n 's/.*{applications,\[\([^]]*\)\].*/\1/p' | tr , ' ')"
    open=${open# }
  done
  echo "$installed" > "$folder/applications/.of"
}
[ "$(cat "$folder/applications/.of" 2> /dev/null)" = "$installed" ] || link_applications

cat > "$folder/rabbitmq.conf" <<TEXT
listeners.tcp.1 = 127.0.0.1:$port
default_user = guest
default_pass = $(cat "$folder/password")
loopback_users.guest = true
log.console = true
log.console.level = warning
log.file = false
log.connection.level = error
vm_memory_high_watermark.absolute = 1GB
disk_free_limit.absolute = 50MB
queue_master_locator = client-local
TEXT
echo '[].' > "$folder/enabled_plugins"
if [ "$(id -u)" = 0 ]; then chown -R "$user:" "$folder/applications" "$folder/rabbitmq.conf" "$folder/enabled_plugins" "$folder/password"; fi

$run_as env -i PATH="$PATH" epmd -address 127.0.0.1 -port "$epmd_port" < /dev/null &
epmd=$!
# The node's name is part of the data's path, so it does not change with the port; the private epmd keeps it apart from other brokers.
# RUNNING_UNDER_SYSTEMD: the start script becomes the broker instead of waiting for it. No busy waiting: an idle broker costs nothing.
cd "$folder"
serve $run_as env -i PATH="$PATH" HOME="$folder" LANG=C.UTF-8 \
  RABBITMQ_NODENAME=conductor@localhost RUNNING_UNDER_SYSTEMD=true \
  RABBITMQ_MNESIA_BASE="$folder/mnesia" RABBITMQ_LOG_BASE="$folder/log" \
  RABBITMQ_CONFIG_FILE="$folder/rabbitmq.conf" RABBITMQ_ENABLED_PLUGINS_FILE="$folder/enabled_plugins" RABBITMQ_PLUGINS_DIR="$folder/applications" \
  RABBITMQ_DIST_PORT="$distribution_port" RABBITMQ_CTL_ERL_ARGS= ERL_EPMD_PORT="$epmd_port" ERL_EPMD_ADDRESS=127.0.0.1 \
  RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-start_epmd false +sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}" \
  /usr/lib/rabbitmq/bin/rabbitmq-server
kill "$epmd" 2> /dev/null || true
exit "$code"
