#!/usr/bin/env bash
# Checks the image, and runs it as a container's runtime would: with the entry point, environment, user and folder that its
# configuration names, as process 1 of namespaces of its own, where nothing but /tmp and /data can be written. Needs jq, and for
# the runs root; all mounts are in a namespace that ends with this script. Makes nothing outside a temporary folder.
set -euo pipefail
cd "$(dirname "$0")"
command -v jq >/dev/null || { echo "try: jq is needed (Debian: apt install jq)" >&2; exit 1; }
if [ "$(id -u)" = 0 ] && [ "${1:-}" != --unshared ]; then
    exec unshare --mount --net --propagation private -- "$PWD/try.sh" --unshared
fi
# By their paths: the variable PATH will be that of the image.
setpriv=$(command -v setpriv)
unshare=$(command -v unshare)
nsenter=$(command -v nsenter)
work=$(mktemp -d)
started=()
clean_up() {
    for pid in "${started[@]}"; do kill -KILL "$pid" 2>/dev/null && wait "$pid" 2>/dev/null || true; done
    # Children first, as they may be mounted on their parents. One that is still in use goes with the namespace.
    while read -r place; do umount --lazy "$place" || true; done < <(awk -v work="$work/" 'index($2, work) == 1 { print $2 }' /proc/mounts | tac)
    ! awk -v work="$work/" 'index($2, work) == 1 { found = 1 } END { exit !found }' /proc/mounts || return 0
    rm -rf "$work"
}
trap clean_up EXIT

