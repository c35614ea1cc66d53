# Puts the program, its launcher and its pages into a tree. Sourced by make.sh, for $project, $jdk, $target and $tree.
# shellcheck shell=sh disable=SC2154

# Without the jars that match the pattern $1.
add_program() {
    mkdir -p "$tree/bin" "$tree/lib/launcher" "$tree/share/systemd" "$tree/share/doc"
    cp "$project/voltlane" "$tree/bin/voltlane"
    for part in launch java flags cache; do
        cp "$project/launcher/$part.sh" "$tree/lib/launcher/"
    done
    cp "$target/voltlane.jar" "$target/jars"/*.jar "$tree/lib/"
    [ -z "$1" ] || find "$tree/lib" -name "$1" -exec rm {} +
    cp "$project/deploy/systemd/voltlane.service" "$tree/share/systemd/"
    cp "$project/docs"/*.md "$tree/share/doc/"
    cp "$project/LICENSE" "$project/NOTICE" "$tree/"
    cp "$here/INSTALL" "$tree/"
}

# Netty would unpack these into /tmp at each start, for which it looks into all jars, and which fails where /tmp is mounted
# noexec. They stay in their jars, too, for who starts the program otherwise.
add_natives() {
    rm -rf "$target/natives"
    mkdir -p "$target/natives" "$tree/lib/native"
    for jar in "$tree"/lib/netty-*-linux-x86_64.jar; do
        (cd "$target/natives" && "$jdk/bin/jar" --extract --file "$jar" META-INF/native)
    done
    cp "$target/natives/META-INF/native"/*.so "$tree/lib/native/"
}

# Man pages, and completions for shells where those look for them; the program itself writes both.
add_pages() {
    bash=$tree/share/bash-completion/completions
    zsh=$tree/share/zsh/site-functions
    fish=$tree/share/fish/vendor_completions.d
    man=$tree/share/man/man1
    mkdir -p "$bash" "$zsh" "$fish" "$man"
    "$tree/runtime/bin/java" -cp "$tree/lib/voltlane.jar" net.voltlane.cli.ManualPages "$man"
    "$tree/bin/voltlane" completion bash >"$bash/voltlane"
    "$tree/bin/voltlane" completion zsh >"$zsh/_voltlane"
    "$tree/bin/voltlane" completion fish >"$fish/voltlane.fish"
}
