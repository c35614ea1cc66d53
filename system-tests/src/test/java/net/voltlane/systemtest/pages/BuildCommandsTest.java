package net.voltlane.systemtest.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.voltlane.testkit.pages.Page;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every {@code mvn} command of the pages, in blocks, sentences and tables: modules, profiles, tests and properties that
 * it names are there. Running them would take hours.
 */
class BuildCommandsTest {
    private static final Pattern COMMAND = Pattern.compile("\\bmvn [^`\\n|]*");
    private static final Pattern PROPERTY = Pattern.compile("-D([\\w.]+)(?:=(\\S*))?");

    private static String builds = "";
    private static List<String> sources = List.of();

    static Stream<String> commands() {
        TreeSet<String> commands = new TreeSet<>();
        for (Page page : Page.all()) {
            for (Matcher command = COMMAND.matcher(page.text()); command.find(); ) {
                commands.add(command.group().strip());
            }
        }
        return commands.stream();
    }

    @BeforeAll
    static void readTheBuild() throws IOException {
        StringBuilder poms = new StringBuilder();
        try (Stream<Path> files = Files.walk(Page.PROJECT)) {
            sources = files.filter(file -> !file.toString().contains("/target/"))
                    .map(Path::toString)
                    .filter(file -> file.endsWith(".java") || file.endsWith("pom.xml"))
                    .toList();
        }
        for (String file : sources) {
            if (file.endsWith("pom.xml")) {
                poms.append(Files.readString(Path.of(file)));
            }
        }
        builds = poms.toString();
    }

    @Test
    void thereAreSome() {
        assertThat(commands()).hasSizeGreaterThan(10);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void whatItNamesIsThere(String command) throws IOException {
        List<String> words = List.of(command.split("\\s+"));
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("-pl") && i + 1 < words.size()) {
                for (String module : words.get(i + 1).split(",")) {
                    assertThat(module.equals("MODULE") || Files.exists(Page.PROJECT.resolve(module + "/pom.xml")))
                            .as("%s: module %s", command, module)
                            .isTrue();
                }
            } else if (word.startsWith("-P")) {
                assertThat(builds).as(command).contains("<id>" + word.substring(2) + "</id>");
            } else if (word.startsWith("-D")) {
                property(command, word);
            }
        }
    }

    private static void property(String command, String word) throws IOException {
        Matcher property = PROPERTY.matcher(word);
        assertThat(property.lookingAt()).as("%s: %s", command, word).isTrue();
        String name = property.group(1);
        if (name.equals("test") || name.equals("fuzz.target")) {
            String test = property.group(2).replaceFirst("#.*", "");
            assertThat(test.equals("Class") || sources.stream().anyMatch(file -> file.endsWith("/" + test + ".java")))
                    .as("%s: test %s", command, test)
                    .isTrue();
        }
        assertThat(List.of("test", "skipTests", "surefire.failIfNoSpecifiedTests")
                                .contains(name)
                        || isRead(name))
                .as("%s: somebody reads %s", command, name)
                .isTrue();
    }

    /** Returns true if a build file or a source contains the property's name. */
    private static boolean isRead(String name) throws IOException {
        if (builds.contains(name)) {
            return true;
        }
        for (String file : sources) {
            if (file.endsWith(".java") && Files.readString(Path.of(file)).contains('"' + name + '"')) {
                return true;
            }
        }
        return false;
    }
}
