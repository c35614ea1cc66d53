package net.voltlane.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs in a network of their own, which not every machine gives to every user. */
public final class OwnNetwork {
    private static final List<String> ALONE = List.of("unshare", "-r", "-n");

    /**
     * The end of a program.
     *
     * @param status its exit status; -1 where it could not be started, or did not end
     * @param said what it printed, errors included
     */
    public record Ended(int status, String said) {}

    private OwnNetwork() {}

    /** Runs a command there, and waits for its end. */
    public static Ended run(String... command) throws InterruptedException {
        List<String> alone = new ArrayList<>(ALONE);
        alone.addAll(List.of(command));
        try {
            Process process =
                    new ProcessBuilder(alone).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), UTF_8);
            boolean ended = process.waitFor(10, TimeUnit.SECONDS);
            return new Ended(ended ? process.exitValue() : -1, said);
        } catch (IOException missing) {
            return new Ended(-1, String.valueOf(missing.getMessage()));
        }
    }

    /** Runs the main method of a class of the test class path there, with assertions and Netty's leak detection on. */
    public static Ended run(String setUp, Class<?> main) throws InterruptedException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return run(
                "sh",
                "-c",
                setUp + " && exec \"$@\"",
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-ea",
                "-XX:TieredStopAtLevel=1",
                "-Dio.netty.leakDetection.level=paranoid",
                "-cp",
                classPath,
                main.getName());
    }

    /**
     * Tells whether peers can be made to vanish there. A test that needs that and hears no is to be left out, with
     * {@link #needed}.
     */
    public static Ended probe() throws InterruptedException {
        return run("sh", "-c", "ip link set lo up && ip rule add pref 1 ipproto tcp sport 1 blackhole");
    }

    /** Brings loopback up, before the first {@link #vanish}. */
    public static void openLoopback() throws IOException, InterruptedException {
        ip("link set lo up");
        // Rules are looked at in their order, and this machine's own addresses come first unless told otherwise.
        ip("rule add pref 100 lookup local");
        ip("rule del pref 0");
    }

    /** Makes the peer at this TCP port vanish: nothing that it sends arrives any more. For programs that run there. */
    public static void vanish(int port) throws IOException, InterruptedException {
        ip("rule add pref 0 ipproto tcp sport " + port + " blackhole");
    }

    /** Undoes {@link #vanish}. */
    public static void comeBack(int port) throws IOException, InterruptedException {
        ip("rule del pref 0 ipproto tcp sport " + port + " blackhole");
    }

    private static void ip(String arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments.split(" ")));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new AssertionError(command + ": " + said);
        }
    }

    /** The reason of a test that can't run here. */
    public static String needed(Ended probe) {
        return "left out: needs a network of its own (" + String.join(" ", ALONE) + ", ip): " + probe.said();
    }
}
