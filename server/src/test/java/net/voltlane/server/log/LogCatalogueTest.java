package net.voltlane.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

/**
 * The events and fields of the log, as {@code docs/LOGGING.md} lists them and the code uses them. After a change,
 * {@code mvn verify -pl server -am -Dcatalogue.write=true} writes the tables of that page anew.
 */
final class LogCatalogueTest {
    private static final Path PAGE = Path.of("..", "docs", "LOGGING.md");
    /** Commands that log for somebody in front of a terminal: no operator reads their log by programs. */
    private static final Set<String> FOR_PEOPLE = Set.of("EchoCommand.java");

    private static final Pattern WITHOUT_EVENT =
            Pattern.compile("log\\.(info|warn|error|atInfo|atWarn|atError)\\(|log::(info|warn|error)");
    private static final Pattern LITERAL_FIELD = Pattern.compile("addKeyValue\\(\\s*\"");

    @Test
    void thePageListsAllEventsAndFields() throws IOException {
        String page = Files.readString(PAGE);
        String wanted = withTable(
                page, "<!-- made from LogEvent, and checked against it -->\n", "<!-- end of events -->", events());
        wanted = withTable(
                wanted, "<!-- made from LogField, and checked against it -->\n", "<!-- end of fields -->", fields());
        if (Boolean.getBoolean("catalogue.write")) {
            Files.writeString(PAGE, wanted);
        }
        assertThat(Files.readString(PAGE)).isEqualTo(wanted);
    }

    @Test
    void everyEventAndFieldIsUsed() throws IOException {
        String code = sources().stream().map(LogCatalogueTest::read).collect(Collectors.joining());
        assertThat(LogEvent.values()).allSatisfy(event -> assertThat(code).contains("LogEvent." + event.name()));
        assertThat(LogField.values())
                .filteredOn(field -> field != LogField.EVENT)
                .allSatisfy(field -> assertThat(code).contains("LogField." + field.name() + ".key()"));
    }

    @Test
    void everyLineAtInfoAndAboveIsOfAnEvent() throws IOException {
        for (Path source : sources()) {
            String code = read(source);
            assertThat(WITHOUT_EVENT.matcher(code).find())
                    .as(source + " logs without an event")
                    .isFalse();
            assertThat(LITERAL_FIELD.matcher(code).find())
                    .as(source + " has a field of its own")
                    .isFalse();
        }
    }

    @Test
    void namesAreInSnakeCaseAndFieldsAreDistinctFromThoseOfEveryLine() {
        assertThat(Arrays.stream(LogEvent.values()).map(LogEvent::id)).allMatch(id -> id.matches("[a-z]+(_[a-z]+)*"));
        assertThat(Arrays.stream(LogField.values()).map(LogField::key))
                .allMatch(key -> key.matches("[a-z]+(_[a-z]+)*"))
                .doesNotHaveDuplicates()
                .doesNotContain("time", "level", "logger", "thread", "message", "error");
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> server = Files.walk(Path.of("src", "main"));
                Stream<Path> admin = Files.walk(Path.of("..", "admin", "src", "main"));
                Stream<Path> cli = Files.walk(Path.of("..", "cli", "src", "main"))) {
            List<Path> all = Stream.of(server, admin, cli)
                    .flatMap(Function.identity())
                    .filter(path -> path.toString().endsWith(".java"))
                    .filter(path -> !FOR_PEOPLE.contains(path.getFileName().toString()))
                    .toList();
            assertThat(all).hasSizeGreaterThan(200);
            return all;
        }
    }

    private static String read(Path source) {
        try {
            return Files.readString(source);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String withTable(String page, String begin, String end, String table) {
        int from = page.indexOf(begin) + begin.length();
        int to = page.indexOf(end, from);
        assertThat(from).as(begin).isGreaterThan(begin.length());
        assertThat(to).as(end).isGreaterThan(0);
        return page.substring(0, from) + "\n" + table + "\n" + page.substring(to);
    }

    private static String events() {
        StringBuilder out = new StringBuilder("| event | level | meaning |\n| --- | --- | --- |\n");
        for (LogEvent event : LogEvent.values()) {
            out.append("| `").append(event.id()).append("` | ").append(title(event.level()));
            out.append(" | ").append(event.description()).append(". |\n");
        }
        return out.toString();
    }

    private static String fields() {
        StringBuilder out = new StringBuilder("| field | type | meaning |\n| --- | --- | --- |\n");
        for (LogField field : LogField.values()) {
            out.append("| `").append(field.key()).append("` | ").append(field.type());
            out.append(" | ").append(field.description()).append(". |\n");
        }
        return out.toString();
    }

    private static String title(Level level) {
        return level.name().charAt(0) + level.name().substring(1).toLowerCase(Locale.ROOT);
    }
}
