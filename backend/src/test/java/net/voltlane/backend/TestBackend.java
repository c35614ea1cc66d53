package net.voltlane.backend;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.voltlane.testkit.ManualClock;
import net.voltlane.testkit.Ports;
import net.voltlane.testkit.ScriptedConnectionServer;

/**
 * A backend whose clock is moved by hand, and scripted connection servers that dial it. Closing it closes the servers
 * first.
 */
final class TestBackend implements AutoCloseable {
    final ManualClock clock = new ManualClock();
    final VoltlaneBackend backend;
    private final List<ScriptedConnectionServer> servers = new ArrayList<>();

    private TestBackend(Handler handler, BackendOptions options, Duration replacedLimit) throws IOException {
        backend = VoltlaneBackend.listen(
                Ports.loopback(0),
                handler,
                options,
                new Environment(clock, false, Outbox.CHUNK_BYTES, Duration.ofMillis(1), replacedLimit, () -> null));
    }

    static TestBackend listen(Handler handler) throws IOException {
        return listen(handler, BackendOptions.DEFAULT);
    }

    static TestBackend listen(Handler handler, BackendOptions options) throws IOException {
        return new TestBackend(handler, options, Duration.ofSeconds(10));
    }

    /** Starts a backend that waits at most this long for a stuck handler call of a lost firehose. */
    static TestBackend listen(Handler handler, Duration replacedLimit) throws IOException {
        return new TestBackend(handler, BackendOptions.DEFAULT, replacedLimit);
    }

    InetSocketAddress address() {
        return backend.address();
    }

    ScriptedConnectionServer dial() {
        return dial(0);
    }

    ScriptedConnectionServer dial(int bufferBytes) {
        ScriptedConnectionServer server = ScriptedConnectionServer.dial(address(), bufferBytes);
        servers.add(server);
        return server;
    }

    /** Simulates that the process is stopped for so long. */
    void stopped(Duration time) {
        clock.advance(time);
        backend.tick(time.toNanos());
    }

    /** Moves the clock, and ticks. */
    void pass(Duration time) {
        clock.advance(time);
        backend.tick();
    }

    @Override
    public void close() {
        servers.forEach(ScriptedConnectionServer::close);
        backend.close();
    }
}
