#!/usr/bin/env bash
# Installs, uses, upgrades, removes and purges the package in a chroot of Debian, and checks it from outside: lintian, the unit and
# its sandbox. Needs root. VOLTLANE_BASE=FILE takes the chroot from that tar file; if there is no such file yet, debootstrap makes
# it, and "try.sh base" makes nothing else. Without VOLTLANE_BASE, debootstrap runs each time. No systemd runs in a chroot:
# try/systemctl stands for it there.
# Everything is in a temporary folder. What is not installed here (lintian, systemd-analyze) is left out with a word.
set -euo pipefail
cd "$(dirname "$0")"
deb=$(echo target/voltlane_*_amd64.deb)
work=$(mktemp -d)
root=$work/root
echo=
clean_up() {
    status=$?
    trap - EXIT
    if [ "$status" != 0 ]; then
        for file in "$work"/{last,echo,connect,left,debootstrap}.log "$root"/run/try/*; do [ ! -f "$file" ] || tail -n 30 "$file" | sed "s,^,$(basename "$file"): ," >&2; done
    fi
    [ -z "$echo" ] || kill "$echo" 2>/dev/null || true
    [ ! -s "$root/run/try/pid" ] || kill "$(cat "$root/run/try/pid")" 2>/dev/null || true
    for place in tmp proc; do
        for _ in $(seq 50); do
            ! mountpoint -q "$root/$place" || umount "$root/$place" 2>/dev/null || { sleep 0.1 && continue; }
            break
        done
        if mountpoint -q "$root/$place"; then umount --lazy "$root/$place"; fi
    done
    rm -rf --one-file-system "$work"
    exit "$status"
}
trap clean_up EXIT
trap 'exit 1' INT TERM

fail() {
    echo "try: $*" >&2
    exit 1
}

step() { echo "$((SECONDS)) s: $*"; }
left_out() { echo "left out, as $1 is not installed: $2"; }
has() { command -v "$1" >/dev/null; }
# Runs a command in the chroot, with the variables of a login of root, and no input.
in_root() { chroot "$root" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@" </dev/null; }
# The same, quietly unless it fails.
quietly() { in_root "$@" >"$work/last.log" 2>&1 || fail "failed: $*"; }
# Checks that "$1" is "$2".
is() { [ "$1" = "$2" ] || fail "'$1' instead of '$2'${3:+: $3}"; }
# Waits until a line of the service's messages, from line $1 on, has a match of $2.
hears() {
    for _ in $(seq 600); do
        if tail -n "+$1" "$root/run/try/messages" 2>/dev/null | grep -E -- "$2" >/dev/null; then return; fi
        sleep 0.1
    done
    fail "the service does not say '$2'."
}
heard() { wc -l <"$root/run/try/messages"; }
# What there is in the chroot, but for records of dpkg and of users, logs and caches.
list() {
    (cd "$root" && find . \( -path ./proc -o -path ./run/try -o -path ./var/lib/dpkg -o -path ./var/log -o -path ./var/cache \
        -o -path ./var/backups -o -path ./run/adduser -o -path ./tmp \) -prune -o -print | grep -vE '^\./etc/(passwd|group|shadow|gshadow|subuid|subgid)-?$|^\./etc/\.pwd\.lock$' | sort)
}

make_base() {
    mkdir "$root"
    if [ -n "${VOLTLANE_BASE:-}" ] && [ -s "$VOLTLANE_BASE" ]; then
        tar --extract --numeric-owner --file "$VOLTLANE_BASE" --directory "$root"
    else
        has debootstrap || fail "debootstrap is needed: apt-get install debootstrap, or set VOLTLANE_BASE."
        debootstrap --variant=minbase --include=procps,adduser bookworm "$root" >"$work/debootstrap.log" 2>&1 || fail "debootstrap failed."
        if [ -n "${VOLTLANE_BASE:-}" ]; then tar --create --numeric-owner --file "$VOLTLANE_BASE" --directory "$root" .; fi
    fi
}

prepare_root() {
    mount -t proc proc "$root/proc"
    # As some administrators have it. The service must not need programs or libraries there.
    mount --bind "$root/tmp" "$root/tmp"
    mount -o remount,bind,noexec "$root/tmp"
    # What maintainer scripts take for a running systemd.
    mkdir -p "$root/run/systemd/system"
    [ ! -e "$root/usr/bin/systemctl" ] || fail "there is a systemd in the chroot."
    install -m 755 try/systemctl "$root/usr/bin/systemctl"
}

check_deb() {
    is "$(dpkg-deb -f "$deb" Package Architecture | tr '\n' ' ')" "Package: voltlane Architecture: amd64 "
    echo "$(basename "$deb"): $(($(stat -c %s "$deb") / 1000)) kB"
    if has lintian; then
        lintian --allow-root --fail-on error,warning "$deb" || fail "lintian has something to say."
    else
        left_out lintian "its checks of the package"
    fi
}

check_unit() {
    if ! has systemd-analyze; then
        left_out systemd-analyze "the check of the unit"
        return
    fi
    mkdir "$work/unit"
    # The program is where it is in the chroot.
    sed "s,=/usr/bin/,=$root/usr/bin/," "$root/usr/lib/systemd/system/voltlane.service" >"$work/unit/voltlane.service"
    said=$(systemd-analyze verify --man=no "$work/unit/voltlane.service" 2>&1) || fail "systemd-analyze verify: $said"
    is "$said" "" "systemd-analyze verify"
    systemd-analyze security --offline=true --threshold=20 "$work/unit/voltlane.service" >"$work/security.log" || fail "the unit is too open."
    grep -o 'Overall exposure level.*: [0-9.]*' "$work/security.log"
}

# The service's user may check the configuration, before there is a key and later.
check_configuration() {
    quietly setpriv --reuid=voltlane --regid=voltlane --clear-groups voltlane serve --check -c /etc/voltlane/connserver.toml
}

install_it() {
    list >"$work/before"
    cp "$deb" "$root/tmp/voltlane.deb"
    quietly dpkg -i /tmp/voltlane.deb
    is "$(in_root getent passwd voltlane | cut -d: -f 6,7)" /var/lib/voltlane:/usr/sbin/nologin
    is "$(in_root stat -c '%U:%G %a' /var/lib/voltlane)" "voltlane:voltlane 700"
    is "$(in_root stat -c '%U:%G %a' /etc/voltlane/connserver.toml)" "root:root 644"
    is "$(in_root systemctl is-enabled voltlane.service || true)" disabled
    is "$(in_root systemctl is-active voltlane.service || true)" inactive
    # dpkg knows all files, and they are as packed.
    is "$(in_root dpkg --verify voltlane)" ""
    quietly voltlane --version
    check_configuration
    in_root voltlane serve --print-config -c /etc/voltlane/connserver.toml >"$work/config.log"
    changed=$(grep -E '# /etc/voltlane' "$work/config.log" | sed 's/ *#.*//')
    for line in 'address = "0.0.0.0:42000"' 'key_file = "/var/lib/voltlane/connserver.key"' 'token_file = "/var/lib/voltlane/admin.token"' \
        'address = "127.0.0.1:42002"'; do
        grep -qxF "$line" <<<"$changed" || fail "$line is not in effect."
    done
    # dpkg has given the folders a time of their own; the cache for fast starts must be used all the same.
    quietly env VOLTLANE_JAVA_OPTS="-Xlog:class+load:file=/tmp/classes" voltlane serve --check -c /etc/voltlane/connserver.toml
    cached=$(grep -c 'source: shared objects file' "$root/tmp/classes" || true)
    [ "$cached" -gt 1500 ] || fail "only $cached classes come from the cache: it is not used."
    step "installed; $cached classes come from the cache"
}

