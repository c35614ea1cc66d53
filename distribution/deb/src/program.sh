# Puts the program and its unit into the package. Sourced by make.sh, for $stage, $project and $root.
# shellcheck shell=sh disable=SC2154

add_program() {
    mkdir -p "$root/usr/lib/voltlane" "$root/usr/bin"
    cp -R "$stage/bin" "$stage/lib" "$stage/runtime" "$root/usr/lib/voltlane/"
    ln -s ../lib/voltlane/bin/voltlane "$root/usr/bin/voltlane"
}

# The unit of the project, with the paths of the package, and without the lines above it, which tell what to do by hand.
add_unit() {
    unit=$root/usr/lib/systemd/system/voltlane.service
    mkdir -p "$(dirname "$unit")"
    {
        echo "# Voltlane as a service of systemd. Change it by \"systemctl edit voltlane\": an upgrade replaces this file."
        echo
        sed -n '/^\[Unit\]/,$p' "$project/deploy/systemd/voltlane.service" |
            sed 's,/opt/voltlane/bin/,/usr/bin/,; s,/opt/voltlane/share/doc/,/usr/share/doc/voltlane/,; s,docs/\([A-Z]*\.md\),/usr/share/doc/voltlane/\1,'
    } >"$unit"
    ! grep -n /opt/ "$unit" || fail "the unit has paths of an archive."
}
