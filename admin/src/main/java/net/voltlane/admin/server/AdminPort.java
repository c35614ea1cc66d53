package net.voltlane.admin.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import net.voltlane.protocol.ListenWords;
import net.voltlane.server.config.Address;

/** The port of the admin server. It listens from the start; connections wait in the kernel until they are served. */
final class AdminPort {
    private static final int BACKLOG = 512;

    private AdminPort() {}

    /**
     * Looks up the host, which may block, and listens.
     *
     * @throws AdminStartException if the host is unknown or the port can't be had
     */
    static ServerSocketChannel listen(Address wanted) throws AdminStartException {
        InetSocketAddress address = new InetSocketAddress(wanted.host(), wanted.port());
        if (address.isUnresolved()) {
            throw new AdminStartException(failure(wanted, "unknown host"), true);
        }
        ServerSocketChannel socket = null;
        try {
            socket = ServerSocketChannel.open();
            // Connections of an earlier run that linger are no hindrance.
            socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            socket.bind(address, BACKLOG);
            return socket;
        } catch (IOException | RuntimeException e) {
            if (socket != null) {
                close(socket);
            }
            throw new AdminStartException(failure(wanted, ListenWords.of(e, wanted.port())), false);
        }
    }

    private static String failure(Address wanted, String why) {
        return "admin.address: " + wanted + " (can't listen there: " + why + ")";
    }

    /** Closes a socket that nobody has taken over. */
    static void close(ServerSocketChannel socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new AssertionError("closing a listening socket failed", e);
        }
    }
}
