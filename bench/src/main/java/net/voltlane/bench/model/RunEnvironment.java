package net.voltlane.bench.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The environment of a run.
 *
 * @param time when it began, UTC
 * @param benchVersion the version of the bench
 * @param serverVersion that of the server, or that it is not known
 * @param server what was measured
 * @param backend who answered
 * @param transport how the generator's sockets are served
 * @param system operating system and architecture
 * @param processor its model, as far as it is known
 * @param cores that this process may use
 * @param java the JVM of the generator
 */
public record RunEnvironment(
        Instant time,
        String benchVersion,
        String serverVersion,
        String server,
        String backend,
        String transport,
        String system,
        String processor,
        int cores,
        String java) {

    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    /** The environment of this process, now. */
    public static RunEnvironment here(
            String benchVersion, String serverVersion, String server, String backend, String transport) {
        return new RunEnvironment(
                Instant.now().truncatedTo(ChronoUnit.SECONDS),
                benchVersion,
                serverVersion,
                server,
                backend,
                transport,
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"),
                processorModel(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.vm.name") + " " + Runtime.version());
    }

    private static String processorModel() {
        try (var lines = Files.lines(CPU_INFO)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }
}
