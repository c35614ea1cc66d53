package net.voltlane.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import net.voltlane.protocol.ListenWords;
import org.jspecify.annotations.Nullable;

/**
 * A listener: its address and transport, its port, which is reserved from the start, and the socket that listens on it
 * once the master has been reached. Made on any thread; the rest belongs to the session loop.
 *
 * <pre>
 *   RESERVED ──open, bound──► OPEN ──close──► CLOSED
 *      └──close, or binding fails───────────────┘
 * </pre>
 */
final class ListeningPort {
    private final Listeners.Settings settings;
    private final PortReservation reservation;
    private @Nullable Channel socket;
    private boolean closed;

    /** Told the outcome of {@link #open} by one call on the session loop, unless the port is closed before. */
    interface Outcome {
        /** @param local the address that is listened on, with the port that was found if none was asked for */
        void opened(SocketAddress local);

        /** @param why for the operator */
        void failed(String why);
    }

    /**
     * Looks up the host, which may block, and reserves the port.
     *
     * @throws StartException if the host is unknown or the port can't be had
     */
    ListeningPort(Listeners.Settings settings) {
        this.settings = settings;
        reservation = PortReservation.of(settings);
    }

    /** The address to listen on. */
    InetSocketAddress address() {
        return reservation.address();
    }

    /** The configuration: name, address and the transport of the clients that connect here. */
    Listeners.Settings settings() {
        return settings;
    }

    /** Takes over a socket that is about to listen, and ends the reservation once it does. */
    void open(ChannelFuture bind, EventLoop sessionLoop, Outcome outcome) {
        // The socket may live on any loop.
        bind.addListener((ChannelFuture bound) -> sessionLoop.execute(() -> bound(bound, outcome)));
    }

    private void bound(ChannelFuture bound, Outcome outcome) {
        reservation.close();
        if (!bound.isSuccess()) {
            if (!closed) {
                outcome.failed(PortReservation.failure(
                        settings,
                        ListenWords.of(bound.cause(), settings.address().port())));
            }
        } else if (closed) {
            bound.channel().close();
        } else {
            socket = bound.channel();
            outcome.opened(bound.channel().localAddress());
        }
    }

    /** Stops listening, and gives the port up. A second call does nothing. */
    void close() {
        closed = true;
        reservation.close();
        if (socket != null) {
            socket.close();
        }
    }
}
