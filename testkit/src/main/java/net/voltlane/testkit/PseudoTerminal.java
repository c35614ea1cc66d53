package net.voltlane.testkit;

import java.io.File;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * Terminals for tests, made by the program {@code script}. A container without {@code /dev/pts} has none to give, even
 * where the program is installed.
 */
public final class PseudoTerminal {
    private static final int LIMIT_SECONDS = 10;

    private PseudoTerminal() {}

    /** Leaves the running test out, and says why, where no terminal can be made or set up. */
    public static void assumeAvailable() throws IOException, InterruptedException {
        Assumptions.assumeTrue(
                isAvailable(), "left out: script and stty are not installed, or the system has no pseudo-terminals");
    }

    private static boolean isAvailable() throws IOException, InterruptedException {
        Process trial = new ProcessBuilder("sh", "-c", "exec script -qfec 'stty -g' /dev/null")
                .redirectErrorStream(true)
                .redirectOutput(new File("/dev/null"))
                .start();
        trial.getOutputStream().close();
        boolean hasEnded = trial.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
        trial.destroyForcibly();
        return hasEnded && trial.exitValue() == 0;
    }
}
