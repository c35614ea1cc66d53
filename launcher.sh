# Sourced by scripts that start a program of this project: builds it when needed, picks a JDK, and becomes the JVM, so that
# signals and the process id are its own. The working directory stays the caller's.
# What it reads: VOLTLANE_JAVA_HOME, JAVA_HOME, VOLTLANE_JAVA_OPTS, VOLTLANE_AOT; and from the script:
#   home    the folder of the project
#   module  the module with the program
#   jar     what its build makes; the last thing that it makes
#   parts   the modules that the program is made of; when one of them has changed, it is built anew
#   training  a class in the jar that runs what is to start faster, and ends by itself; may be unset
# shellcheck shell=sh disable=SC2154

oldest_java=17
jvms=/usr/lib/jvm

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
    # Maven is told where to build by -f, and gets its output on standard error: standard output is the command's.
    JAVA_HOME=$jdk mvn -q -B -ntp -Dstyle.color=never -f "$home/pom.xml" \
        -Dmaven.test.skip=true -Dspotless.check.skip=true package -pl "$module" -am >&2 ||
        fail "the build failed, see above."
    mv "$built.begun" "$built"
    echo "voltlane: built." >&2
}

# Two that are started at once on a fresh clone (serve and echo, in two terminals) must not build into each other.
build_if_needed() {
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

# Prints the flags that every run gets, the training, too: a cache is only good for a JVM with the flags that it was
# made with.
flags() {
    # Netty calls native code, which Java 24 and up would warn about.
    echo --enable-native-access=ALL-UNNAMED
    if [ "$version" -ge 23 ]; then
        # Netty uses Unsafe, which these versions would warn about, and older ones refuse to start with the flag.
        echo --sun-misc-unsafe-memory-access=allow
    fi
    if [ "$version" -ge 25 ]; then
        echo -XX:+UseCompactObjectHeaders
    fi
    # What lives on the heap is a few KiB per client, and packets leave no garbage: the collector with the least
    # memory and no threads of its own is the right one; unless the user has chosen one: the JVM refuses two. The heap
    # begins small, may grow as large as ever, and gives back what a collection leaves empty.
    case " ${VOLTLANE_JAVA_OPTS:-} " in
    *" -XX:+Use"*"GC "*) ;;
    *) echo -XX:+UseSerialGC ;;
    esac
    echo -XX:InitialHeapSize=16m -XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=20
    if [ "$version" -ge 22 ]; then
        # The compiler's memory, given back by the JVM, stays with the C library: ten megabytes after a warm-up. Now and
        # then it is asked to give back what is free. It holds no packets, and no packet waits for it.
        echo -XX:TrimNativeHeapInterval=2000
    fi
    # Netty would look for leaked buffers in samples (tests look at every one), load flight recording with the first
    # buffer, and set up a second allocator that nothing here uses.
    echo -Dio.netty.leakDetection.level=disabled -Dio.netty.jfr.enabled=false -Dio.netty.allocator.type=pooled
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
    # shellcheck disable=SC2046,SC2086
    (cd "$work" && exec $limit "$java_home/bin/java" $(flags) $made_by="$cache" \
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
    cache_if_wanted

    if [ -t 1 ]; then
        set -- -Dvoltlane.terminal=true "$@"
    fi
    # The user's flags come last of all flags, so that they win. They are split at spaces, and nothing else in them is special.
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
