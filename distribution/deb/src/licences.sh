# Puts the licences into the package. Sourced by make.sh, for $stage, $here, $root and fail.
# shellcheck shell=sh disable=SC2154

# src/copyright, with the text of a file in place of each line "@file FILE", or "@file FILE from PATTERN".
add_copyright() {
    doc=$root/usr/share/doc/voltlane
    cp -R "$stage/licences" "$doc/"
    while IFS= read -r line; do
        case $line in
        "@file "*) put_text "${line#@file }" ;;
        *) printf '%s\n' "$line" ;;
        esac
    done <"$here/copyright" >"$doc/copyright"
    for jar in "$root"/usr/lib/voltlane/lib/*.jar; do
        is_named "usr/lib/voltlane/lib/${jar##*/}" || fail "src/copyright has no paragraph for ${jar##*/}."
    done
}

# Whether a paragraph is for the jar $1; those of the project are under the first one.
is_named() {
    case ${1##*/} in
    voltlane*) return 0 ;;
    esac
    sed -n 's/^Files: //p' "$here/copyright" | while IFS= read -r pattern; do
        [ "$pattern" != "*" ] || continue
        # shellcheck disable=SC2254 # it is a pattern
        case $1 in
        $pattern) echo yes ;;
        esac
    done | grep -q yes
}

# Prints a text as the format wants it: a blank before each line, and a dot where a line is empty.
put_text() {
    pattern=
    case $1 in
    *" from "*) pattern=${1#* from } ;;
    esac
    # shellcheck disable=SC2086 # the name of the folder may have a version in it
    set -- "$stage"/${1%% from *}
    [ -s "$1" ] || fail "$1 is missing, for src/copyright."
    awk -v pattern="$pattern" '
        index($0, pattern) { found = 1 }
        found { sub(/[ \t\r]+$/, ""); print ($0 == "" ? " ." : " " $0) }
        END { exit !found }' "$1" || fail "$1 has no line with $pattern."
}
