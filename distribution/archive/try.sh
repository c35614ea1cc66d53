#!/usr/bin/env bash
# Unpacks both archives, looks into them, and uses what is there as a user would: from a folder that can't be written, through
# links, as user nobody where this is run by root. Prints sizes, and the time until a server answers its first client. Makes
# nothing outside a temporary folder. What is not installed here (man, zsh, fish, openssl) is left out with a word.
set -euo pipefail
cd "$(dirname "$0")"
# For the versions of JDKs: older ones may be installed, too.
# shellcheck source=SCRIPTDIR/../../launcher/java.sh
. ../../launcher/java.sh
version=$(basename target/voltlane-*-portable.tar.gz -portable.tar.gz)
version=${version#voltlane-}
work=$(mktemp -d)
started=()
clean_up() {
    for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
    # What was unpacked can't be written, and only root removes such folders all the same.
    chmod -R u+w "$work" 2>/dev/null || true
    rm -rf "$work"
}
trap clean_up EXIT
chmod 755 "$work"

fail() {
    echo "try: $*" >&2
    for log in "$work"/home/*.log; do [ ! -f "$log" ] || sed "s,^,$(basename "$log"): ," "$log" >&2; done
    exit 1
}

left_out() { echo "left out, as $1 is not installed: $2"; }
has() { command -v "$1" >/dev/null; }

# The user's folder, and nothing else that could be written.
mkdir "$work/home"
login=(env -i PATH=/usr/bin:/bin HOME="$work/home" LANG=C.UTF-8 VOLTLANE_ADMIN_ADDRESS=127.0.0.1:0)
if [ "$(id -u)" = 0 ] && has setpriv; then
    chown 65534:65534 "$work/home"
    login=(setpriv --reuid=65534 --regid=65534 --clear-groups "${login[@]}")
fi

# Runs a command as that user, with the environment that a login has, and variables before it: user A=B COMMAND.
user() {
    (cd "$work/home" && exec "${login[@]}" "$@")
}

# Starts a command of the user's; its output is $1.log. Sets pid, which is that of the command itself.
start() {
    (cd "$work/home" && exec "${login[@]}" "${@:2}") >"$work/home/$1.log" 2>&1 &
    pid=$!
    started+=("$pid")
}

# Waits until $1.log has a match of $2, and prints the match.
await() {
    for _ in $(seq 600); do
        if grep -oE -- "$2" "$work/home/$1.log" 2>/dev/null | head -n 1 | grep .; then return; fi
        sleep 0.1
    done
    fail "'$2' did not come."
}

# TERM ends process $1 with status 0.
stop() {
    kill -TERM "$1"
    status=0
    wait "$1" || status=$?
    [ "$status" = 0 ] || fail "status $status after TERM."
}

unpack() {
    name=voltlane-$version-$1
    (cd target && sha256sum --check --quiet "$name.tar.gz.sha256") || fail "the checksum of $name is wrong."
    echo "$name.tar.gz: $(du -B 1000 --apparent-size "target/$name.tar.gz" | cut -f 1) kB"
    tar --extract --no-same-owner --file "target/$name.tar.gz" --directory "$work"
    tree=$work/$name
    chmod -R a-w "$tree"
    touch "$work/unpacked"
    ln -sfn "$tree" "$work/current"
    ln -sfn current/bin/voltlane "$work/voltlane"
    voltlane=$work/voltlane
}

# Every jar has a licence whose text is there, and so has every module of the runtime.
check_licences() {
    for jar in "$tree"/lib/*.jar; do
        line=$(grep -F "${jar##*/}: " "$tree/licences/README") || fail "no licence for $jar."
        texts=${line#*, see }
        [ "$texts" != "$line" ] || fail "no text for $jar."
        for text in ${texts//,/ }; do
            [ -s "$tree/licences/$text" ] || fail "$text is missing, for $jar."
        done
    done
    [ -s "$tree/LICENSE" ] && [ -s "$tree/NOTICE" ] || fail "LICENSE or NOTICE is missing."
    for text in $(grep -o 'licences/[A-Za-z.-]*' "$tree/NOTICE"); do
        [ -s "$tree/$text" ] || fail "NOTICE names $text, which is missing."
    done
    if [ -d "$tree/runtime" ]; then
        for module in $(sed -n 's/^MODULES="\(.*\)"/\1/p' "$tree/runtime/release"); do
            [ -s "$tree/runtime/legal/$module/LICENSE" ] || fail "no licence for the module $module."
        done
    fi
}

check_pages() {
    pages=("$tree"/share/man/man1/*.1)
    [ "${#pages[@]}" -gt 20 ] || fail "only ${#pages[@]} man pages."
    if has man; then
        for page in "${pages[@]}"; do
            said=$(man --warnings -E UTF-8 -l -Tutf8 -Z "$page" 2>&1 >/dev/null)
            [ -z "$said" ] || fail "$page: $said"
        done
    else
        left_out man "the check of the man pages"
    fi
    bash -n "$tree/share/bash-completion/completions/voltlane"
    if has zsh; then zsh -n "$tree/share/zsh/site-functions/_voltlane"; else left_out zsh "its completion"; fi
    if has fish; then fish -n "$tree/share/fish/vendor_completions.d/voltlane.fish"; else left_out fish "its completion"; fi
}

# A backend and a server, clients of all kinds, and an end in order. Variables for all: $1, such as A=B.
use() {
    user "$@" "$voltlane" --version
    user "$@" "$voltlane" demo --clients 20 --seconds 2 --transport mixed >"$work/home/demo.log" 2>&1 || fail "the demo failed."
    rm -f "$work/home"/connserver.* "$work/home/admin.token"
    start echo "$@" "$voltlane" echo --listen 127.0.0.1:0
    echo=$pid
    master=$(await echo '127\.0\.0\.1:[0-9]+')
    tls=()
    if has openssl; then
        user openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost \
            -addext subjectAltName=DNS:localhost -keyout key.pem -out cert.pem 2>/dev/null
        tls=(VOLTLANE_TLS_ADDRESS=127.0.0.1:0 VOLTLANE_TLS_CERTIFICATE=cert.pem VOLTLANE_TLS_KEY=key.pem)
    else
        left_out openssl "TLS"
    fi
    start serve "$@" "${tls[@]}" VOLTLANE_WEBSOCKET_ADDRESS=127.0.0.1:0 "$voltlane" serve --listen 127.0.0.1:0 --master "$master"
    serve=$pid
    ready=$(await serve 'clients are accepted on .*')
    grep -q '(epoll)' <<<"$ready" || fail "the native transport was not found."
    [ ! -d "$tree/lib/native" ] || grep -q "$tree/lib/native/.*epoll" "/proc/$serve/maps" || fail "the native transport was unpacked."
    for address in $(grep -oE '(tls |ws |on )127\.0\.0\.1:[0-9]+' <<<"$ready" | tr ' ' =); do
        port=${address##*:}
        case $address in
        on=*) to=(127.0.0.1:"$port") ;;
        tls=*) to=(--ca cert.pem tls://localhost:"$port") ;;
        ws=*) to=(ws://127.0.0.1:"$port"/) ;;
        esac
        answer=$(echo hi | user "$@" "$voltlane" connect --linger 1 "${to[@]}" 2>>"$work/home/connect.log") || fail "${to[*]}: no connection."
        [ "$answer" = hi ] || fail "${to[*]}: '$answer' came back."
        echo "  connected to ${to[*]}"
    done
    [ ! -d "$tree/runtime" ] || user "$tree/runtime/bin/jcmd" "$serve" VM.version >"$work/home/jcmd.log" || fail "jcmd does not reach the server."
    stop "$serve"
    stop "$echo"
    written=$(find "$tree" -newer "$work/unpacked")
    [ -z "$written" ] || fail "this was written: $written"
    if grep -iE 'building from|preparing faster|maven' "$work"/home/*.log; then fail "something was built or trained."; fi
    # But for what the JVM opens for a moment, nothing is left of a run outside the working directory.
    rm -f "$work/home"/*
}

# What the cache can't hold is made anew at each start, such as the code for equals and hashCode of a record. Looks at the
# classes of a server that has answered a client.
check_others() {
    others=$(grep -v 'source: shared objects file' "$work/home/classes" | sed 's/.*\] //; s/ source: .*//')
    count=$(grep -c . <<<"$others")
    [ "$count" -le 25 ] || fail "$count classes don't come from the cache: $others"
    echo "  $count classes of a server don't come from the cache"
}

# Prints the median, least and greatest of the times $2 and so on, in milliseconds, as those until $1.
print_times() {
    what=$1
    shift
    printf '%s\n' "$@" | sort -n | awk -v what="$what" '{ t[NR] = $1 }
        END { print "  from the start to " what ": " t[int((NR + 1) / 2)] " ms (" t[1] " to " t[NR] ", " NR " runs)" }'
}

# Prints the milliseconds from the start of the launcher until the server has accepted its first client, and until it has
# answered it, with the backend up.
first_answer() {
    start echo "$voltlane" echo --listen 127.0.0.1:0
    echo=$pid
    master=$(await echo '127\.0\.0\.1:[0-9]+')
    accepts=()
    answers=()
    for run in $(seq 0 11); do
        options=()
        [ "$run" != 0 ] || options=(VOLTLANE_JAVA_OPTS="-Xlog:class+load:file=$work/home/classes")
        begin=${EPOCHREALTIME/./}
        exec 4< <(cd "$work/home" && exec "${login[@]}" "${options[@]}" "$voltlane" serve --listen 127.0.0.1:0 --master "$master" 2>&1)
        server=$!
        started+=("$server")
        while read -r line <&4; do
            case $line in *"clients are accepted on "*) break ;; esac
        done
        port=${line##*127.0.0.1:}
        exec 3<>"/dev/tcp/127.0.0.1/${port%% *}"
        accepted=${EPOCHREALTIME/./}
        # ProtocolVersion(2) and a PubKey, as in the README; the server's key comes back.
        printf '\x02\0\0\0\x01\x02\x23\0\0\0\x02\x21\x02\x79\xbe\x66\x7e\xf9\xdc\xbb\xac\x55\xa0\x62\x95\xce\x87\x0b\x07\x02\x9b\xfc\xdb\x2d\xce\x28\xd9\x59\xf2\x81\x5b\x16\xf8\x17\x98' >&3
        LC_ALL=C IFS= read -r -d '' -n 1 -t 20 -u 3 _ || fail "the server did not answer."
        end=${EPOCHREALTIME/./}
        [ "$run" != 0 ] || check_others
        exec 3>&-
        kill -TERM "$server"
        cat <&4 >/dev/null
        exec 4<&-
        # The first run makes the configuration and reads the files from disk.
        if [ "$run" != 0 ]; then
            accepts+=($(((accepted - begin) / 1000)))
            answers+=($(((end - begin) / 1000)))
        fi
    done
    stop "$echo"
    print_times "the first accept" "${accepts[@]}"
    print_times "the first answer" "${answers[@]}"
}

# How many classes come from the cache, of those that a start needs.
check_cache() {
    user VOLTLANE_JAVA_OPTS="-Xlog:class+load:file=$work/home/classes" "$voltlane" serve --check >"$work/home/check.log" 2>&1 ||
        fail "the configuration is not in order."
    cached=$(grep -c 'source: shared objects file' "$work/home/classes")
    [ "$cached" -gt 1500 ] || fail "only $cached classes come from the cache: it is not used."
    echo "  $cached classes come from the cache"
    rm -f "$work/home"/*
}

# What docs/INSTALL.md has a reader do first. Sets nothing.
read_page() {
    mkdir -p "$work/home/page"
    ln -s "$PWD/target"/*.tar.gz "$PWD/target"/*.sha256 "$work/home/page/"
    (
        cd "$work/home/page"
        sha256sum -c voltlane-0.1.0-linux-x86_64.tar.gz.sha256
        tar xf voltlane-0.1.0-linux-x86_64.tar.gz
        voltlane-0.1.0-linux-x86_64/bin/voltlane demo
    ) >"$work/home/page.log" 2>&1 || fail "the commands of docs/INSTALL.md failed."
    grep -qF 'Nothing was lost, and nothing came twice.' "$work/home/page.log" || fail "the demo of docs/INSTALL.md failed."
    rm -rf "$work/home/page"*
}

unpack linux-x86_64
[ -z "$(find "$tree/lib" -name '*aarch*')" ] || fail "it has jars for other platforms."
[ "$(stat -c %s "target/$name.tar.gz")" -le 60000000 ] || fail "it is larger than 60 MB."
check_licences
check_pages
use VOLTLANE_AOT=on
check_cache
first_answer
rm -f "$work/home"/*
read_page

unpack portable
[ ! -e "$tree/runtime" ] || fail "it has a runtime."
[ -n "$(find "$tree/lib" -name '*epoll*aarch*')" ] && [ -n "$(find "$tree/lib" -name '*epoll*x86*')" ] || fail "natives are missing."
check_licences
check_pages
for jdk in "$jvms"/*; do
    if [ -d "$jdk" ] && [ ! -L "$jdk" ] && [ -x "$jdk/bin/java" ] && [ "$(version_of "$jdk")" -ge "$oldest_java" ]; then
        use VOLTLANE_JAVA_HOME="$jdk"
    fi
done
echo "Both archives are in order."
