package net.voltlane.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code docs/SECURITY.md} names the test that shows each of its lines: they are there. */
class SecurityDocumentTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Pattern TEST = Pattern.compile("`(\\w+)#(\\w+)`");

    private static List<Path> tests;

    /** Once: there are tens of thousands of files. */
    @BeforeAll
    static void find() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            tests = files.filter(file -> file.toString().contains("/src/test/")
                            && file.toString().endsWith(".java"))
                    .toList();
        }
    }

    static List<String> namedTests() throws IOException {
        Matcher names = TEST.matcher(Files.readString(ROOT.resolve("docs/SECURITY.md")));
        return names.results()
                .map(name -> name.group(1) + "#" + name.group(2))
                .filter(name -> !name.equals("Class#method"))
                .distinct()
                .toList();
    }

    @ParameterizedTest
    @MethodSource("namedTests")
    void theTestIsThere(String name) {
        String[] parts = name.split("#");
        List<Path> sources =
                tests.stream().filter(file -> file.endsWith(parts[0] + ".java")).toList();
        assertThat(sources).isNotEmpty();
        assertThat(sources).anySatisfy(source -> assertThat(source).content().contains(" void " + parts[1] + "("));
    }

    @Test
    void manyAreNamed() throws IOException {
        assertThat(namedTests()).hasSizeGreaterThan(40);
    }
}
