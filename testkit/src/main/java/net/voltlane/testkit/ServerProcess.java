package net.voltlane.testkit;

import static java.util.stream.Collectors.joining;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The {@code voltlane} command in a process of its own: a JVM like the one that runs the tests, with the same class
 * path, or with the packaged command alone where that is on it. What it prints is kept; it is watched, signalled and
 * waited for, always within a limit, and destroyed on {@link #close()}.
 *
 * <p>Any thread may call it.
 */
public final class ServerProcess implements AutoCloseable {
    private static final String ADMIN = "VOLTLANE_ADMIN_ADDRESS";
    /** Its manifest names all that it needs, in the folder {@code lib} beside it. */
    private static final Path PACKAGED = Path.of("cli", "target", "voltlane.jar");

    private static final String MAIN = "net.voltlane.cli.Voltlane";

    private final Process process;
    private final List<Thread> readers = new ArrayList<>();
    private final List<String> errorLines = new ArrayList<>();
    private final List<String> outputLines = new ArrayList<>();

    private ServerProcess(Process process) {
        this.process = process;
        readers.add(collect("server-stderr", process.getErrorStream(), errorLines));
        readers.add(collect("server-stdout", process.getInputStream(), outputLines));
    }

    private static final String TOUCHES = "io.netty.leakDetection.targetRecords";

    /** They let short tests start fast and fail loudly. As many touches of a leaked buffer are noted as in the tests' own JVM. */
    private static final List<String> TEST_FLAGS = List.of(
            "-ea",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Dio.netty.leakDetection.level=paranoid",
            "-D" + TOUCHES + "=" + Integer.getInteger(TOUCHES, 0));

    /** A command that has not been started yet. */
    public static final class Builder {
        private final Path folder;
        private final List<String> jvmFlags = new ArrayList<>();
        private final List<String> arguments = new ArrayList<>();
        private final List<String> launcher = new ArrayList<>();
        private final Map<String, String> environment = new HashMap<>();
        private final List<String> wrapper = new ArrayList<>();
        private ProcessBuilder.Redirect errors = ProcessBuilder.Redirect.PIPE;
        private boolean asShipped;
        private @Nullable Path training;

        private Builder(Path folder) {
            this.folder = folder;
            environment.put(ADMIN, "");
        }

        /** Adds arguments of the command, {@code serve} for a start. */
        public Builder arguments(String... more) {
            arguments.addAll(List.of(more));
            return this;
        }

        /** Adds flags of the JVM, such as {@code -Xmx64m}. */
        public Builder jvm(String... flags) {
            jvmFlags.addAll(List.of(flags));
            return this;
        }

        /** Bounds how many descriptors the process may have open: the soft and the hard limit. */
        public Builder descriptors(int soft, int hard) {
            String limits = "ulimit -Sn " + soft + " && ulimit -Hn " + hard + " && exec \"$@\"";
            launcher.addAll(List.of("sh", "-c", limits, "sh"));
            return this;
        }

        /** Sets a variable. Of the test's own environment no {@code VOLTLANE_*} is passed on. */
        public Builder env(String name, String value) {
            environment.put(name, value);
            return this;
        }

        /** Leaves the admin server to the configuration. Without this there is none, unless {@link #env} sets one. */
        public Builder adminAsConfigured() {
            environment.remove(ADMIN);
            return this;
        }

        /**
         * Has another command start the JVM: its words, to which the JVM's are added, such as
         * {@code prlimit --fsize=0}.
         */
        public Builder behind(String... command) {
            wrapper.addAll(List.of(command));
            return this;
        }

        /** Sends standard error to a file, or a device, in place of {@link ServerProcess#errorLines()}; appends. */
        public Builder errorsTo(Path file) {
            errors = ProcessBuilder.Redirect.appendTo(file.toFile());
            return this;
        }

        /** Leaves out the flags for tests: no assertions, no leak detection, the JVM's own compilers and collector. */
        public Builder asShipped() {
            asShipped = true;
            return this;
        }

        /** Starts this jar, without a {@link ClassArchive}: its end makes one. */
        Builder training(Path jar, Path archive) {
            training = jar;
            return jvm("-XX:ArchiveClassesAtExit=" + archive);
        }

        /** Starts the process; it may not have reached its main method when this returns. */
        public ServerProcess start() {
            List<String> command = new ArrayList<>(wrapper);
            command.addAll(launcher);
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            List<Path> classPath = classPath();
            Optional<Path> packaged = Stream.concat(Stream.ofNullable(training), classPath.stream())
                    .filter(entry -> entry.endsWith(PACKAGED) && Files.isDirectory(entry.resolveSibling("lib")))
                    .findFirst();
            if (!asShipped) {
                command.addAll(TEST_FLAGS);
                if (training == null && packaged.isPresent()) {
                    command.addAll(ClassArchive.flags(packaged.get()));
                }
            }
            command.addAll(flagsOf(Runtime.version().feature()));
            command.addAll(jvmFlags);
            String path = packaged.map(List::of).orElse(classPath).stream()
                    .map(Path::toString)
                    .collect(joining(File.pathSeparator));
            command.addAll(List.of("-cp", path, MAIN));
            command.addAll(arguments);
            ProcessBuilder builder =
                    new ProcessBuilder(command).directory(folder.toFile()).redirectError(errors);
            builder.environment()
                    .keySet()
                    .removeIf(name -> name.startsWith("VOLTLANE_") || name.startsWith("JAVA_TOOL"));
            builder.environment().putAll(environment);
            try {
                return new ServerProcess(builder.start());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** The flags that the launcher gives that Java version. */
        private static List<String> flagsOf(int version) {
            List<String> flags = new ArrayList<>();
            if (version >= 22) {
                flags.add("--enable-native-access=ALL-UNNAMED");
            }
            if (version >= 23) {
                flags.add("--sun-misc-unsafe-memory-access=allow");
            }
            if (version >= 25) {
                flags.add("-XX:+UseCompactObjectHeaders");
            }
            return flags;
        }

        /** Surefire starts its JVM with one jar that names all others, and tells the real class path by a property. */
        private static List<Path> classPath() {
            String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
            return Stream.of(path.split(File.pathSeparator))
                    .map(entry -> Path.of(entry).toAbsolutePath())
                    .toList();
        }
    }

    /** A command to be run in {@code folder}. */
    public static Builder in(Path folder) {
        return new Builder(folder);
    }

    // ---- what it prints

    /** Returns the lines that the server has printed to standard error so far. */
    public List<String> errorLines() {
        return copy(errorLines);
    }

    /** Returns the lines that the server has printed to standard output so far. */
    public List<String> outputLines() {
        return copy(outputLines);
    }

    /** Waits for a line on standard error; gives it back. */
    public String awaitErrorLine(Predicate<String> wanted, Duration limit) {
        Deadline deadline = Deadline.in(limit);
        synchronized (errorLines) {
            try {
                while (true) {
                    for (String line : errorLines) {
                        if (wanted.test(line)) {
                            return line;
                        }
                    }
                    long millis = deadline.remainingMillis();
                    if (millis == 0) {
                        throw new AssertionError("server: the line did not come within " + deadline + report());
                    }
                    errorLines.wait(millis);
                }
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }
    }

    // ---- its life

    /** The process id. */
    public long pid() {
        return process.pid();
    }

    /** Returns true while the process runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Waits until {@code address} accepts connections. */
    public ServerProcess awaitPort(InetSocketAddress address, Duration limit) {
        Deadline deadline = Deadline.in(limit);
        while (!accepts(address)) {
            if (deadline.isOver()) {
                throw new AssertionError("server: does not accept on " + address + " within " + deadline + report());
            }
            try {
                if (process.waitFor(20, TimeUnit.MILLISECONDS)) {
                    joinReaders();
                    throw new AssertionError(
                            "server: ended with status " + process.exitValue() + " instead of accepting" + report());
                }
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }
        return this;
    }

    /** Returns true if a connection to the address is accepted. */
    public static boolean accepts(InetSocketAddress address) {
        try (Socket probe = new Socket()) {
            probe.connect(address, 1_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Sends a signal by its short name: {@code TERM}, {@code INT}, {@code HUP}, {@code KILL}, {@code STOP},
     * {@code CONT}.
     */
    public void signal(String name) {
        try {
            // The shell's own: the program of that name is not on every machine.
            Process kill = new ProcessBuilder("sh", "-c", "kill -s " + name + " " + process.pid()).start();
            if (!kill.waitFor(5, TimeUnit.SECONDS) || kill.exitValue() != 0) {
                throw new AssertionError("server: can't be sent " + name + report());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Waits for its end; gives back its exit status. Everything it printed has been collected by then. */
    public int awaitExit(Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("server: did not end within " + limit.toMillis() + " ms" + report());
            }
            joinReaders();
            return process.exitValue();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Destroys the process if it still runs, and waits until it is gone. */
    @Override
    public void close() {
        process.destroyForcibly();
        awaitExit(Duration.ofSeconds(10));
    }

    /** Returns the printed lines that a server must never print: stack traces, and reports of leaked buffers. */
    public List<String> shamefulLines() {
        return errorLines().stream()
                .filter(line -> line.startsWith("\tat ")
                        || line.contains("LEAK:")
                        || line.contains("AssertionError")
                        || line.startsWith("Exception in thread")
                        || line.contains("\\n\\tat "))
                .toList();
    }

    /** Its output, for failure messages. */
    public String report() {
        return ", its standard error:\n  " + String.join("\n  ", errorLines());
    }

    private static Thread collect(String name, InputStream stream, List<String> lines) {
        Thread thread = new Thread(
                () -> {
                    try (BufferedReader reader =
                            new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                            synchronized (lines) {
                                lines.add(line);
                                lines.notifyAll();
                            }
                        }
                    } catch (IOException e) {
                        // the process was destroyed
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void joinReaders() throws InterruptedException {
        for (Thread reader : readers) {
            reader.join(5_000);
        }
    }

    private static List<String> copy(List<String> lines) {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }

    private static AssertionError interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new AssertionError("interrupted", e);
    }
}
