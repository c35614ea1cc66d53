#!/bin/sh
# Makes both archives from target/voltlane.jar and target/jars: make.sh VERSION TIME. Called by the build, see pom.xml, which
# also tells what is where in the trees. Each step has a file of its own.
set -eu
version=$1
time=$2

here=$(cd "$(dirname "$0")" && pwd -P)
project=$(cd "$here/../../.." && pwd -P)
target=$project/distribution/archive/target
# Files are the same whoever makes them, and so is the order of names.
umask 022
export LC_ALL=C.UTF-8

fail() {
    echo "archive: $*" >&2
    exit 1
}

# What the environment gives every JVM is not for those of a build.
unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS VOLTLANE_JAVA_OPTS

. "$here/jdk.sh"
. "$here/runtime.sh"
. "$here/program.sh"
. "$here/licences.sh"
. "$here/cache.sh"
. "$here/pack.sh"

[ "$(uname -sm)" = "Linux x86_64" ] || fail "the archives are made on Linux x86_64, as the runtime of one is for that."
find_jdk
rm -rf "$target/stage" "$target"/voltlane-*.tar.gz "$target"/voltlane-*.tar.gz.sha256

# The jars for other platforms need not be in an archive for one.
tree=$target/stage/linux-x86_64
mkdir -p "$tree"
add_program '*-linux-aarch_64.jar'
add_natives
add_runtime
add_pages
add_licences
settle
add_cache
settle
pack linux-x86_64

pages=$tree/share
tree=$target/stage/portable
mkdir -p "$tree"
add_program ''
cp -R "$pages/." "$tree/share"
add_licences
settle
pack portable