fail() {
    echo "try: $*" >&2
    for log in "$work"/*.log; do [ ! -f "$log" ] || sed "s,^,$(basename "$log"): ," "$log" >&2; done
    exit 1
}

archive=$(echo target/voltlane-*-oci.tar)
[ -f "$archive" ] || fail "there is no image: run mvn -Pdist package on Debian or Ubuntu first."
layout=$work/layout
root=$work/root

# The file of a blob by its digest.
blob() { echo "$layout/blobs/${1/://}"; }

# Follows every reference from the index on: the size and the hash of what is there.
check_layout() {
    (cd target && sha256sum --check --quiet "$(basename "$archive").sha256") || fail "the checksum of the archive is wrong."
    mkdir "$layout"
    tar --extract --file "$archive" --directory "$layout"
    [ "$(jq -r .imageLayoutVersion "$layout/oci-layout")" = 1.0.0 ] || fail "it is no layout of OCI."
    checked=0
    check_descriptors "$layout/index.json" '.manifests[]'
    manifest=$(blob "$(jq -r '.manifests[0].digest' "$layout/index.json")")
    check_descriptors "$manifest" '.config, .layers[]'
    [ "$(find "$layout/blobs" -type f | wc -l)" = "$checked" ] || fail "there are blobs to which nothing refers."
    config=$(blob "$(jq -r .config.digest "$manifest")")
    mapfile -t layers < <(jq -r '.layers[].digest' "$manifest")
    mapfile -t diff_ids < <(jq -r '.rootfs.diff_ids[]' "$config")
    # What docker load reads says the same.
    [ "$(jq -r '.[0].Config' "$layout/manifest.json")" = "blobs/$(jq -r '.config.digest | sub(":"; "/")' "$manifest")" ] &&
        [ "$(jq -c '[.[0].Layers[]]' "$layout/manifest.json")" = "$(jq -c '["blobs/" + (.layers[].digest | sub(":"; "/"))]' "$manifest")" ] ||
        fail "manifest.json names other files than index.json."
    echo "$(basename "$archive"): $(du -B 1000 --apparent-size "$archive" | cut -f 1) kB, ${#layers[@]} layers"
}

check_descriptors() {
    while read -r digest size; do
        file=$(blob "$digest")
        [ "$(stat -c %s "$file")" = "$size" ] || fail "$digest has another size."
        [ "sha256:$(sha256sum <"$file" | cut -d ' ' -f 1)" = "$digest" ] || fail "$digest has another hash."
        checked=$((checked + 1))
    done < <(jq -r "$2 | [.digest, .size] | @tsv" "$1")
}

unpack() {
    mkdir "$root"
    for i in "${!layers[@]}"; do
        [ "sha256:$(gzip -dc "$(blob "${layers[i]}")" | sha256sum | cut -d ' ' -f 1)" = "${diff_ids[i]}" ] || fail "layer $i is not what the configuration names."
        if [ "$(id -u)" = 0 ]; then
            tar --extract --gzip --numeric-owner --same-owner --same-permissions --file "$(blob "${layers[i]}")" --directory "$root"
        else
            tar --extract --gzip --file "$(blob "${layers[i]}")" --directory "$root"
        fi
    done
    [ ! -e "$root/bin/sh" ] && [ -z "$(find "$root" -perm /6000)" ] || fail "it has a shell, or a program that changes its user."
    for folder in "$root"/usr/share/doc/*; do
        [ -s "$folder/copyright" ] && [ -s "$folder/SOURCE" ] || fail "$folder does not tell licence and source."
    done
    [ -s "$root/opt/voltlane/licences/README" ] && [ -s "$root/opt/voltlane/runtime/legal/java.base/LICENSE" ] || fail "licences are missing."
    echo "  $(du -s -B 1000000 --apparent-size "$root" | cut -f 1) MB unpacked"
}

# A read-only root with what a runtime mounts: /tmp as docker's --tmpfs does it, noexec; /data; names of hosts; a secret.
mount_all() {
    ip link set lo up
    mkdir -p "$root/run/secrets"
    touch "$root/etc/hosts" "$root/etc/resolv.conf"
    printf '127.0.0.1 localhost\n127.0.0.1 backend\n' >"$work/hosts"
    mkdir "$work/secrets"
    printf '%064d\n' 7 >"$work/secrets/connserver.key"
    chown 0:65532 "$work/secrets/connserver.key"
    chmod 440 "$work/secrets/connserver.key"
    mount --bind "$root" "$root"
    mount --bind "$work/hosts" "$root/etc/hosts"
    mount --rbind /dev "$root/dev"
    mount --rbind /sys "$root/sys"
    mount -t tmpfs -o mode=1777,noexec,nosuid,size=64m tmpfs "$root/tmp"
    mount -t tmpfs -o "mode=700,uid=$uid,gid=$gid,size=64m" tmpfs "$root/data"
    mount -t tmpfs -o size=64k tmpfs "$root/run/secrets"
    cp -a "$work/secrets/connserver.key" "$root/run/secrets/"
    mount -o remount,bind,ro "$root"
    if touch "$root/here" 2>/dev/null; then fail "the root can be written."; fi
}

# Reads what the configuration says of a container.
read_config() {
    mapfile -t environment < <(jq -r '.config.Env[]' "$config")
    mapfile -t entrypoint < <(jq -r '.config.Entrypoint[]' "$config")
    mapfile -t command < <(jq -r '.config.Cmd[]' "$config")
    mapfile -t health < <(jq -r '.config.Healthcheck.Test[1:][]' "$config")
    user=$(jq -r .config.User "$config")
    uid=${user%:*}
    gid=${user#*:}
    folder=$(jq -r .config.WorkingDir "$config")
    signal=$(jq -r .config.StopSignal "$config")
    version=$(jq -r '.config.Labels["org.opencontainers.image.version"]' "$config")
    [ "$uid" != 0 ] || fail "it runs as root."
}

# Becomes a container: docker run -e A=B … IMAGE ARGUMENTS.
container() {
    variables=()
    while [[ ${1:-} =~ ^[A-Z_]+= ]]; do
        variables+=("$1")
        shift
    done
    [ $# -gt 0 ] || set -- "${command[@]}"
    exec env -i "${environment[@]}" "${variables[@]}" "$setpriv" --no-new-privs "$unshare" --pid --fork --kill-child --mount-proc=/proc \
        --root="$root" --wd="$folder" --setuid "$uid" --setgid "$gid" "${entrypoint[@]}" "$@"
}

# Starts one in the background; its output is $1.log. Sets pid to its process 1, and outer to the process to wait for.
start() {
    name=$1
    shift
    (container "$@") >"$work/$name.log" 2>&1 &
    outer=$!
    for _ in $(seq 200); do
        pid=$(cat "/proc/$outer/task/$outer/children" 2>/dev/null || true)
        pid=${pid%% *}
        [ -z "$pid" ] || break
        sleep 0.05
    done
    [ -n "$pid" ] || fail "$name did not start."
    started+=("$outer" "$pid")
}

# Runs a command in the container of process $1: docker exec.
inside() {
    env -i "${environment[@]}" "$nsenter" --target "$1" --pid --mount --root --wd="$root$folder" --setuid "$uid" --setgid "$gid" -- "${@:2}"
}

# Waits until $1.log has a match of $2.
await() {
    for _ in $(seq 600); do
        if grep -qE -- "$2" "$work/$1.log" 2>/dev/null; then return; fi
        sleep 0.1
    done
    fail "'$2' did not come."
}

# The stop signal ends process $1 with status 0, for which $2 waits.
stop() {
    kill -s "${signal#SIG}" "$1"
    status=0
    wait "$2" || status=$?
    [ "$status" = 0 ] || fail "status $status after $signal."
}

# Expects that a command ends with status $1; its output is in out.log.
expect() {
    status=0
    "${@:2}" >"$work/out.log" 2>&1 </dev/null || status=$?
    [ "$status" = "$1" ] || fail "${*:2}: status $status (expected: $1)."
}

# The status line of the admin server's answer, as a kubelet asks: by the address of the pod.
probe() {
    exec 5<>/dev/tcp/127.0.0.1/42002
    printf 'GET %s HTTP/1.1\r\nHost: 10.1.2.3:42002\r\nUser-Agent: kube-probe/1.32\r\nConnection: close\r\n\r\n' "$1" >&5
    timeout 20 head -n 1 <&5 | tr -d '\r'
    exec 5>&-
}

use() {
    expect 0 run_container --version
    grep -qF "$version" "$work/out.log" || fail "--version does not say $version."
    start echo echo
    echo=$outer echo_pid=$pid
    await echo '127\.0\.0\.1:42001'
    start serve VOLTLANE_MASTER_ADDRESS=backend:42001 VOLTLANE_WEBSOCKET_ADDRESS=0.0.0.0:42003
    await serve 'clients are accepted on .*0\.0\.0\.0:42000'
    grep -q '(epoll)' "$work/serve.log" || fail "the native transport was not found."
    [ "$(readlink "/proc/$pid/exe")" = "$root/opt/voltlane/runtime/bin/java" ] || [ "$(readlink "/proc/$pid/exe")" = /opt/voltlane/runtime/bin/java ] || fail "process 1 is $(readlink "/proc/$pid/exe")."
    grep -qE "^NSpid:.*[[:space:]]1$" "/proc/$pid/status" && grep -qE "^Uid:[[:space:]]+${uid}[[:space:]]+${uid}[[:space:]]" "/proc/$pid/status" &&
        grep -qE "^CapEff:[[:space:]]+0+$" "/proc/$pid/status" || fail "it is not process 1 of user $uid without capabilities."
    for to in 127.0.0.1:42000 ws://127.0.0.1:42003/; do
        answer=$(echo hi | run_container connect --linger 1 "$to" 2>"$work/connect.log") || fail "$to: no connection."
        [ "$answer" = hi ] || fail "$to: '$answer' came back."
        echo "  connected to $to"
    done
    expect 0 inside "$pid" "${health[@]}"
    expect 0 inside "$pid" voltlane healthcheck --ready
    expect 0 inside "$pid" voltlane ctl status
    expect 0 inside "$pid" jcmd 1 VM.version
    for path in /livez /readyz; do
        [ "$(probe "$path")" = "HTTP/1.1 200 OK" ] || fail "$path: $(probe "$path")"
    done
    [ "$(stat -c '%a %u' "$root/data/connserver.key" "$root/data/admin.token")" = "$(printf '600 %s\n600 %s' "$uid" "$uid")" ] || fail "key or token are not in /data, or not the server's alone."
    # Without its backend it is live, not ready.
    stop "$echo_pid" "$echo"
    for _ in $(seq 100); do
        [ "$(probe /readyz)" = "HTTP/1.1 200 OK" ] || break
        sleep 0.1
    done
    expect 1 inside "$pid" voltlane healthcheck --ready
    expect 0 inside "$pid" "${health[@]}"
    stop "$pid" "$outer"
    expect 1 run_container healthcheck
    expect 78 run_container VOLTLANE_LISTENER_THREADS=many serve
    grep -qF 'VOLTLANE_LISTENER_THREADS: many (expected: a whole number from 0 to 1024, or "auto")' "$work/out.log" || fail "no word about the wrong value."
    expect 0 run_container VOLTLANE_LISTENER_KEY_FILE=/run/secrets/connserver.key key show
    grep -q 'Fingerprint' "$work/out.log" || fail "the key from the secret is not shown."
    expect 0 run_container VOLTLANE_LISTENER_KEY_FILE=/run/secrets/connserver.key serve --check
}

run_container() { (container "$@"); }

check_cache() {
    expect 0 run_container VOLTLANE_JAVA_OPTS=-Xlog:class+load:file=/tmp/classes serve --check
    cached=$(grep -c 'source: shared objects file' "$root/tmp/classes")
    [ "$cached" -gt 1500 ] || fail "only $cached classes come from the cache: it is not used."
    echo "  $cached classes come from the cache"
}

# The heap is a quarter of the container, also of a small one. (The JVM is told a size; that it sees the limit of a container is
# its own business.)
check_heap() {
    for mb in 256 1024; do
        heap=$( (entrypoint=(/opt/voltlane/runtime/bin/java @/opt/voltlane/lib/java.args) && container "-XX:MaxRAM=${mb}m" -XX:+PrintFlagsFinal -version) 2>/dev/null |
            awk '$2 == "MaxHeapSize" { print $4 / 1048576 }')
        [ "$heap" = $((mb / 4)) ] || fail "a heap of $heap MiB in $mb MiB."
    done
}

# From the start of the container to the line that tells that clients are accepted.
first_accept() {
    start echo echo
    echo=$outer echo_pid=$pid
    await echo '127\.0\.0\.1:42001'
    times=()
    for run in $(seq 0 7); do
        begin=${EPOCHREALTIME/./}
        exec 4< <(container 2>&1)
        server=$!
        while read -r line <&4; do
            case $line in *"clients are accepted on "*) break ;; esac
        done
        end=${EPOCHREALTIME/./}
        server=$(cat "/proc/$server/task/$server/children")
        kill -TERM "${server%% *}"
        cat <&4 >/dev/null
        exec 4<&-
        [ "$run" = 0 ] || times+=($(((end - begin) / 1000)))
    done
    stop "$echo_pid" "$echo"
    printf '%s\n' "${times[@]}" | sort -n | awk '{ t[NR] = $1 }
        END { print "  from the start to the first accept: " t[int((NR + 1) / 2)] " ms (" t[1] " to " t[NR] ", " NR " runs)" }'
}

check_layout
unpack
read_config
if [ "$(id -u)" = 0 ]; then
    mount_all
    use
    check_cache
    check_heap
    first_accept
else
    echo "left out, as only root may: the runs of the image"
fi
echo "The image is in order."
