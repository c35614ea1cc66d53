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
 * The port for clients, held from the start until it is listened on, which has to wait for the master. Somebody else
 * who has it is found at once, and no outgoing connection can get it meanwhile, the one to the master included. Nobody
 * can connect: the socket is bound, and does not listen.
 */
final class PortHold implements AutoCloseable {
    private final InetSocketAddress address;
    private final @Nullable SocketChannel socket;

    private PortHold(InetSocketAddress address, @Nullable SocketChannel socket) {
        this.address = address;
        this.socket = socket;
    }

    /**
     * Looks up the host, which may block, and takes the port; port 0 is left to whoever listens.
     *
     * @throws StartException where it can't be had
     */
    static PortHold of(Address wanted) {
        InetSocketAddress address = new InetSocketAddress(wanted.host(), wanted.port());
        if (address.isUnresolved()) {
            throw StartException.configuration(failure(wanted, "unknown host"));
        }
        if (address.getPort() == 0) {
            return new PortHold(address, null);
        }
        boolean four = address.getAddress() instanceof Inet4Address;
        SocketChannel socket = null;
        try {
            socket = SocketChannel.open(four ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
            // As the listener does: connections of an earlier run that linger are no hindrance.
            socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            socket.bind(address);
            return new PortHold(address, socket);
        } catch (IOException | RuntimeException e) {
            close(socket);
            throw new StartException(failure(wanted, ListenWords.of(e, wanted.port())));
        }
    }

    /** What the operator is told. */
    static String failure(Address wanted, String why) {
        return "listener.address: " + wanted + " (can't listen there: " + why + ")";
    }

    InetSocketAddress address() {
        return address;
    }

    /** Lets the port go. */
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
