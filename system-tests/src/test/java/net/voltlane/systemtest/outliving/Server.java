package net.voltlane.systemtest.outliving;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.voltlane.testkit.Ports;
import net.voltlane.testkit.ServerProcess;

/** A server that can be killed, stopped and started again at the same address. For one thread. */
final class Server implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Path folder;
    private final InetSocketAddress address = Ports.loopback(Ports.free());
    private final Map<String, String> variables;
    private final List<String> shame = new ArrayList<>();
    private ServerProcess process;

    /**
     * Starts it, without waiting for it.
     *
     * @param folder for its files; is created
     * @param variables its settings, beside those of its address
     */
    Server(Path folder, Map<String, String> variables) {
        try {
            this.folder = Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.variables = new HashMap<>(variables);
        this.variables.put("VOLTLANE_SERVER_ADVERTISE", address());
        process = launch(Map.of());
    }

    String address() {
        return "127.0.0.1:" + address.getPort();
    }

    private ServerProcess launch(Map<String, String> others) {
        ServerProcess.Builder builder = ServerProcess.in(folder).arguments("serve", "--listen", address());
        variables.forEach(builder::env);
        others.forEach(builder::env);
        return builder.start();
    }

    void awaitListening() {
        process.awaitPort(address, LIMIT);
    }

    /** Starts it again after its end, without waiting for it. */
    void start() {
        process = launch(Map.of());
    }

    /** Starts a second process at the same place, but for these settings, and at a port of its own. */
    ServerProcess startAnother(Map<String, String> others) {
        ServerProcess.Builder builder =
                ServerProcess.in(folder).arguments("serve", "--listen", "127.0.0.1:" + Ports.free());
        variables.forEach(builder::env);
        others.forEach(builder::env);
        return builder.start();
    }

    /** Ends it as {@code kill -9} does, and waits until it is gone. */
    void kill() {
        process.close();
        keepShame();
    }

    /** Stops it in good order; gives back its exit status. */
    int stop() {
        process.signal("TERM");
        int status = process.awaitExit(LIMIT);
        keepShame();
        return status;
    }

    void pause() {
        process.signal("STOP");
    }

    void goOn() {
        process.signal("CONT");
    }

    private void keepShame() {
        shame.addAll(process.shamefulLines());
    }

    /** Lines that none of its processes may have printed. */
    List<String> shame() {
        List<String> all = new ArrayList<>(shame);
        all.addAll(process.shamefulLines());
        return all;
    }

    String report() {
        return address() + process.report();
    }

    @Override
    public void close() {
        process.close();
    }
}
