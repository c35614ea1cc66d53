package net.voltlane.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs in a network of their own, which not every machine gives to every user. */
final class OwnNetwork {
    private static final List<String> ALONE = List.of("unshare", "-r", "-n");

    /**
     * The end of a program.
     *
     * @param status its exit status; -1 where it could not be started, or did not end
     * @param said what it printed, errors included
     */
    record Ended(int status, String said) {}

    private OwnNetwork() {}

    /** Runs a command there, and waits for its end. */
    static Ended run(String... command) throws InterruptedException {
        List<String> alone = new ArrayList<>(ALONE);
        alone.addAll(List.of(command));
        try {
            Process process =
                    new ProcessBuilder(alone).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), UTF_8);
            boolean ended = process.waitFor(10, TimeUnit.SECONDS);
            return new Ended(ended ? process.exitValue() : -1, said);
        } catch (IOException missing) {
            return new Ended(-1, missing.getMessage());
        }
    }

    /** Runs the main method of a class of this module there, with assertions and Netty's leak detection on. */
    static Ended run(String setUp, Class<?> main) throws InterruptedException {
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

    /** What a test says that can't run here. */
    static String needed(Ended probe) {
        return "needs a network of its own (" + String.join(" ", ALONE) + ", ip): " + probe.said();
    }
}
