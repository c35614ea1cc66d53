# Packs a tree, so that the same files give the same bytes. Sourced by make.sh, for $target, $tree, $time and $version.
# shellcheck shell=sh disable=SC2154

# Gives all files of the tree one time, and modes that do not depend on who made them.
settle() {
    find "$tree" -type d -exec chmod 755 {} +
    find "$tree" -type f -perm -100 -exec chmod 755 {} +
    find "$tree" -type f ! -perm -100 -exec chmod 644 {} +
    find "$tree" -exec touch -h -d "$time" {} +
}

# Packs the tree as the archive for $1. Names are sorted, the owner is nobody's, and gzip writes neither a name nor a time.
pack() {
    name=voltlane-$version-$1
    (
        cd "$target"
        tar --create --format=gnu --sort=name --numeric-owner --owner=0 --group=0 --mtime="$time" \
            --transform="flags=r;s,^stage/$1,$name," "stage/$1" | gzip -n -9 >"$name.tar.gz"
        sha256sum "$name.tar.gz" >"$name.tar.gz.sha256"
    )
}
