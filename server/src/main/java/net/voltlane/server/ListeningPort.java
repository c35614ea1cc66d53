package net.voltlane.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.function.Function;
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
    /** The place in the system that a listener takes: a port, or a file. Belongs to the session loop once it is made. */
    interface Place extends AutoCloseable {
        SocketAddress address();

        /**
         * Makes the place free for a socket of this process, right before that is bound.
         *
         * @throws StartException if it is not free
         */
        void clear();

        /**
         * Tells that the socket listens.
         *
         * @throws StartException if clients can't be served there
         */
        void taken();

        /** The address that is listened on, for people and for tests, of a socket that is bound to this one. */
        default SocketAddress local(SocketAddress bound) {
            return bound;
        }

        /** The message for the operator if the server can't listen. */
        String failure(Throwable why);

        /** Gives the place up. A second call does nothing. */
        @Override
        void close();
    }

    private final Listeners.Settings settings;
    private final Place place;
    private @Nullable Channel socket;
    private boolean closed;

    /** Told the outcome of {@link #open} by one call on the session loop, unless the port is closed before. */
    interface Outcome {
        /**
         * @param local the address that is listened on, with the port that was found if none was asked for; of a Unix
         *     socket a {@link java.net.UnixDomainSocketAddress}
         */
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
        place = settings.address().isUnix() ? SocketFile.of(settings) : PortReservation.of(settings);
    }

    /** The address to listen on: an {@link InetSocketAddress}, or a {@link java.net.UnixDomainSocketAddress}. */
    SocketAddress address() {
        return place.address();
    }

    /** The configuration: name, address and the transport of the clients that connect here. */
    Listeners.Settings settings() {
        return settings;
    }

    /**
     * Takes over a socket that is about to listen, and ends the reservation once it does.
     *
     * @param bind begins to listen here
     */
    void open(Function<ListeningPort, ChannelFuture> bind, EventLoop sessionLoop, Outcome outcome) {
        try {
            place.clear();
        } catch (StartException e) {
            outcome.failed(String.valueOf(e.getMessage()));
            return;
        }
        // The socket may live on any loop.
        bind.apply(this).addListener((ChannelFuture bound) -> sessionLoop.execute(() -> bound(bound, outcome)));
    }

    private void bound(ChannelFuture bound, Outcome outcome) {
        if (!bound.isSuccess()) {
            place.close();
            if (!closed) {
                outcome.failed(place.failure(bound.cause()));
            }
            return;
        }
        socket = bound.channel();
        try {
            place.taken();
        } catch (StartException e) {
            outcome.failed(String.valueOf(e.getMessage()));
            return;
        }
        if (closed) {
            close();
        } else {
            outcome.opened(place.local(bound.channel().localAddress()));
        }
    }

    /** Stops listening, and gives the port up. A second call does nothing. */
    void close() {
        closed = true;
        place.close();
        if (socket != null) {
            socket.close();
        }
    }
}
