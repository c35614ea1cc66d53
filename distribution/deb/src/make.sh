#!/bin/sh
# Lays out the files of the package, from the tree that distribution/archive has left: make.sh VERSION MAINTAINER TIME. Leaves
# target/root.tar, with the owners, modes and times that the files get. Called by the build, see pom.xml.
set -eu
version=$1
maintainer=$2
time=$3

here=$(cd "$(dirname "$0")" && pwd -P)
project=$(cd "$here/../../.." && pwd -P)
target=$project/distribution/deb/target
stage=$project/distribution/archive/target/stage/linux-x86_64
root=$target/root
# Files are the same whoever makes them, and so is the order of names.
umask 022
export LC_ALL=C.UTF-8

fail() {
    echo "deb: $*" >&2
    exit 1
}

. "$here/program.sh"
. "$here/config.sh"
. "$here/pages.sh"
. "$here/licences.sh"

[ -s "$stage/lib/voltlane.aot" ] || fail "$stage is missing: build distribution/archive first, for example with -am."
rm -rf "$target/root" "$target/root.tar"
mkdir -p "$root"
add_program
add_unit
add_config
add_pages
add_copyright
install -D -m 644 "$here/overrides" "$root/usr/share/lintian/overrides/voltlane"

# The JVM uses the cache only if the files that it was made from have the times that they had then: $time, too.
find "$root" -exec touch -h -d "$time" {} +
tar --create --format=gnu --sort=name --numeric-owner --owner=0 --group=0 --directory="$root" --file="$target/root.tar" .
