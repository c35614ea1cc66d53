# Puts runtime, libraries and program into layers. Sourced by make.sh, for $project, $here, $jdk, $target, $stage, $java,
# $layers, $home and fail. Files are links to those of the archive where that works: nothing here writes to them.
# shellcheck shell=sh disable=SC2154

# Copies files to a folder, with their times: the cache for fast starts is good only for them.
copy() {
    cp -al "$@" 2>/dev/null || cp -a "$@"
}

add_runtime() {
    tree=$layers/2-runtime/$home
    mkdir -p "$tree"
    copy "$stage/runtime" "$tree/"
}

add_libraries() {
    tree=$layers/3-libraries/$home/lib
    mkdir -p "$tree/native"
    for jar in "$stage"/lib/*.jar; do
        case ${jar##*/} in
        voltlane*) continue ;;
        esac
        copy "$jar" "$tree/"
    done
    copy "$stage/lib/native"/*.so "$tree/native/"
}

add_program() {
    tree=$layers/4-program/$home
    mkdir -p "$tree/bin" "$tree/lib" "$layers/4-program/etc/voltlane"
    copy "$stage"/lib/voltlane*.jar "$tree/lib/"
    copy "$stage/licences" "$stage/LICENSE" "$stage/NOTICE" "$tree/"
    cp "$here/connserver.toml" "$layers/4-program/etc/voltlane/"
    java_flags >"$tree/lib/java.args"
    voltlane_flags >"$tree/lib/voltlane.args"
    "$java" -cp "$target/classes" net.voltlane.image.CommandFile "$tree/bin/voltlane" "/$home/runtime/bin/java" \
        "@/$home/lib/voltlane.args"
}

# In a layer of its own: no two builds make the same cache.
add_cache() {
    tree=$layers/5-cache/$home/lib
    mkdir -p "$tree"
    copy "$stage/lib/voltlane.aot" "$tree/"
}

# What every program of the image runs with: the launcher's flags, and those for containers.
java_flags() {
    # In a shell of its own, as these files define names for themselves.
    (
        . "$project/launcher/java.sh"
        . "$project/launcher/flags.sh"
        version=$(version_of "$stage/runtime")
        given=" "
        flags
    )
    echo "-Djava.library.path=/$home/lib/native"
    # A quarter of the container for the heap, as on a large machine. The JVM would take half of a small container, and
    # packets that wait and the process itself need room, too.
    echo "-XX:MinRAMPercentage=25"
    echo "-XX:MaxRAMPercentage=25"
    # Counters for jps in a file under /tmp, which containers of one pod may share: each is process 1 there. jcmd works without.
    echo "-XX:+PerfDisableSharedMem"
}

# What the command runs. A cache that does not fit, to flags of the user's, say, is passed over without a word.
voltlane_flags() {
    echo "-XX:AOTCache=/$home/lib/voltlane.aot"
    echo "-Xlog:aot=off,cds=off"
    java_flags
    echo "-jar"
    echo "/$home/lib/voltlane.jar"
}
