package net.voltlane.systemtest.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import net.voltlane.testkit.pages.Block;
import net.voltlane.testkit.pages.Page;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every Java block of the pages compiles as it stands, with the imports that stand in it: a whole program, or imports
 * and statements that go into one. What statements may use of the program around them is {@link #AROUND}; each page
 * says so.
 */
class JavaBlocksTest {
    private static final Pattern TYPE =
            Pattern.compile("^(?:public |final )*(?:class|record|interface) (\\w+)", Pattern.MULTILINE);

    /** Names that a fragment may use without declaring them. */
    private static final List<String> AROUND = List.of(
            "String server = \"127.0.0.1:42000\";",
            "net.voltlane.client.VoltlaneClient client;",
            "byte[] pinned;",
            "java.nio.file.Path file;",
            "net.voltlane.backend.Handler handler;");

    @TempDir
    Path folder;

    static Stream<Block> snippets() {
        return Page.all().stream().flatMap(page -> page.blocks("java").stream());
    }

    @Test
    void thereAreSome() {
        assertThat(snippets()).hasSizeGreaterThan(10);
    }

    @ParameterizedTest
    @MethodSource("snippets")
    void itCompilesAsItStands(Block block) throws Exception {
        Matcher type = TYPE.matcher(block.text());
        String name = type.find() ? type.group(1) : "Fragment";
        Path source = folder.resolve(name + ".java");
        Files.writeString(source, name.equals("Fragment") ? wrapped(block) : block.text());

        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            boolean compiled = compiler.getTask(
                            said,
                            files,
                            null,
                            List.of("-d", folder.toString(), "-cp", classPath(), "-proc:none", "-implicit:none"),
                            null,
                            files.getJavaFileObjects(source))
                    .call();
            assertThat(compiled).as("%s%n%s", block, said).isTrue();
        }
    }

    private static String wrapped(Block block) {
        String imports = block.lines().stream()
                .filter(line -> line.startsWith("import "))
                .collect(Collectors.joining("\n"));
        String statements = block.lines().stream()
                .filter(line -> !line.startsWith("import "))
                .collect(Collectors.joining("\n"));
        return imports + "\nabstract class Fragment {\n" + String.join("\n", AROUND)
                + "\nvoid run() throws Exception {\n" + statements + "\n}\n}\n";
    }

    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }
}