# A backend for the server, of the same program.
start_backend() {
    chroot "$root" setpriv --reuid=65534 --regid=65534 --clear-groups env -i PATH=/usr/bin:/bin LANG=C.UTF-8 voltlane echo --listen 127.0.0.1:0 >"$work/echo.log" 2>&1 &
    echo=$!
    for _ in $(seq 600); do
        if grep -qoE '127\.0\.0\.1:[0-9]+' "$work/echo.log"; then break; fi
        sleep 0.1
    done
    backend=$(grep -oE '127\.0\.0\.1:[0-9]+' "$work/echo.log" | head -n 1)
    [ -n "$backend" ] || fail "no backend."
}

# What an administrator does first: free ports here, as others may use the usual ones; the backend by a variable.
configure() {
    admin=$(perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1")->sockport')
    sed -i 's/^address = "0\.0\.0\.0:42000"$/address = "127.0.0.1:0"/; s/^address = "127\.0\.0\.1:42002"$/address = "127.0.0.1:'"$admin"'"/; s/^stale_timeout_secs = .*/stale_timeout_secs = 77/' \
        "$root/etc/voltlane/connserver.toml"
    echo "VOLTLANE_MASTER_ADDRESS=\"$backend\"" >>"$root/etc/default/voltlane"
    mkdir -p "$root/etc/systemd/system/voltlane.service.d"
    printf '[Service]\nWatchdogSec=2\n' >"$root/etc/systemd/system/voltlane.service.d/try.conf"
    cp "$root/etc/voltlane/connserver.toml" "$root/etc/default/voltlane" "$work/"
}

configuration_is_kept() {
    cmp "$work/connserver.toml" "$root/etc/voltlane/connserver.toml" && cmp "$work/voltlane" "$root/etc/default/voltlane" || fail "the configuration has changed."
}

# The service runs: a client gets an answer, and the process has the user and the rights of the unit.
serves() {
    port=$(grep -oE '^READY=1 STATUS=.* 127\.0\.0\.1:[0-9]+' "$root/run/try/messages" | grep -oE '[0-9]+$' | head -n 1)
    is "$(echo hi | chroot "$root" voltlane connect --linger 1 "127.0.0.1:$port" 2>>"$work/connect.log")" hi "an answer to a client"
    pid=$(cat "$root/run/try/pid")
    is "$(cat "/proc/$pid/comm")" java
    is "$(stat -c %u "/proc/$pid")" "$(in_root id -u voltlane)"
    is "$(awk '/^(CapEff|NoNewPrivs):/ { print $2 }' "/proc/$pid/status" | tr '\n' ' ')" "0000000000000000 1 "
    most=$(ulimit -H -n)
    is "$(awk '/Max open files/ { print $4 }' "/proc/$pid/limits")" "$([ "$most" = unlimited ] || [ "$most" -ge 1048576 ] && echo 1048576 || echo "$most")"
    is "$(in_root stat -c '%U %a' /var/lib/voltlane/connserver.key /var/lib/voltlane/admin.token | sort -u)" "voltlane 600"
}

use_it() {
    quietly systemctl enable voltlane.service
    quietly systemctl start voltlane.service
    hears 1 '^EXTEND_TIMEOUT_USEC=[0-9]+ STATUS=Waiting for the backend'
    hears 1 '^READY=1 STATUS=Clients are accepted on'
    serves
    hears 1 '^WATCHDOG=1$'
    since=$(($(heard) + 1))
    quietly systemctl reload voltlane.service
    hears "$since" '^RELOADING=1 MONOTONIC_USEC=[0-9]+$'
    hears "$since" '^READY=1 STATUS='
    since=$(($(heard) + 1))
    hears "$since" '^WATCHDOG=1$'
    grep -q 'Reloaded the configuration' "$root/run/try/log" || fail "nothing was reloaded."
    serves
    # root finds the admin server and the token by the configuration.
    in_root voltlane ctl -c /etc/voltlane/connserver.toml status | grep -E '^State +listening, ready' >/dev/null || fail "ctl does not find the server."
    quietly voltlane ctl -c /etc/voltlane/connserver.toml log-level Debug
    check_configuration
    key=$(in_root cat /var/lib/voltlane/connserver.key | sha256sum)
    step "started, used, reloaded, and its watchdog fed"
}

# Makes $work/next.deb: version $1, with what the function $2 does to its files.
next_version() {
    rm -rf "$work/next"
    dpkg-deb -R "$deb" "$work/next"
    sed -i "s/^Version: .*/Version: $1/" "$work/next/DEBIAN/control"
    "$2"
    dpkg-deb -Znone --root-owner-group -b "$work/next" "$root/tmp/next.deb" >/dev/null
}

as_it_is() { :; }
with_other_defaults() { echo '# A line of a newer version.' >>"$work/next/etc/voltlane/connserver.toml"; }

# After an upgrade the service runs again, with the same configuration and the same key.
runs_again() {
    hears 1 '^READY=1'
    [ "$pid" != "$(cat "$root/run/try/pid")" ] || fail "the process is that of before."
    is "$(cat "$work/ended")" 0 "how the service before the upgrade ended"
    serves
    configuration_is_kept
    is "$(in_root cat /var/lib/voltlane/connserver.key | sha256sum)" "$key" "the key"
}

upgrade() {
    grep -vE '^(is-|daemon)' "$root/run/try/calls" >"$work/calls" || true
    # try/systemctl forgets how a service ended when it starts it again.
    (while [ ! -s "$root/run/try/status" ]; do sleep 0.02; done && cp "$root/run/try/status" "$work/ended") &
    watcher=$!
    quietly dpkg -i "$@" /tmp/next.deb
    wait "$watcher"
    runs_again
}

upgrade_it() {
    # Nothing is asked, since the configuration in the package has not changed.
    next_version 0.1.1-1 as_it_is
    upgrade
    # The administrator's is kept, and the new one laid beside it.
    next_version 0.1.2-1 with_other_defaults
    upgrade --force-confdef --force-confold
    grep -q 'of a newer version' "$root/etc/voltlane/connserver.toml.dpkg-dist" || fail "the new configuration is not there."
    # Who has stopped the service does not find it started.
    quietly systemctl stop voltlane.service
    quietly dpkg -i /tmp/next.deb
    is "$(in_root systemctl is-active voltlane.service || true)" inactive
    quietly systemctl start voltlane.service
    step "upgraded, with its configuration kept"
}

remove_it() {
    quietly dpkg -r voltlane
    is "$(in_root systemctl is-active voltlane.service || true)" inactive
    is "$(cat "$root/run/try/status")" 0 "how the service ended"
    configuration_is_kept
    is "$(in_root cat /var/lib/voltlane/connserver.key | sha256sum)" "$key" "the key"
    [ ! -e "$root/usr/lib/voltlane" ] || fail "the program is still there."
    # Back again: it is enabled as before, with the old configuration.
    quietly dpkg -i --force-confdef --force-confold /tmp/next.deb
    is "$(in_root systemctl is-enabled voltlane.service)" enabled
    configuration_is_kept
    quietly systemctl start voltlane.service
    hears 1 '^READY=1'
    serves
    step "removed, and installed again"
}

purge_it() {
    rm -r "$root/etc/systemd/system/voltlane.service.d"
    quietly dpkg -P voltlane
    is "$(cat "$root/run/try/status")" 0 "how the service ended"
    list >"$work/after"
    diff "$work/before" "$work/after" >"$work/left.log" || fail "not all is as before."
    is "$(in_root dpkg-query -W -f '${Status}' voltlane 2>/dev/null || true)" ""
    step "purged: no file is left"
}

[ "$(id -u)" = 0 ] || fail "it makes a chroot, so it has to be run by root."
if [ "${1:-}" = base ]; then
    make_base
    exit
fi
[ -f "$deb" ] || fail "there is no package: run mvn -Pdist package first."
check_deb
step "making a Debian"
make_base
prepare_root
install_it
check_unit
start_backend
configure
use_it
upgrade_it
remove_it
purge_it
echo "The package is in order."
