# Makes a cache for faster starts, once for each build and JVM. Sourced by launch.sh, for $home, $module, $jar, $built,
# $training, $java_home and $version, and for the flags of flags.sh.
# shellcheck shell=sh disable=SC2154

# Prints where the cache for this very JVM is: its `release` file names version and vendor down to the build.
cache_file() {
    key=$(cksum "$java_home/release" 2>/dev/null | cut -d ' ' -f 1)
    echo "$home/$module/target/$version-$key.cache"
}

# Makes $cache, of classes already loaded and linked, from Java 25 on also of what the compiler has learnt; once for each
# build and JVM, and where that fails it is said, and not tried again. The program runs all the same. The folder $1 is
# emptied; the training runs there, and its log stays. A user waits a minute for it at most; training_secs is another limit.
train() {
    echo "voltlane: preparing faster starts with this Java, once ..." >&2
    work=$1
    rm -rf "$work" "$cache"
    mkdir -p "$work"
    limit=
    if command -v timeout >/dev/null 2>&1; then
        # The program takes TERM for an orderly stop, which may take a while.
        limit="timeout -k 10 ${training_secs:-60}"
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
trained_cache() {
    cache=$(cache_file)
    is_trained && return
    if [ ! -w "$home/$module/target" ]; then
        cache=
    elif command -v flock >/dev/null 2>&1; then
        exec 9>"$home/target/build.lock"
        flock 9
        is_trained || train "$home/$module/target/training"
        exec 9>&-
    else
        train "$home/$module/target/training"
    fi
}

# The JVM itself compares the cache with the jar that it was started with, but not with those that the jar's manifest
# names: it would run what was built before.
is_trained() {
    [ -f "$cache" ] && [ -z "$(find "$jar" "$built" "$home/$module/target/lib" -newer "$cache" 2>/dev/null)" ]
}
