package net.voltlane.server;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import net.voltlane.protocol.ListenWords;
import net.voltlane.server.config.Address;
import org.jspecify.annotations.Nullable;

/**
 * A socket that is bound to a listener's port from the start, and does not listen, so that no client can connect. The
 * server listens once the master has been reached. The reservation finds out at once if another process has the port,
 * and keeps the kernel from giving it to an outgoing connection meanwhile, such as the one to the master.
 */
final class PortReservation implements ListeningPort.Place {
    private final Listeners.Settings listener;
    private final InetSocketAddress address;
    private final @Nullable SocketChannel socket;

    private PortReservation(Listeners.Settings listener, InetSocketAddress address, @Nullable SocketChannel socket) {
        this.listener = listener;
        this.address = address;
        this.socket = socket;
    }

    /**
     * Looks up the host, which may block, and binds to the port. Port 0 needs no reservation.
     *
     * @throws StartException if the host is unknown or the port can't be had
     */
    static PortReservation of(Listeners.Settings listener) {
        Address wanted = listener.address();
        InetSocketAddress address = new InetSocketAddress(wanted.host(), wanted.port());
        if (address.isUnresolved()) {
            throw StartException.configuration(failure(listener, "unknown host"));
        }
        if (address.getPort() == 0) {
            return new PortReservation(listener, address, null);
        }
        boolean four = address.getAddress() instanceof Inet4Address;
        SocketChannel socket = null;
        try {
            socket = SocketChannel.open(four ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
            // As the listener does: connections of an earlier run that linger are no hindrance.
            socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            socket.bind(address);
            return new PortReservation(listener, address, socket);
        } catch (IOException | RuntimeException e) {
            close(socket);
            throw new StartException(failure(listener, ListenWords.of(e, wanted.port())));
        }
    }

    /** The message for the operator if the server can't listen. */
    static String failure(Listeners.Settings listener, String why) {
        return listener.name() + ".address: " + listener.address() + " (can't listen there: " + why + ")";
    }

    @Override
    public String failure(Throwable why) {
        return failure(listener, ListenWords.of(why, listener.address().port()));
    }

    /** The address that was looked up, with the port as configured. */
    @Override
    public InetSocketAddress address() {
        return address;
    }

    /** The port is free for a socket that shares it, as this one does. */
    @Override
    public void clear() {}

    @Override
    public void taken() {
        close();
    }

    @Override
    public void close() {
        close(socket);
    }

    private static void close(@Nullable SocketChannel socket) {
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new AssertionError("closing a socket that is not connected failed", e);
            }
        }
    }
}
