package net.voltlane.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * Signals that this JVM was started to ignore: HUP by {@code nohup}, INT by a script that runs it in the background. Its
 * child processes ignore them as well, and no program may change that, so what they do at such a signal can't be tested.
 */
public final class IgnoredSignals {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String MASK = "SigIgn:";
    /** Numbers are those of Linux, from 1; the others can't be seen here. */
    private static final List<String> NAMES = List.of("HUP", "INT");

    private IgnoredSignals() {}

    /**
     * Leaves the running test out, and says why, where this signal is ignored.
     *
     * @param name short, such as {@code INT}
     */
    public static void assumeHeard(String name) {
        Assumptions.assumeFalse(
                contains(name), () -> "left out: these tests were started with the signal " + name + " ignored");
    }

    private static boolean contains(String name) {
        int bit = NAMES.indexOf(name);
        return bit >= 0 && (mask() >>> bit & 1) != 0;
    }

    /** Returns a mask with a bit for each ignored signal; 0 if the system does not tell. */
    private static long mask() {
        try {
            return mask(Files.readAllLines(STATUS));
        } catch (IOException unknown) {
            return 0;
        }
    }

    static long mask(List<String> status) {
        return status.stream()
                .filter(line -> line.startsWith(MASK))
                .mapToLong(line ->
                        Long.parseUnsignedLong(line.substring(MASK.length()).strip(), 16))
                .findAny()
                .orElse(0);
    }
}
