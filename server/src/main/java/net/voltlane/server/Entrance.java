package net.voltlane.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import net.voltlane.protocol.ListenWords;
import net.voltlane.server.config.Address;
import org.jspecify.annotations.Nullable;

/**
 * Where clients come in: the port, held from the start, and the socket that listens on it once the master was reached.
 * Made on any thread; the rest belongs to the session loop.
 */
final class Entrance {
    private final Address wanted;
    private final PortHold hold;
    private @Nullable Channel listener;
    private boolean closed;

    /** What becomes of listening; one of these is called, on the session loop, unless the entrance is closed before. */
    interface Outcome {
        /** @param local what is listened on, with the port that was found where none was asked for */
        void opened(InetSocketAddress local);

        /** @param why for the operator */
        void failed(String why);
    }

    /**
     * Looks up the host, which may block, and holds the port.
     *
     * @throws StartException where it can't be had
     */
    Entrance(Address wanted) {
        this.wanted = wanted;
        hold = PortHold.of(wanted);
    }

    /** What is to be listened on. */
    InetSocketAddress address() {
        return hold.address();
    }

    /** Takes over a socket that is about to listen, and lets the port's hold go once it does. */
    void open(ChannelFuture bind, EventLoop sessionLoop, Outcome outcome) {
        // The socket may live on any loop.
        bind.addListener((ChannelFuture bound) -> sessionLoop.execute(() -> bound(bound, outcome)));
    }

    private void bound(ChannelFuture bound, Outcome outcome) {
        hold.close();
        if (!bound.isSuccess()) {
            if (!closed) {
                outcome.failed(PortHold.failure(wanted, ListenWords.of(bound.cause(), wanted.port())));
            }
        } else if (closed) {
            bound.channel().close();
        } else {
            listener = bound.channel();
            outcome.opened((InetSocketAddress) listener.localAddress());
        }
    }

    /** Lets nobody in any more, and lets the port go. A second call does nothing. */
    void close() {
        closed = true;
        hold.close();
        if (listener != null) {
            listener.close();
        }
    }
}
