# Collects the licences of all jars, and says which jar has which. Sourced by make.sh, for $project, $here, $jdk, $target, $tree
# and fail.
# shellcheck shell=sh disable=SC2154

add_licences() {
    mkdir -p "$tree/licences"
    {
        echo "Licences of the jars in lib; those of the Java runtime, if there is one, are in runtime/legal."
        echo "The source of Logback is at https://github.com/qos-ch/logback."
        echo "The source of H2 is at https://github.com/h2database/h2database."
        echo
    } >"$tree/licences/README"
    for path in "$tree"/lib/*.jar; do
        add_licence "${path##*/}"
    done
}

# Adds what belongs to the jar $1.
add_licence() {
    row=
    while read -r pattern licence texts; do
        # shellcheck disable=SC2254 # it is a pattern
        case $1 in
        $pattern) row=yes && break ;;
        esac
    done <"$here/licences/table"
    [ -n "$row" ] || fail "src/licences/table does not say which licence $1 has."
    [ "$texts" != - ] || texts=
    for text in $texts; do
        case $text in
        Apache-2.0.txt) cp "$project/LICENSE" "$tree/licences/$text" ;;
        uPlot.txt) cp "$project/admin/src/main/resources/net/voltlane/admin/dashboard/uplot/LICENSE" "$tree/licences/$text" ;;
        *) cp "$here/licences/$text" "$tree/licences/$text" ;;
        esac
    done
    take_out "$1"
    [ -n "$texts" ] || fail "neither src/licences/table nor $1 itself has the text of its licence."
    echo "$1: $(echo "$licence" | sed 's/,/, /g'), see $(echo "$texts" | sed 's/^ *//; s/ /, /g')" >>"$tree/licences/README"
}

# Takes out of the jar $1 the licences and notices in it, into a folder of its name, with the folders that they have in the jar:
# names alone may be the same.
take_out() {
    inside=$target/inside
    rm -rf "$inside"
    mkdir -p "$inside"
    # A jar of the project only repeats what is there already.
    case $1 in
    voltlane*) return 0 ;;
    esac
    (cd "$inside" && "$jdk/bin/jar" --extract --file "$tree/lib/$1" META-INF)
    for found in $(cd "$inside/META-INF" && find . -type f \( -name 'LICENSE*' -o -name 'NOTICE*' \) | sort); do
        text=${1%.jar}/${found#./}
        mkdir -p "$tree/licences/${text%/*}"
        cp "$inside/META-INF/$found" "$tree/licences/$text"
        texts="$texts $text"
    done
}
