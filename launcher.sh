# Sourced by scripts that start a program of this project: builds it when needed, picks a JDK, and becomes the JVM, so that
# signals and the process id are its own. The working directory stays the caller's.
# What it reads: VOLTLANE_JAVA_HOME, JAVA_HOME, VOLTLANE_JAVA_OPTS, VOLTLANE_AOT, the JVM's own JAVA_TOOL_OPTIONS,
# JDK_JAVA_OPTIONS and _JAVA_OPTIONS, the locale; and from the script:
#   home    the folder of the project
#   module  the module with the program
#   jar     what its build makes; the last thing that it makes
#   parts   the modules that the program is made of; when one of them has changed, it is built anew
#   training  a class in the jar that runs what is to start faster, and ends by itself; may be unset
# shellcheck shell=sh disable=SC2154

oldest_java=17
jvms=/usr/lib/jvm

# Standard input, output or error that is closed would be taken by the next file that is opened: one of the JDK's would
# then be the program's input, or get its output.
true 3>&2 || exec 2>/dev/null
{ true 3<&0; } 2>/dev/null || exec </dev/null
{ true 3>&1; } 2>/dev/null || exec >/dev/null

fail() {
    echo "voltlane: $*" >&2
    exit 1
}

# Prints the major version of the JDK in folder $1, or 0. Its `release` file tells without starting a JVM.
version_of() {
    version=
    if [ -r "$1/release" ]; then
        version=$(sed -n 's/^JAVA_VERSION="\(1\.\)\{0,1\}\([0-9]*\).*/\2/p' "$1/release" | head -n 1)
    fi
    echo "${version:-0}"
}

