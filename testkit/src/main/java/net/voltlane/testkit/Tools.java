package net.voltlane.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * Programs that some tests need, and that neither Java nor Maven brings. A test whose program is missing is left out; where
 * the environment has {@value #REQUIRED}{@code =true}, as in {@code .ci/run}, it fails.
 */
public final class Tools {
    /** The variable that makes a test fail whose program is missing. Tests in JavaScript read it, too. */
    public static final String REQUIRED = "REQUIRE_TEST_TOOLS";

    private static final int OLDEST_NODE = 20;
    private static final Pattern NODE_VERSION = Pattern.compile("v(\\d+)\\..*");

    private Tools() {}

    /** Tells whether a missing program is a failure here. */
    public static boolean areRequired() {
        return "true".equals(System.getenv(REQUIRED));
    }

    /**
     * Goes on if a program is there. If not, leaves the running test out, or fails it where programs are required.
     *
     * @param what what is missing, and how to get it
     */
    public static void need(boolean isThere, String what) {
        if (!isThere) {
            if (areRequired()) {
                throw new AssertionError(what + " (" + REQUIRED + "=true: no test may be left out)");
            }
            System.out.println("Left out: " + what);
            Assumptions.abort(what);
        }
    }

    /** Needs a program that is on the PATH, in any version. */
    public static void needProgram(String name) {
        need(isInstalled(name), name + " is not installed");
    }

    /** Needs a Node on which the JavaScript SDK runs. */
    public static void needNode() throws InterruptedException {
        String found = nodeVersion();
        Matcher version = NODE_VERSION.matcher(found);
        need(
                version.matches() && Integer.parseInt(version.group(1)) >= OLDEST_NODE,
                "Node " + OLDEST_NODE + " or newer is not installed, "
                        + (found.isEmpty() ? "nor an older one" : "but " + found)
                        + " (nodejs.org has it, and so has Debian 13; the package of Debian 12 is Node 18)");
    }

    /** Returns true if a program is on the PATH. */
    public static boolean isInstalled(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /** Returns what {@code node --version} says; empty if there is no Node. */
    private static String nodeVersion() throws InterruptedException {
        try {
            Process process = new ProcessBuilder("node", "--version").start();
            String version = new String(process.getInputStream().readAllBytes(), US_ASCII);
            process.waitFor();
            return version.strip();
        } catch (IOException missing) {
            return "";
        }
    }
}
