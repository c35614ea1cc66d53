# Makes the Java runtime. Sourced by make.sh, for $jdk, $tree and fail.
# shellcheck shell=sh disable=SC2154

# Modules that the program uses, as jdeps finds them; java.xml and java.naming because classes of Logback name them.
needed="java.base,java.logging,java.management,java.naming,java.xml,jdk.jfr,jdk.management,jdk.net,jdk.unsupported"
# And what operators look into a running server with: jcmd, jstack, jfr.
helpful="jdk.jcmd"
# Modules that jdeps finds and nothing calls: Gson's adapters for types of SQL, which it leaves out where there is no SQL,
# and an annotation of Error Prone's that names a type of the compiler.
unused="java.compiler java.sql"

add_runtime() {
    # A new dependency may need another module.
    found=$("$jdk/bin/jdeps" --multi-release "$wanted_java" --ignore-missing-deps --print-module-deps "$tree"/lib/*.jar)
    for module in $(echo "$found" | tr , ' '); do
        case ",$needed,$(echo "$unused" | tr ' ' ,)," in
        *",$module,"*) ;;
        *) fail "the program uses the module $module, which is not in the list of src/runtime.sh." ;;
        esac
    done
    "$jdk/bin/jlink" --add-modules "$needed,$helpful" --no-header-files --no-man-pages --output "$tree/runtime"
    # jlink writes the version alone. The whole one tells which updates the runtime has.
    grep -E '^(IMPLEMENTOR|IMPLEMENTOR_VERSION|JAVA_RUNTIME_VERSION|JAVA_VERSION_DATE|SOURCE)=' "$jdk/release" \
        >>"$tree/runtime/release" || :
}
