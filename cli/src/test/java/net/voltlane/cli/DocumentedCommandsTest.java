package net.voltlane.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.voltlane.cli.ctl.CtlCommand;
import net.voltlane.testkit.pages.Page;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every {@code voltlane} command of the pages, in blocks, sentences and tables, is one that the program takes. */
class DocumentedCommandsTest {
    private static final Pattern COMMAND = Pattern.compile("\\bvoltlane (?:[a-z]+|--\\w+)[^|&>#\"]*");
    private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");

    static Stream<String> commands() {
        TreeSet<String> commands = new TreeSet<>();
        for (Page page : Page.all()) {
            for (String code : code(page)) {
                for (Matcher command = COMMAND.matcher(code); command.find(); ) {
                    commands.add(asTyped(command.group()));
                }
            }
        }
        commands.removeIf(command -> command.contains("…"));
        return commands.stream();
    }

    /** With a value in each place that stands for one. */
    private static String asTyped(String command) {
        return command.substring("voltlane ".length())
                .replace("SCENARIO", "echo")
                .replace("SHELL", "bash")
                .replace("[LEVEL]", "Info")
                .replace("ADDRESS", "192.0.2.7")
                .replaceAll(" (?:ID|\\$id)\\b", " 42")
                .replaceAll("[)\\\\`]", "")
                .replace("$PWD", "/folder")
                .replace("{listen}", "1")
                .replace("{master}", "1")
                .strip();
    }

    /** Text that is set as code: spans in sentences and tables, and the lines of shell blocks. */
    private static List<String> code(Page page) {
        List<String> code = new ArrayList<>();
        CODE.matcher(page.text()).results().map(span -> span.group(1)).forEach(code::add);
        page.blocks("sh").forEach(block -> code.addAll(block.lines()));
        page.blocks("console").stream()
                .flatMap(block -> block.lines().stream())
                .filter(line -> line.startsWith("$ "))
                .forEach(code::add);
        return code;
    }

    @Test
    void thereAreSome() {
        assertThat(commands()).contains("demo", "serve", "echo").hasSizeGreaterThan(10);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void theProgramTakesIt(String command) {
        Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
        commands.put("serve", () -> new ServeCommand(RealServer::start));
        commands.put("echo", EchoCommand::new);
        commands.put("connect", () -> new ConnectCommand(InputStream.nullInputStream(), new ByteArrayOutputStream()));
        commands.put("demo", DemoCommand::new);
        commands.put("bench", BenchCommand::new);
        commands.put("ctl", () -> CtlCommand.commandLine(Path.of(""), Map.of()));
        commands.put("healthcheck", HealthcheckCommand::new);
        commands.put("key", () -> KeyCommand.commandLine(Path.of(""), Map.of()));
        commands.put("completion", () -> new CompletionCommand(() -> Commands.commandLine(Map.of())));
        String[] words = command.split("\\s+");
        if (words.length == 1 && commands.containsKey(command)) {
            return; // a mention
        }

        assertThatCode(() -> Commands.commandLine(commands, words).parseArgs(words))
                .as(command)
                .doesNotThrowAnyException();
    }
}
