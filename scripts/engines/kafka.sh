#!/bin/sh
# A private one-node Kafka broker (KRaft) on the loopback address, from a Kafka distribution, in the foreground:
#   kafka.sh HOME FOLDER PORT CONTROLLER-PORT [SETTING=VALUE...]
# HOME/libs holds the broker; further settings of the broker replace those below. TERM is a clean shutdown.
set -eu
. "$(dirname "$0")/engine.sh"
home=$1 folder=$2 port=$3 controller_port=$4
shift 4
[ -d "$home/libs" ] || fail "KAFKA_HOME=$home has no libs folder"
command -v java > /dev/null || fail "Kafka needs Java (Debian package default-jre-headless)"
as TERM nobody
own "$folder"

cat > "$folder/server.properties" <<TEXT
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$controller_port
listeners=PLAINTEXT://127.0.0.1:$port,CONTROLLER://127.0.0.1:$controller_port
advertised.listeners=PLAINTEXT://127.0.0.1:$port
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs=$folder/data
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.num.partitions=4
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
TEXT
# Of two lines with one name, the later one counts.
for setting in "$@"; do printf "%s\n" "$setting" >> "$folder/server.properties"; done
cat > "$folder/log4j2.properties" <<TEXT
status=error
rootLogger.level=warn
rootLogger.appenderRef.console.ref=console
appender.console.type=Console
appender.console.name=console
appender.console.layout.type=PatternLayout
appender.console.layout.pattern=%p %c{1} %m%n
TEXT
[ "$(id -u)" != 0 ] || chown "$user:" "$folder/server.properties" "$folder/log4j2.properties"

java="$run_as java -Xmx512m -Dlog4j2.configurationFile=$folder/log4j2.properties -cp $home/libs/*"
set -f # the class path's star is Java's
# A cluster's id is 16 random bytes in URL-safe base 64; one that began with a hyphen would be read as an option.
[ -f "$folder/data/meta.properties" ] ||
  $java kafka.tools.StorageTool format -t "$(head -c 16 /dev/urandom | base64 | tr '+/' '__' | tr -d '=')" -c "$folder/server.properties" > /dev/null
serve $java kafka.Kafka "$folder/server.properties"
exit "$code"
