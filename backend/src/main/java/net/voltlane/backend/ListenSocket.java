package net.voltlane.backend;

import java.io.IOException;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import net.voltlane.protocol.ListenWords;

/** Opens the socket that connection servers dial. */
final class ListenSocket {
    static final int BACKLOG = 128;

    private ListenSocket() {}

    static ServerSocketChannel at(InetSocketAddress address) throws IOException {
        if (address.isUnresolved()) {
            throw new UnknownHostException(address.getHostString() + ": unknown host");
        }
        ServerSocketChannel listener = open(address.getAddress());
        try {
            listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            return listener.bind(address, BACKLOG);
        } catch (BindException e) {
            listener.close();
            BindException worded = new BindException(ListenWords.of(e, address.getPort()));
            worded.initCause(e);
            throw worded;
        } catch (IOException | RuntimeException | Error e) {
            listener.close();
            throw e;
        }
    }

    /** Opens a channel of the address's own family. The JDK's default would also listen for IPv6 at 0.0.0.0. */
    private static ServerSocketChannel open(InetAddress address) throws IOException {
        try {
            return address instanceof Inet4Address
                    ? ServerSocketChannel.open(StandardProtocolFamily.INET)
                    : ServerSocketChannel.open(StandardProtocolFamily.INET6);
        } catch (UnsupportedOperationException missing) {
            throw new SocketException("Protocol family unavailable");
        }
    }
}
