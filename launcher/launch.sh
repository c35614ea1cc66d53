# Sourced by scripts that start a program of this project: builds it if needed, picks a JDK, and becomes the JVM, so that
# signals and the process id are its own. The working directory stays the caller's. In a clone it builds and trains; in an
# installation, which archives and packages make, everything is there, and nothing is written.
# It reads VOLTLANE_JAVA_HOME, JAVA_HOME, VOLTLANE_JAVA_OPTS, VOLTLANE_AOT, the JVM's own JAVA_TOOL_OPTIONS, JDK_JAVA_OPTIONS
# and _JAVA_OPTIONS, systemd's STATE_DIRECTORY, the locale, and these variables of the script:
#   home    the folder of the project, or of the installation
#   scripts the folder of these files
#   jar     the program; in a clone, the last file that the build of the module makes
#   parts   in a clone, the modules that the program is made of; if one of them has changed, it is built anew
#   module  in a clone, the module with the program
#   training  in a clone, a class in the jar that runs what is to start faster, and ends by itself; may be empty
# Each step has a file of its own: java.sh, flags.sh and cache.sh, and for a clone build.sh and training.sh, which an
# installation lacks.
# shellcheck shell=sh disable=SC2154

# Standard input, output or error that is closed would be taken by the next file that is opened: one of the JDK's would
# then be the program's input, or get its output.
true 3>&2 || exec 2>/dev/null
{ true 3<&0; } 2>/dev/null || exec </dev/null
{ true 3>&1; } 2>/dev/null || exec >/dev/null

fail() {
    echo "voltlane: $*" >&2
    exit 1
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

. "$scripts/java.sh"
. "$scripts/flags.sh"
. "$scripts/cache.sh"
if [ -n "$parts" ]; then
    . "$scripts/build.sh"
    . "$scripts/training.sh"
fi

# Builds if needed, and becomes the JVM with the arguments $@.
launch() {
    if [ -n "$parts" ]; then
        built=$home/$module/target/launcher.built
        build_if_needed
    else
        use_utf8
    fi
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
    # Where an installation has Netty's native code as files, Netty need not unpack it.
    if [ -z "$parts" ] && [ -d "$home/lib/native" ]; then
        set -- -Djava.library.path="$home/lib/native" "$@"
    fi
    # A service of systemd has a folder of its own, where Netty may unpack its native code: /tmp may be mounted noexec, and then
    # systemd would never hear that the server is ready, as native code tells it.
    if [ -n "${STATE_DIRECTORY:-}" ]; then
        set -- -Dio.netty.native.workdir="${STATE_DIRECTORY%%:*}" "$@"
    fi
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
