package net.voltlane.systemtest.outliving;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import net.voltlane.testkit.Ports;
import net.voltlane.testkit.ServerProcess;
import net.voltlane.testkit.Tools;
import org.awaitility.Awaitility;

/** A Redis that keeps everything in memory: killed, it has forgotten all. For one thread. */
final class Redis implements AutoCloseable {
    private static final String PROGRAM = "redis-server";
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int ANSWER_MILLIS = 10_000;
    private static final String COUNT = "EVAL \"return #redis.call('keys', 'voltlane:s:*')\" 0\r\n";

    private final Path folder;
    private final int port = Ports.free();
    private Process process;

    /** Starts one; the test is left out where there is none. */
    Redis(Path folder) {
        Tools.need(Tools.isInstalled(PROGRAM), PROGRAM + " is not installed (Debian: apt-get install redis-server)");
        this.folder = folder;
        process = launch();
        awaitListening();
    }

    private Process launch() {
        try {
            return new ProcessBuilder(
                            PROGRAM, "--port", "" + port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no")
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("redis.log").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitListening() {
        Awaitility.await().atMost(LIMIT).until(() -> ServerProcess.accepts(Ports.loopback(port)) || !process.isAlive());
        if (!process.isAlive()) {
            throw new AssertionError(PROGRAM + " ended at its start");
        }
    }

    String url() {
        return "redis://127.0.0.1:" + port;
    }

    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    void start() {
        process = launch();
        awaitListening();
    }

    void pause() {
        signal("STOP");
    }

    void goOn() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            Process kill = new ProcessBuilder("sh", "-c", "kill -s " + name + " " + process.pid()).start();
            if (kill.waitFor() != 0) {
                throw new AssertionError(PROGRAM + " can't be sent " + name);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** The number of sessions that it has a record of. */
    long records() {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(ANSWER_MILLIS);
            socket.getOutputStream().write(COUNT.getBytes(StandardCharsets.US_ASCII));
            StringBuilder answer = new StringBuilder();
            for (int c = socket.getInputStream().read();
                    c >= 0 && c != '\r';
                    c = socket.getInputStream().read()) {
                answer.append((char) c);
            }
            return Long.parseLong(answer.substring(1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        kill();
    }
}
