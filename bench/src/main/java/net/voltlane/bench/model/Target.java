package net.voltlane.bench.model;

import static net.voltlane.bench.model.InvalidPlanException.expect;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The system that is measured.
 *
 * @param server where clients connect to, an {@link InetSocketAddress} or a Unix socket's; null to start a server for the run
 * @param via the transport by which they connect
 * @param backend where the bench listens for the firehose of {@code server}; null where a backend that echoes is there
 * @param serverPid the server's process on this machine, to look at its memory and CPU time; 0 for unknown
 */
public record Target(
        @Nullable SocketAddress server, Via via, @Nullable InetSocketAddress backend, long serverPid) {

    /** A server and a backend are started for the run. */
    public static final Target STARTED = new Target(null, null, 0);

    /** Over plain TCP. */
    public Target(@Nullable InetSocketAddress server, @Nullable InetSocketAddress backend, long serverPid) {
        this(server, Via.TCP, backend, serverPid);
    }

    /** Checks that the parts fit together. */
    public Target {
        expect("server-pid", serverPid, 0, Integer.MAX_VALUE);
        if (server == null && backend != null) {
            throw new InvalidPlanException(
                    "backend", text(backend), "together with --server; without it everything is started here");
        }
        if (server == null && serverPid != 0) {
            throw new InvalidPlanException("server-pid", serverPid, "together with --server");
        }
    }

    /** {@code host:port} as it is written, or the path of a Unix socket. */
    static String text(SocketAddress named) {
        if (!(named instanceof InetSocketAddress address)) {
            return named.toString();
        }
        return address.getHostString() + ":" + address.getPort();
    }
}
