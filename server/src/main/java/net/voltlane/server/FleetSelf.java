package net.voltlane.server;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import net.voltlane.server.address.AddressText;
import net.voltlane.server.config.Address;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.server.fleet.FleetMember;
import net.voltlane.server.metrics.Gauge;
import net.voltlane.server.metrics.Metrics;

/** The entry of this server in its fleet, as it tells the others. Thread-safe. */
final class FleetSelf implements Supplier<FleetMember> {
    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    private final String owner;
    private final String configuredName;
    private final String host = hostName();
    private final String advertise;
    private final String version =
            Objects.requireNonNullElse(FleetSelf.class.getPackage().getImplementationVersion(), "");
    private final long startedAtMillis;
    private final Metrics metrics;
    private final Supplier<ServerState> state;
    private final Supplier<Map<String, SocketAddress>> listeners;

    /**
     * @param startedAtMillis the time of the start, in milliseconds since 1970
     * @param listeners where clients connect to, as far as that is known
     */
    FleetSelf(
            String owner,
            long startedAtMillis,
            ServerConfig config,
            Metrics metrics,
            Supplier<ServerState> state,
            Supplier<Map<String, SocketAddress>> listeners) {
        this.owner = owner;
        this.startedAtMillis = startedAtMillis;
        configuredName = config.server().name();
        advertise = config.server().advertise().map(Address::toString).orElse("");
        this.metrics = metrics;
        this.state = state;
        this.listeners = listeners;
    }

    @Override
    public FleetMember get() {
        ServerState now = state.get();
        return new FleetMember(
                owner,
                name(),
                advertise,
                version,
                startedAtMillis,
                now.name().toLowerCase(Locale.ROOT),
                metrics.read(Gauge.MASTER_UP) > 0,
                now.isEnding(),
                metrics.read(Gauge.SESSIONS_LIVE),
                metrics.read(Gauge.SESSIONS_STALE),
                metrics.read(Gauge.CONNECTIONS));
    }

    /** The name of this server, for people. */
    String name() {
        if (!configuredName.isEmpty()) {
            return configuredName;
        }
        return listeners.get().values().stream()
                .findFirst()
                .map(address -> host + ":" + AddressText.inet(address).getPort())
                .orElse(host);
    }

    private static String hostName() {
        try {
            return Files.readString(HOST_NAME).strip();
        } catch (IOException notLinux) {
            return Objects.requireNonNullElse(System.getenv("HOSTNAME"), "server");
        }
    }
}
