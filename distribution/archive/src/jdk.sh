# Finds the JDK whose runtime goes into an archive. Sourced by make.sh, for $project and fail.
# shellcheck shell=sh disable=SC2154

# The version that is tested and shipped, and whose cache holds what the compiler has learnt.
wanted_java=25

# Sets jdk: VOLTLANE_JAVA_HOME, JAVA_HOME, or one of those that are installed.
find_jdk() {
    # For the versions of JDKs, and where they are.
    . "$project/launcher/java.sh"
    if [ -n "${VOLTLANE_JAVA_HOME:-}" ]; then
        is_wanted "$VOLTLANE_JAVA_HOME" || fail "VOLTLANE_JAVA_HOME=$VOLTLANE_JAVA_HOME is no JDK $wanted_java with jlink."
        jdk=$VOLTLANE_JAVA_HOME
        return
    fi
    for jdk in "${JAVA_HOME:-}" "$jvms"/*; do
        ! is_wanted "$jdk" || return 0
    done
    fail "a JDK $wanted_java with jlink is needed: install one (such as temurin-$wanted_java-jdk), or set VOLTLANE_JAVA_HOME to it."
}

is_wanted() {
    [ -n "$1" ] && [ -x "$1/bin/jlink" ] && [ "$(version_of "$1")" = "$wanted_java" ]
}
