#!/bin/sh
# Runs in the container of try-systemd.sh, as a service, and leaves /report. Its last line says whether all was in order.
exec >/report 2>&1
set -eu
trap '[ "$?" = 0 ] || { set +e; systemctl status --no-pager -l voltlane; journalctl --no-pager -u voltlane | tail -n 40; echo "The service is not in order."; }' EXIT

drop_in=/etc/systemd/system/voltlane.service.d/try.conf
mkdir -p "${drop_in%/*}"

fail() {
    echo "inside: $*"
    exit 1
}
property() { systemctl show --value -p "$1" voltlane; }
is() { [ "$(property "$1")" = "$2" ] || fail "$1 is $(property "$1") instead of $2"; }
answers() { [ "$(echo hi | voltlane connect --linger 1 "127.0.0.1:$1" 2>/dev/null)" = hi ] || fail "no answer on port $1"; }
restart_with() {
    printf '[Service]\n%s\n' "$1" >"$drop_in"
    systemctl daemon-reload
    systemctl restart voltlane
}

# The default configuration, and the backend on the port that it names. It may come later than the server.
systemctl start voltlane
is ActiveState active
is StatusText "Clients are accepted on 0.0.0.0:42000"
answers 42000
pid=$(property MainPID)
grep -E '^Seccomp:.*2$' "/proc/$pid/status" >/dev/null || fail "system calls are not filtered"
grep -E '^CapEff:.*0{16}$' "/proc/$pid/status" >/dev/null || fail "it has capabilities"
echo "started and used, with $(awk '/^Seccomp_filters:/ { print $2 }' "/proc/$pid/status") filters of system calls"

systemctl reload voltlane
is MainPID "$pid"
# "systemctl reload" may return before the server has read the file.
for _ in $(seq 60); do
    if journalctl --no-pager -u voltlane | grep 'Reloaded the configuration' >/dev/null; then break; fi
    sleep 1
done
journalctl --no-pager -u voltlane | grep 'Reloaded the configuration' >/dev/null || fail "nothing was reloaded"
/usr/lib/voltlane/runtime/bin/jcmd "$pid" VM.version | grep JDK >/dev/null || fail "jcmd does not reach it"
echo "reloaded, and reached by jcmd"

# The backend comes later than the start may take: while the server waits for it, it asks for more time.
systemctl stop echo
(sleep 25 && systemctl start echo) &
restart_with 'TimeoutStartSec=12'
answers 42000
is NRestarts 0
echo "started, later than the limit of a start"

restart_with 'Environment=VOLTLANE_LISTENER_TRANSPORT=io_uring
WatchdogSec=4'
answers 42000
if journalctl --no-pager -u voltlane | grep -F '(io_uring)' >/dev/null; then echo "used with io_uring"; else echo "left out, as the kernel has none: io_uring"; fi

kill -STOP "$(property MainPID)"
for _ in $(seq 60); do
    [ "$(property NRestarts)" = 0 ] || break
    sleep 1
done
is NRestarts 1
journalctl --no-pager -u voltlane | grep 'Watchdog timeout' >/dev/null || fail "the watchdog did not end it"
for _ in $(seq 60); do
    [ "$(property ActiveState)" != active ] || break
    sleep 1
done
answers 42000
echo "hung, and started again by the watchdog"

# As docs/INSTALL.md has it.
restart_with 'Environment=VOLTLANE_LISTENER_ADDRESS=0.0.0.0:443
AmbientCapabilities=CAP_NET_BIND_SERVICE
CapabilityBoundingSet=CAP_NET_BIND_SERVICE
PrivateUsers=no'
answers 443
echo "used on port 443"

systemctl stop voltlane
is ActiveState inactive
is ExecMainStatus 0
is Result success
echo "The service is in order."
