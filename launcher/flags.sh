# Chooses the flags of the JVM, and leaves out those that the user has set. Sourced by launch.sh, for $version.
# shellcheck shell=sh disable=SC2154

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
    if [ "$version" -ge 22 ] && getconf GNU_LIBC_VERSION >/dev/null 2>&1; then
        # The compiler's memory, given back by the JVM, stays with the C library: ten megabytes after a warm-up. Now and
        # then it is asked to give back what is free. It holds no packets, and no packet waits for it. Only
        # GNU's library can do that. With musl and on macOS, the JVM would write a warning to standard output instead.
        unless_given -XX:TrimNativeHeapInterval=2000
    fi
    # Netty would look for leaked buffers in samples (tests look at every one), load flight recording with the first
    # buffer, and set up a second allocator that nothing here uses.
    unless_given -Dio.netty.leakDetection.level=disabled -Dio.netty.jfr.enabled=false -Dio.netty.allocator.type=pooled
    # What is called by reflection is called once, at the start: the JDK would generate code for each, a tenth of the start.
    unless_given -Djdk.reflect.useNativeAccessorOnly=true
}
