# Builds the program if a source is newer than the last build. Sourced by launch.sh, for $home, $module, $jar, $parts, $built
# and fail, and for the JDKs of java.sh.
# shellcheck shell=sh disable=SC2154

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
