package net.voltlane.cli;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import net.voltlane.cli.systemd.ServiceManager;
import net.voltlane.server.address.AddressText;
import net.voltlane.server.config.ConfigChange;

/**
 * The operator's reload and orderly stop of a running server, whether a signal asks for it or the API. The service
 * manager is told of both. Thread-safe, and no method blocks.
 */
final class Operations {
    /** The longest time between the end of a drain and the end of the process: the server's three seconds, and some. */
    private static final Duration END = Duration.ofSeconds(5);

    /** Longer than any backend is waited for: the server itself gives up after master.reconnect_timeout_secs. */
    private static final Duration BACKEND = Duration.ofDays(365);

    private final RunningServer server;
    private final ConfigInEffect config;
    private final ServiceManager manager;
    private final AtomicBoolean stopping = new AtomicBoolean();
    /** The status of a server that accepts clients; empty before it does. */
    private volatile String listening = "";

    Operations(RunningServer server, ConfigInEffect config, ServiceManager manager) {
        this.server = server;
        this.config = config;
        this.manager = manager;
    }

    /** Begins to tell the service manager of the server. */
    void begin() {
        Duration alive = manager.aliveInterval();
        if (alive != null) {
            server.heartbeat(alive, manager::alive);
        }
        manager.waiting(
                BACKEND,
                "Waiting for the backend at " + config.now().config().master().address());
        server.listening().thenAccept(this::listening);
    }

    private void listening(InetSocketAddress address) {
        listening = "Clients are accepted on " + AddressText.of(address);
        ready();
    }

    private void ready() {
        if (!listening.isEmpty() && !stopping.get()) {
            manager.ready(listening);
        }
    }

    /** The configuration in effect. */
    ConfigInEffect config() {
        return config;
    }

    /** Reads the configuration again; see {@link ConfigInEffect#reload}. */
    CompletionStage<ConfigChange> reload() {
        if (!listening.isEmpty() && !stopping.get()) {
            manager.reloading();
        }
        return config.reload().whenComplete((change, failure) -> ready());
    }

    /** Begins an orderly stop, with the time for a drain that is configured now. A second call does nothing. */
    void drain() {
        if (stopping.getAndSet(true)) {
            return;
        }
        Duration timeout = Duration.ofSeconds(config.now().config().general().drainTimeoutSecs());
        manager.stopping(timeout.plus(END), "Stopping");
        server.drain(timeout);
    }
}
