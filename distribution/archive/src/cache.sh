# Makes the cache for fast starts, by the launcher's own training. Sourced by make.sh, for $project, $target, $tree and fail.
# shellcheck shell=sh disable=SC2154

add_cache() {
    # In a shell of its own: launch.sh redefines fail.
    (
        home=$tree
        scripts=$project/launcher
        jar=$home/lib/voltlane.jar
        parts=all
        . "$scripts/launch.sh"
        training=net.voltlane.cli.Training
        java_home=$home/runtime
        version=$(version_of "$java_home")
        cache=$home/lib/voltlane.aot
        given=" "
        # A build waits for it on a busy machine, too: without the cache there is no archive.
        training_secs=900
        train "$target/training" 2>/dev/null
    )
    [ -s "$tree/lib/voltlane.aot" ] || fail "no cache for fast starts was made, see $target/training/log."
}
