# Sourced by run, test and bench: makes sure that the .NET SDK and the engines are here, and installs Debian packages when it may.

# need_dotnet: ends with a clear message where the SDK is missing.
need_dotnet() {
  local version; version=$(sed -n 's/.*"version": "\([^"]*\)".*/\1/p' "$(dirname "${BASH_SOURCE[0]}")/../global.json")
  command -v dotnet > /dev/null || { echo "The .NET SDK is missing: install version $version or later of the same line (https://dotnet.microsoft.com/download)." >&2; exit 1; }
}

# need_packages PACKAGE=FILE...: installs each Debian package whose file is absent.
need_packages() {
  local missing=() pair
  for pair in "$@"; do
    compgen -G "${pair#*=}" > /dev/null || missing+=("${pair%%=*}")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" != 0 ] || ! command -v apt-get > /dev/null; then
    echo "Missing: ${missing[*]}. Install them (on Debian, as root: apt-get install ${missing[*]}), or name existing servers by connection string." >&2
    return 1
  fi
  echo "Installing ${missing[*]} ..." >&2
  # The packages' own services must not start: the platform runs private instances.
  local policy=/usr/sbin/policy-rc.d made=
  if [ ! -e "$policy" ]; then printf '#!/bin/sh\nexit 101\n' > "$policy"; chmod +x "$policy"; made=1; fi
  mkdir -p /etc/postgresql-common
  [ -e /etc/postgresql-common/createcluster.conf ] || echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.conf
  local status=0 log; log=$(mktemp)
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; } > "$log" 2>&1 || status=$?
  [ -z "$made" ] || rm -f "$policy"
  [ $status = 0 ] || { echo "apt-get failed:" >&2; tail -n 20 "$log" >&2; rm -f "$log"; return 1; }
  rm -f "$log"
}

# What the platform runs on, and what the tests look through.
POSTGRES="postgresql=/usr/lib/postgresql/*/bin/postgres"
RABBITMQ="rabbitmq-server=/usr/lib/rabbitmq/bin/rabbitmq-server"
TOOLS="util-linux=/usr/bin/setpriv"
ENGINES=("$TOOLS" "$POSTGRES" "$RABBITMQ")
BROWSER=("chromium=/usr/bin/chromium")
# Where there is a Kafka distribution, what runs it.
JAVA="default-jre-headless=/usr/bin/java"
