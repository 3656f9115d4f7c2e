# Sourced by the scripts of the engines: what they have in common. POSIX sh.
umask 077

fail() { echo "$(basename "$0" .sh): $*" >&2; exit 70; }

# The command that runs something as the engine's user where we are root, and ends it with a signal (SIGNAL, or the third argument) when this shell dies.
as() {
  signal=$1 user=$2 death=${3:-$1}
  if [ "$(id -u)" = 0 ]; then
    id "$user" > /dev/null 2>&1 || fail "there is no user $user, as whom the engine runs"
    run_as="setpriv --reuid=$user --regid=$(id -g "$user") --init-groups --pdeathsig=$death"
  else
    run_as="setpriv --pdeathsig=$death"
  fi
}

# Gives a folder, made where it is missing, to the engine's user.
own() {
  mkdir -p "$1"
  [ "$(id -u)" != 0 ] || chown "$user:" "$1"
  $run_as test -w "$1" ||
    fail "the user $user, as whom the engine runs, cannot reach $1: choose a data folder (--data DIR) that other users can reach"
}

# Ends what a killed server left behind: whatever still works in its data folder.
end_orphans() {
  folder_of_orphans=$1 signal_of_orphans=INT
  for round in $(seq 60); do
    orphans=$(find /proc -maxdepth 2 -name cwd -lname "$folder_of_orphans" 2> /dev/null | cut -d/ -f3)
    [ -n "$orphans" ] || return 0
    [ "$round" -lt 40 ] || signal_of_orphans=KILL
    # shellcheck disable=SC2086
    kill -"$signal_of_orphans" $orphans 2> /dev/null || true
    sleep 0.1
  done
  fail "what a killed server left behind does not end: $orphans"
}

# Runs a server until it ends, and ends with its code. TERM, which its supervisor sends, becomes SIGNAL.
serve() {
  "$@" < /dev/null &
  server=$!
  trap 'kill -"$signal" "$server" 2> /dev/null || true' TERM INT HUP
  while :; do
    code=0; wait "$server" || code=$?
    kill -0 "$server" 2> /dev/null || break
  done
}
