# Picks a JDK: finds those that are installed, and their versions. Sourced by launch.sh, for $home and fail.
# shellcheck shell=sh disable=SC2154

oldest_java=17
jvms=/usr/lib/jvm

# Prints the major version of the JDK in folder $1, or 0. Its `release` file tells without starting a JVM.
version_of() {
    version=
    if [ -r "$1/release" ]; then
        while read -r line || [ -n "$line" ]; do
            case $line in
            'JAVA_VERSION="'*)
                version=${line#*'"'}
                version=${version#1.}
                version=${version%%[!0-9]*}
                break
                ;;
            esac
        done <"$1/release"
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

# Prints the folder of the JDK whose bin/$1 is on the PATH. Where that is no link into a JDK, but a program that finds one
# (that of macOS, and those of version managers), it is asked.
on_path() {
    program=$(command -v "$1" 2>/dev/null) || return 0
    folder=$(dirname "$(dirname "$(readlink -f "$program")")")
    if [ ! -r "$folder/release" ]; then
        for_jvm=
        [ "$1" = java ] || for_jvm=-J
        folder=$("$program" ${for_jvm}-XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p' | head -n 1)
    fi
    echo "$folder"
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
