# Puts the configuration into the package: the program's own template, with the values that a service has. Sourced by make.sh,
# for $project, $here, $root and fail.
# shellcheck shell=sh disable=SC2154

template=server/src/main/resources/net/voltlane/server/config/connserver.toml

add_config() {
    config=$root/etc/voltlane/connserver.toml
    mkdir -p "$(dirname "$config")" "$root/etc/default"
    sed 's,docs/CONFIGURATION.md,/usr/share/doc/voltlane/CONFIGURATION.md,
        s,^# Settings of the Voltlane connection server. You may leave out any key: the values below are the defaults\.$,# Settings of the Voltlane connection server. You may leave out any key. The values below are the defaults\, but for\
# listener.address\, listener.key_file and admin.token_file\, which are those of the Debian package.,' \
        "$project/$template" >"$config"
    grep -q 'of the Debian package' "$config" || fail "$template begins in another way."
    # Clients are on other machines. The admin server keeps its default, loopback.
    set_value listener address '"127.0.0.1:42000"' '"0.0.0.0:42000"'
    # What the server makes, where it may write.
    set_value listener key_file '"connserver.key"' '"/var/lib/voltlane/connserver.key"'
    set_value admin token_file '"admin.token"' '"/var/lib/voltlane/admin.token"'
    grep -q '^address = "127\.0\.0\.1:42002"$' "$config" || fail "the admin server is not on loopback."
    cp "$here/default" "$root/etc/default/voltlane"
}

# Changes, in section $1, the value of key $2 from the default $3 to $4.
set_value() {
    awk -v section="[$1]" -v old="$2 = $3" -v new="$2 = $4" '
        /^\[/ { current = $0 }
        current == section && $0 == old { $0 = new; found = 1 }
        { print }
        END { exit !found }' "$config" >"$config.new" || fail "$template has no $2 = $3 in the section $1."
    mv "$config.new" "$config"
}
