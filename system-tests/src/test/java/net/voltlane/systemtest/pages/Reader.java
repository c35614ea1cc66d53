package net.voltlane.systemtest.pages;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.voltlane.testkit.Ports;
import net.voltlane.testkit.pages.Block;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who goes through a page from its top, in a {@link BuiltTree}: saves files, pastes commands into bash, leaves
 * running what runs on, types into it, and compares what is shown. Other tests may have the default ports, so commands get others
 * where the page names the default ones or leaves them to the program.
 */
final class Reader implements AutoCloseable {
    private static final long LIMIT_SECONDS = 60;
    private static final String CTRL_C = "^C\n";
    private static final Pattern FILE = Pattern.compile("file: (\\S+)");
    private static final Pattern RUN =
            Pattern.compile("run: (shows|stays, after) \"([^\"]+)\"(?:, instead of \"([^\"]+)\")?(?:, status (\\d+))?");

    private static final Pattern TYPED = Pattern.compile("typed into \"([^\"]+)\"");
    private static final Pattern SHOWN = Pattern.compile("shown by \"([^\"]+)\"");

    /** A command that runs, or has run, and a file with all that it has shown. */
    private record Running(Block block, Process process, Path output) {}

    private final Path folder;
    private final List<String> jvmFlags;
    private final String clientsPort = Integer.toString(Ports.free());
    private final String backendPort = Integer.toString(Ports.free());
    private final String adminPort = Integer.toString(Ports.free());
    private final String tlsPort = Integer.toString(Ports.free());
    private final String webSocketTlsPort = Integer.toString(Ports.free());
    private final String webSocketPort = Integer.toString(Ports.free());
    private final String cablePort = Integer.toString(Ports.free());
    private final List<Running> running = new ArrayList<>();
    /** The number of lines of a program's output that the page has shown. */
    private final Map<Path, Integer> linesRead = new HashMap<>();

    private int outputs;
    private @Nullable Path lastOutput;

    Reader(Path folder, BuiltTree tree) throws IOException {
        this.folder = folder;
        tree.linkInto(folder);
        jvmFlags = tree.jvmFlags();
    }

    /** Does what the page says about one block. */
    void read(Block block) throws IOException, InterruptedException {
        Matcher file = FILE.matcher(block.mark());
        Matcher typed = TYPED.matcher(block.mark());
        Matcher shown = SHOWN.matcher(block.mark());
        if (typed.matches()) {
            type(block, runs(typed.group(1)).process());
        } else if (shown.matches()) {
            compareNext(block, runs(shown.group(1)));
        } else if (file.matches()) {
            Files.writeString(folder.resolve(file.group(1)), withOwnPorts(block.text()));
        } else if (block.mark().equals("output")) {
            assertThat(lastOutput).as("%s: of which command?", block).isNotNull();
            compare(block, lastOutput);
        } else if (block.language().equals("sh") && !block.isExcused()) {
            Matcher run = RUN.matcher(block.mark());
            assertThat(run.matches()).as("%s: mark \"%s\"", block, block.mark()).isTrue();
            if (run.group(3) != null) {
                stop(run.group(3));
            }
            int status = run.group(4) == null ? 0 : Integer.parseInt(run.group(4));
            run(block, run.group(1).equals("shows"), run.group(2), status);
        }
    }

    private void run(Block block, boolean ends, String text, int status) throws IOException, InterruptedException {
        String expected = withOwnPorts(text);
        Path output = folder.resolve("output-" + outputs++);
        Process process = start(withOwnPorts(block.text()), output, ends);
        running.add(new Running(block, process, output));
        await(process, output, shown -> !ends && shown.contains(expected));
        String shown = Files.readString(output);
        assertThat(shown).as(block.toString()).contains(expected);
        if (ends) {
            assertThat(process.isAlive()).as("%s: still runs%n%s", block, shown).isFalse();
            assertThat(process.exitValue()).as("%s: status%n%s", block, shown).isEqualTo(status);
            lastOutput = output;
        } else {
            assertThat(process.isAlive()).as("%s: has ended%n%s", block, shown).isTrue();
        }
    }

