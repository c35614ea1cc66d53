#!/bin/sh
# Makes the container image from the tree that distribution/archive has staged: make.sh VERSION TIME REVISION. Called by the
# build, see pom.xml. Fills a folder for each layer, the ones that change least first, and has ImageBuild pack them.
set -eu
version=$1
time=$2
revision=${3:-}

here=$(cd "$(dirname "$0")" && pwd -P)
project=$(cd "$here/../../.." && pwd -P)
target=$project/distribution/image/target
stage=$project/distribution/archive/target/stage/linux-x86_64
java=$stage/runtime/bin/java
umask 022
export LC_ALL=C.UTF-8
unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS

fail() {
    echo "image: $*" >&2
    exit 1
}

. "$project/distribution/archive/src/jdk.sh"
. "$here/system.sh"
. "$here/program.sh"

# mvn -Pdist package makes the other packages there all the same.
if [ -z "$(sources_of_system)" ]; then
    rm -f "$target"/voltlane-*-oci.tar "$target"/voltlane-*-oci.tar.sha256
    echo "image: left out: the image takes the C library from packages of Debian or Ubuntu, and this is neither."
    exit 0
fi
[ -x "$java" ] || fail "$stage is missing: build distribution/archive before."
find_jdk
rm -rf "$target/layers" "$target/layout"
layers=$target/layers
home=opt/voltlane
mkdir -p "$layers"
add_runtime
add_libraries
add_program
add_cache
add_system

gson=$(echo "$stage"/lib/gson-*.jar)
"$java" -cp "$target/classes:$gson" net.voltlane.image.ImageBuild "$layers" "$version" "$time" "$revision" \
    "$target/voltlane-$version-oci.tar"
(cd "$target" && sha256sum "voltlane-$version-oci.tar" >"voltlane-$version-oci.tar.sha256")
rm -rf "$target/layout"