# Prints the newest folder under $jvms that has bin/$1 and is not too old; nothing where there is none.
newest_with() {
    newest=
    newest_version=$((oldest_java - 1))
    for candidate in "$jvms"/*; do
        if [ -x "$candidate/bin/$1" ]; then
            candidate_version=$(version_of "$candidate")
            if [ "$candidate_version" -gt "$newest_version" ]; then
                newest=$candidate
                newest_version=$candidate_version
            fi
        fi
    done
    echo "$newest"
}

# Prints the folder of the JDK whose bin/$1 is on the PATH.
on_path() {
    program=$(command -v "$1" 2>/dev/null) || return 0
    dirname "$(dirname "$(readlink -f "$program")")"
}

is_usable() {
    [ -n "$1" ] && [ -x "$1/bin/$2" ] && [ "$(version_of "$1")" -ge "$oldest_java" ]
}

# Sets java_home to the JVM that is to run.
pick_java() {
    if [ -x "$home/runtime/bin/java" ]; then
        java_home=$home/runtime
    elif [ -n "${VOLTLANE_JAVA_HOME:-}" ]; then
        is_usable "$VOLTLANE_JAVA_HOME" java ||
            fail "VOLTLANE_JAVA_HOME=$VOLTLANE_JAVA_HOME is no Java $oldest_java or newer."
        java_home=$VOLTLANE_JAVA_HOME
    elif is_usable "${JAVA_HOME:-}" java; then
        java_home=$JAVA_HOME
    else
        java_home=$(newest_with java)
        if [ -z "$java_home" ]; then
            java_home=$(on_path java)
        fi
        is_usable "$java_home" java || fail "Java $oldest_java or newer is needed to run." \
            "Install one (Debian: apt install openjdk-17-jdk-headless) or set VOLTLANE_JAVA_HOME."
    fi
}

is_built() {
    [ -f "$built" ] && [ -f "$jar" ] || return 1
    changed=$(
        cd "$home"
        for part in $parts; do
            set -- "$@" "$part/pom.xml" "$part/src/main"
        done
        find pom.xml "$@" -newer "$built" 2>/dev/null | head -n 1
    )
    [ -z "$changed" ]
}

build() {
    command -v mvn >/dev/null 2>&1 ||
        fail "Maven is needed to build. Install it (Debian: apt install maven) and try again."
    if is_usable "${JAVA_HOME:-}" javac; then
        jdk=$JAVA_HOME
    else
        jdk=$(on_path javac)
        is_usable "$jdk" javac || jdk=$(newest_with javac)
    fi
    [ -n "$jdk" ] || fail "A JDK, $oldest_java or newer, is needed to build." \
        "Install one (Debian: apt install openjdk-17-jdk-headless) or set JAVA_HOME to it."
    echo "voltlane: building from source, which takes a moment (the first time Maven fetches what it needs) ..." >&2
    # The moment at which the build began: what is edited meanwhile is newer.
    mkdir -p "$home/$module/target"
    : >"$built.begun"
    # Maven is told where to build by -f, and gets its output on standard error: standard output is the command's. Even
    # without colours it ends its output by resetting them, which is taken out here.
    escape=$(printf '\033')
    status=$({
        {
            status=0
            JAVA_HOME=$jdk mvn -q -B -ntp -Dstyle.color=never -f "$home/pom.xml" \
                -Dmaven.test.skip=true -Dspotless.check.skip=true package -pl "$module" -am 2>&1 3>&- || status=$?
            echo "$status" >&3
        } | sed "s/$escape\[0*m//g" >&2
    } 3>&1)
    [ "$status" = 0 ] || fail "the build failed, see above."
    mv "$built.begun" "$built"
    echo "voltlane: built." >&2
}

# Gives every JVM, Maven's too, a locale of UTF-8 where there is none: it takes names of files for what the locale makes of
# them, and a file with an umlaut would not be there.
use_utf8() {
    if command -v locale >/dev/null 2>&1; then
        charset=$(locale charmap 2>/dev/null) || charset=
    else
        charset=${LC_ALL:-${LC_CTYPE:-${LANG:-}}}
    fi
    case $charset in
    *[Uu][Tt][Ff]8* | *[Uu][Tt][Ff]-8*) ;;
    *) export LC_ALL=C.UTF-8 ;;
    esac
}

# Two that are started at once on a fresh clone (serve and echo, in two terminals) must not build into each other.
build_if_needed() {
    use_utf8
    is_built && return
    [ -w "$home" ] || fail "the build in $home is missing or older than its sources, and it can't be written."
    if command -v flock >/dev/null 2>&1; then
        mkdir -p "$home/target"
        exec 9>"$home/target/build.lock"
        flock 9
        is_built || build
        exec 9>&-
    else
        build
    fi
}

# Sets given to the flags that the user has set, wherever that may be, with one space around each. Files that hold more of
# them count as well.
read_given() {
    given=" "
    set -f
    # Split at line ends and tabs, too: what comes from YAML often has them.
    for word in ${JAVA_TOOL_OPTIONS:-} ${JDK_JAVA_OPTIONS:-} ${VOLTLANE_JAVA_OPTS:-} ${_JAVA_OPTIONS:-}; do
        word=${word#[\"\']}
        word=${word%[\"\']}
        given="$given$word "
        case $word in
        @*) more=${word#@} ;;
        -XX:VMOptionsFile=* | -XX:Flags=*) more=${word#*=} ;;
        *) more= ;;
        esac
        if [ -n "$more" ] && [ -f "$more" ] && [ -r "$more" ]; then
            for word in $(sed "s/[\"']//g" "$more"); do
                given="$given$word "
            done
        fi
    done
    set +f
}

# Prints each of the flags $@ that the user has not set, to whatever value: the launcher's are defaults.
unless_given() {
    for flag in "$@"; do
        name=${flag%%=*}
        name=${name#-XX:}
        name=${name#+}
        case $given in
        *[" :+-"]"$name"[" ="]*) ;;
        *) echo "$flag" ;;
        esac
    done
}

# Whether the user has chosen a collector: the JVM refuses two.
is_collector_given() {
    for word in $given; do
        case $word in
        *[-+]Use*GC) return 0 ;;
        esac
    done
    return 1
}

# Whether the heap may begin with 16 MiB: the JVM refuses that beside a smaller largest size, or another first one.
may_begin_small() {
    for word in $given; do
        case $word in
        -Xms* | -Xmn* | *InitialHeapSize=* | *MinHeapSize=* | *NewSize=* | *InitialRAM*) return 1 ;;
        -Xmx*) size=${word#-Xmx} ;;
        *MaxHeapSize=*) size=${word#*=} ;;
        *) continue ;;
        esac
        number=${size%[kKmMgGtT]}
        case $number in
        '' | *[!0-9]* | ????????????????*) return 1 ;;
        esac
        case $size in
        *[gGtT]) ;;
        *[mM]) [ "$number" -ge 16 ] || return 1 ;;
        *[kK]) [ "$number" -ge 16384 ] || return 1 ;;
        *) [ "$number" -ge 16777216 ] || return 1 ;;
        esac
    done
}

# Prints the flags that every run gets, the training, too: a cache is only good for a JVM with the flags that it was
# made with.
flags() {
    # Netty calls native code, which Java 24 and up would warn about.
    echo --enable-native-access=ALL-UNNAMED
    if [ "$version" -ge 23 ]; then
        # Netty uses Unsafe, which these versions would warn about, and older ones refuse to start with the flag.
        unless_given --sun-misc-unsafe-memory-access=allow
    fi
    if [ "$version" -ge 25 ]; then
        unless_given -XX:+UseCompactObjectHeaders
    fi
    # A server that is out of memory ends and is started again: going on, it would keep its port and serve nobody.
    case $given in
    *[-+]CrashOnOutOfMemoryError*) ;;
    *) unless_given -XX:+ExitOnOutOfMemoryError ;;
    esac
    # What lives on the heap is a few KiB per client, and packets leave no garbage: the collector with the least memory
    # and no threads of its own is the right one. The heap begins small, may grow as large as ever, and gives back what
    # a collection leaves empty.
    set -f
    is_collector_given || echo -XX:+UseSerialGC
    ! may_begin_small || echo -XX:InitialHeapSize=16m
    case $given in
    *HeapFreeRatio=*) ;; # the one that is not given might not fit to the other
    *) echo -XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=20 ;;
    esac
    if [ "$version" -ge 22 ]; then
        # The compiler's memory, given back by the JVM, stays with the C library: ten megabytes after a warm-up. Now and
        # then it is asked to give back what is free. It holds no packets, and no packet waits for it.
        unless_given -XX:TrimNativeHeapInterval=2000
    fi
    # Netty would look for leaked buffers in samples (tests look at every one), load flight recording with the first
    # buffer, and set up a second allocator that nothing here uses.
    unless_given -Dio.netty.leakDetection.level=disabled -Dio.netty.jfr.enabled=false -Dio.netty.allocator.type=pooled
}

# Prints where the cache for this very JVM is: its `release` file names version and vendor down to the build.
cache_file() {
    key=$(cksum "$java_home/release" 2>/dev/null | cut -d ' ' -f 1)
    echo "$home/$module/target/$version-$key.cache"
}

# Makes $cache, of classes already loaded and linked, from Java 25 on also of what the compiler has learnt; once for each
# build and JVM, and where that fails it is said, and not tried again. The program runs all the same.
train() {
    echo "voltlane: preparing faster starts with this Java, once ..." >&2
    work=$home/$module/target/training
    rm -rf "$work" "$cache"
    mkdir -p "$work"
    limit=
    if command -v timeout >/dev/null 2>&1; then
        limit="timeout 60"
    fi
    if [ "$version" -ge 25 ]; then
        made_by=-XX:AOTCacheOutput
    else
        made_by=-XX:ArchiveClassesAtExit
    fi
    # What the environment gives every JVM (an agent, a tiny heap) is not for this one.
    # shellcheck disable=SC2046,SC2086
    (cd "$work" && unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS && exec $limit "$java_home/bin/java" $(flags) $made_by="$cache" \
        -cp "$jar" "$training") >"$work/log" 2>&1 || :
    if [ ! -s "$cache" ]; then
        echo "voltlane: that failed (see $work/log), so starts take a little longer." >&2
        : >"$cache"
    fi
}

# Sets cache to a file that is newer than the build; an empty one says that none could be made.
cache_if_wanted() {
    cache=
    if [ -z "${training:-}" ] || [ "${VOLTLANE_AOT:-on}" = off ]; then
        return
    fi
    case $given in
    *" -Xshare:"* | *SharedArchiveFile=* | *ArchiveClassesAtExit=* | *" -XX:AOT"*) return ;; # the user has one, or makes one
    esac
    cache=$(cache_file)
    is_trained && return
    if [ ! -w "$home/$module/target" ]; then
        cache=
    elif command -v flock >/dev/null 2>&1; then
        exec 9>"$home/target/build.lock"
        flock 9
        is_trained || train
        exec 9>&-
    else
        train
    fi
}

# The JVM itself compares the cache with the jar that it was started with, but not with those that the jar's manifest
# names: it would run what was built before.
is_trained() {
    [ -f "$cache" ] && [ -z "$(find "$jar" "$built" "$home/$module/target/lib" -newer "$cache" 2>/dev/null)" ]
}

# Builds if needed, and becomes the JVM with the arguments $@.
launch() {
    built=$home/$module/target/launcher.built
    build_if_needed
    pick_java
    version=$(version_of "$java_home")
    read_given
    cache_if_wanted

    if [ -t 1 ]; then
        set -- -Dvoltlane.terminal=true "$@"
    fi
    # The user's flags come last of all flags, so that they win. They are split at blanks and line ends, and nothing else in
    # them is special.
    set -f
    # shellcheck disable=SC2086
    set -- ${VOLTLANE_JAVA_OPTS:-} "$@"
    set +f
    if [ -s "$cache" ]; then
        # A cache that does not fit (to flags of the user's, say) is passed over, and nobody needs to hear of it.
        if [ "$version" -ge 25 ]; then
            set -- -XX:AOTCache="$cache" -Xlog:aot=off,cds=off "$@"
        else
            set -- -XX:SharedArchiveFile="$cache" -Xlog:cds=off "$@"
        fi
    fi
    # The C library would give each of the few threads an arena of its own.
    export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-2}"
    # shellcheck disable=SC2046
    exec "$java_home/bin/java" $(flags) "$@"
}
