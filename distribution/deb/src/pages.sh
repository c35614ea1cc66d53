# Puts man pages, completions, the pages of docs and both changelogs into the package. Sourced by make.sh, for $stage, $project,
# $here, $root, $version, $maintainer, $time and fail.
# shellcheck shell=sh disable=SC2154

add_pages() {
    share=$root/usr/share
    doc=$share/doc/voltlane
    mkdir -p "$share/man/man1" "$share/bash-completion/completions" "$share/zsh/vendor-completions" "$share/fish/vendor_completions.d" "$doc"
    cp "$stage/share/man/man1"/*.1 "$share/man/man1/"
    gzip -n -9 "$share/man/man1"/*.1
    # Shells source it, so its first line is of no use there.
    sed '1{/^#!/d}' "$stage/share/bash-completion/completions/voltlane" >"$share/bash-completion/completions/voltlane"
    cp "$stage/share/zsh/site-functions/_voltlane" "$share/zsh/vendor-completions/"
    cp "$stage/share/fish/vendor_completions.d/voltlane.fish" "$share/fish/vendor_completions.d/"
    cp "$stage/share/doc"/*.md "$stage/NOTICE" "$doc/"
    gzip -n -9 -c "$project/CHANGELOG.md" >"$doc/changelog.gz"
    date=$(date -u -R -d "$time")
    sed "s/@VERSION@/$version/; s/@MAINTAINER@/$maintainer/; s/@DATE@/$date/" "$here/changelog" | gzip -n -9 >"$doc/changelog.Debian.gz"
}
