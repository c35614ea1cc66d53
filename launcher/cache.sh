# Finds the cache for faster starts. Sourced by launch.sh, for $home, $training, $java_home and $given.
# shellcheck shell=sh disable=SC2154

# Sets cache to a file for this JVM, or to nothing.
cache_if_wanted() {
    cache=
    if [ "${VOLTLANE_AOT:-on}" = off ]; then
        return
    fi
    case $given in
    *" -Xshare:"* | *SharedArchiveFile=* | *ArchiveClassesAtExit=* | *" -XX:AOT"*) return ;; # the user has one, or makes one
    esac
    if [ -n "$training" ]; then
        trained_cache
    elif [ "$java_home" = "$home/runtime" ] && is_shipped; then
        cache=$home/lib/voltlane.aot
    fi
}

# Whether the installation has a cache that fits to its jars. All files of an installation carry the same time, so a jar
# that is newer was put there later, and the JVM would run the old one's classes: it does not look at the jars that
# only a manifest names. Whether the cache fits to the runtime, the JVM itself finds out. Times of folders don't count:
# dpkg gives them that of the installation.
is_shipped() {
    [ -s "$home/lib/voltlane.aot" ] && [ -z "$(find "$home/lib" -type f -newer "$home/lib/voltlane.aot" 2>/dev/null)" ]
}
