# Puts into a layer what an operating system has to give: the C library, and a few files that it reads. Sourced by make.sh,
# for $target, $stage, $layers, $home and fail. After the other layers, whose programs tell which libraries are needed.
# shellcheck shell=sh disable=SC2154

# Loaded by name, so that no program says that it needs them: for names of hosts and users.
by_name="/lib/x86_64-linux-gnu/libnss_files.so.2 /lib/x86_64-linux-gnu/libnss_dns.so.2 /lib/x86_64-linux-gnu/libresolv.so.2"

# Prints where the sources of this system's packages are; nothing on a system whose packages are not understood here.
sources_of_system() {
    command -v dpkg-query >/dev/null || return 0
    case $(sed -n 's/^ID=//p' /etc/os-release) in
    debian) echo https://snapshot.debian.org/package ;;
    ubuntu) echo https://launchpad.net/ubuntu/+source ;;
    esac
}

add_system() {
    tree=$layers/1-system
    # Folders for what a container's runtime mounts are there too, for those that cannot make them.
    for folder in etc tmp data proc sys dev var/lib/dpkg/status.d usr/share/common-licenses; do
        mkdir -p "$tree/$folder"
    done
    find_libraries >"$target/libraries"
    packages=
    for library in $(sort -u "$target/libraries") $by_name; do
        mkdir -p "$tree${library%/*}"
        cp -L "$library" "$tree$library"
        package=$(package_of "$library")
        [ -n "$package" ] || fail "$library is of no package of this system."
        packages="$packages $package"
    done
    for package in $(echo "$packages" | tr ' ' '\n' | sort -u); do
        add_package "${package%%:*}"
    done
    cp -L /etc/os-release "$tree/etc/os-release"
    cat >"$tree/etc/passwd" <<END
root:x:0:0:root:/:/nonexistent
voltlane:x:65532:65532:Voltlane:/data:/nonexistent
END
    cat >"$tree/etc/group" <<END
root:x:0:
voltlane:x:65532:
END
    cat >"$tree/etc/nsswitch.conf" <<END
passwd: files
group: files
hosts: files dns
END
}

# Prints the paths of the libraries that programs and libraries of the other layers need and do not bring along.
find_libraries() {
    find "$layers"/2-runtime "$layers"/3-libraries -type f \( -name '*.so' -o -path '*/runtime/bin/*' -o -name jspawnhelper \) |
        while read -r file; do
            LD_LIBRARY_PATH=$stage/runtime/lib:$stage/runtime/lib/server ldd "$file" || echo "$file: not found"
        done |
        awk -v stage="$stage/" -v layers="$layers/" '
            /not found/ { print "image: " $0 > "/dev/stderr"; missing = 1; next }
            { path = $2 == "=>" ? $3 : $1 }
            path ~ "^/" && index(path, stage) != 1 && index(path, layers) != 1 { print path }
            END { exit missing }'
}

# Prints the package that a file is of. Where /lib is merged into /usr/lib, the package may know it under either, and may have
# diverted the other one.
package_of() {
    dpkg-query -S "$1" "/usr$1" 2>/dev/null | sed -n '/^diversion by /d; s/: .*//p' | sort -u
}

# What has to be told about a package: its licence, where its source is, and for scanners its version.
add_package() {
    doc=$tree/usr/share/doc/$1
    mkdir -p "$doc"
    cp -L "/usr/share/doc/$1/copyright" "$doc/copyright"
    for text in $(grep -o '/usr/share/common-licenses/[A-Za-z0-9.-]*[A-Za-z0-9]' "$doc/copyright" | sort -u); do
        cp -L "$text" "$tree$text"
    done
    # dpkg-query expands the names with a colon.
    dpkg-query -W -f="The source of these files, \${source:Package} \${source:Version}, is at
$(sources_of_system)/\${source:Package}/\${source:Version}
" "$1" >"$doc/SOURCE"
    dpkg-query -s "$1" >"$tree/var/lib/dpkg/status.d/$1"
}
