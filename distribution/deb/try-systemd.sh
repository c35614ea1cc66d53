#!/usr/bin/env bash
# Boots a Debian with a real systemd in a container and runs the package's service there, in its whole sandbox: start, a client's
# answer, reload, jcmd, io_uring, a hung server that the watchdog ends, a port under 1024, stop. Needs root, debootstrap,
# systemd-nspawn (Debian: systemd-container) and a kernel that lets it make containers, so it is no part of .ci/run: run it after a
# change of the unit. VOLTLANE_BASE=FILE keeps the Debian in a tar file, another one than that of try.sh.
set -euo pipefail
cd "$(dirname "$0")"
deb=$(echo "$PWD"/target/voltlane_*_amd64.deb)
[ -f "$deb" ] || { echo "try-systemd: there is no package: run mvn -Pdist package first." >&2 && exit 1; }
work=$(mktemp -d)
root=$work/root
trap 'rm -rf --one-file-system "$work"' EXIT

mkdir "$root"
if [ -n "${VOLTLANE_BASE:-}" ] && [ -s "$VOLTLANE_BASE" ]; then
    tar --extract --numeric-owner --file "$VOLTLANE_BASE" --directory "$root"
else
    debootstrap --variant=minbase --include=procps,systemd,systemd-sysv,dbus bookworm "$root" >"$work/debootstrap.log" 2>&1 ||
        { tail "$work/debootstrap.log" >&2 && exit 1; }
    if [ -n "${VOLTLANE_BASE:-}" ]; then tar --create --numeric-owner --file "$VOLTLANE_BASE" --directory "$root" .; fi
fi
cp "$deb" "$root/voltlane.deb"
chroot "$root" dpkg -i /voltlane.deb >"$work/dpkg.log" 2>&1 || { cat "$work/dpkg.log" >&2 && exit 1; }
install -m 755 try/inside.sh "$root/usr/local/bin/inside.sh"
units=$root/etc/systemd/system
cat >"$units/echo.service" <<'UNIT'
[Service]
ExecStart=/usr/bin/voltlane echo
DynamicUser=yes
UNIT
cat >"$units/inside.service" <<'UNIT'
[Unit]
Wants=echo.service
After=echo.service
[Service]
Type=oneshot
ExecStart=/usr/local/bin/inside.sh
ExecStopPost=/bin/systemctl --no-block poweroff
UNIT
mkdir -p "$units/multi-user.target.wants"
ln -s ../inside.service "$units/multi-user.target.wants/inside.service"

# Where the machine has no unified hierarchy of control groups, the container can't have one.
if [ "$(stat -f -c %T /sys/fs/cgroup)" != cgroup2fs ]; then export SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=0; fi
timeout 300 systemd-nspawn --quiet --register=no --keep-unit --private-network --machine="voltlane-try-$$" --directory="$root" --boot \
    </dev/null >"$work/boot.log" 2>&1 || true
cat "$root/report" 2>/dev/null || { tail -n 30 "$work/boot.log" >&2 && exit 1; }
[ "$(tail -n 1 "$root/report")" = "The service is in order." ]