    /** Waits until the process has ended or has shown what is wanted. */
    private static void await(Process process, Path output, Predicate<String> done)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        while (!process.waitFor(50, TimeUnit.MILLISECONDS) && !done.test(Files.readString(output))) {
            if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(LIMIT_SECONDS)) {
                return;
            }
        }
    }

    /** Starts commands. Those that stay get what the reader types; others find the end of their input at once. */
    private Process start(String commands, Path output, boolean ends) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("bash", "-e", "-o", "pipefail", "-c", commands)
                .directory(folder.toFile())
                .redirectInput(ends ? Redirect.from(new File("/dev/null")) : Redirect.PIPE)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("VOLTLANE_") || name.startsWith("JAVA_TOOL"));
        String java = System.getProperty("java.home");
        environment.put("PATH", java + "/bin:" + environment.get("PATH"));
        environment.put("VOLTLANE_JAVA_HOME", java);
        environment.put("VOLTLANE_AOT", "off"); // the launcher's own takes longer to make than the tree's
        environment.put("VOLTLANE_JAVA_OPTS", String.join(" ", jvmFlags));
        environment.put("VOLTLANE_LISTENER_ADDRESS", "127.0.0.1:" + clientsPort);
        environment.put("VOLTLANE_MASTER_ADDRESS", "127.0.0.1:" + backendPort);
        environment.put("VOLTLANE_ADMIN_ADDRESS", "127.0.0.1:" + adminPort);
        return builder.start();
    }

    /** The variables that the server reads give it the other ports; all else has to be said in the command. */
    private String withOwnPorts(String text) {
        return text.replace("127.0.0.1:42000", "127.0.0.1:" + clientsPort)
                .replace("127.0.0.1/42000", "127.0.0.1/" + clientsPort)
                .replace("127.0.0.1:42001", "127.0.0.1:" + backendPort)
                .replace("127.0.0.1:42002", "127.0.0.1:" + adminPort)
                .replace("127.0.0.1:42443", "127.0.0.1:" + tlsPort)
                .replace("localhost:42443", "localhost:" + tlsPort)
                .replace("127.0.0.1:8443", "127.0.0.1:" + webSocketTlsPort)
                .replace("localhost:8443", "localhost:" + webSocketTlsPort)
                .replace("127.0.0.1:8080", "127.0.0.1:" + webSocketPort)
                .replace("127.0.0.1/8080", "127.0.0.1/" + webSocketPort)
                .replace("127.0.0.1:42010", "127.0.0.1:" + cablePort)
                .replace("Cable.java 42010 42000", "Cable.java " + cablePort + " " + clientsPort)
                .replaceAll("(?m)^\\./voltlane echo$", "./voltlane echo --listen 127.0.0.1:" + backendPort);
    }

    private static void type(Block block, Process process) throws IOException {
        if (block.text().equals(CTRL_C)) {
            end(process);
            return;
        }
        process.getOutputStream().write(block.text().getBytes(UTF_8));
        process.getOutputStream().flush();
    }

    /** Checks that a program has shown this block, and nothing else, since the page last looked at it. */
    private void compareNext(Block block, Running program) throws IOException, InterruptedException {
        int read = linesRead.getOrDefault(program.output(), 0);
        int expected = read + block.lines().size();
        await(program.process(), program.output(), shown -> shown.lines().count() >= expected && shown.endsWith("\n"));
        List<String> shown = Files.readAllLines(program.output());
        assertThat(shown.subList(Math.min(read, shown.size()), shown.size()))
                .as(block.toString())
                .isEqualTo(block.lines());
        linesRead.put(program.output(), shown.size());
    }

    /** Every line of the block was shown, but for figures, which differ, and how far they are apart. */
    private static void compare(Block block, Path output) throws IOException {
        List<String> shown =
                Files.readAllLines(output).stream().map(Reader::withoutFigures).toList();
        assertThat(block.lines().stream()
                        .filter(line -> !line.isBlank() && !line.strip().equals("…"))
                        .map(Reader::withoutFigures))
                .as(block.toString())
                .isSubsetOf(shown);
    }

    private static String withoutFigures(String line) {
        return line.replaceAll("\\d[\\d,.]*", "N").replaceAll("\\s+", " ").strip();
    }

    private Running runs(String command) {
        return running.stream()
                .filter(one ->
                        one.block().text().contains(command) && one.process().isAlive())
                .findFirst()
                .orElseThrow(() -> new AssertionError("nothing runs that says " + command));
    }

    private void stop(String command) {
        end(runs(command).process());
    }

    private static void end(Process process) {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        all.forEach(ProcessHandle::destroy);
        process.onExit().completeOnTimeout(process, 10, TimeUnit.SECONDS).join();
        all.forEach(ProcessHandle::destroyForcibly);
        process.onExit().join();
    }

    @Override
    public void close() {
        for (Running one : running) {
            end(one.process());
        }
    }
}
