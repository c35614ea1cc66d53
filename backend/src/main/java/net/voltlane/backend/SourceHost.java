package net.voltlane.backend;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;

/**
 * A host that dials, identified by its address. Limits are shared fairly between hosts. An IPv6 host has a whole /64 of
 * addresses, so only the first half of an address counts. Immutable.
 *
 * @param bits the address, or the first half of it
 * @param isIpv6 whether it is an IPv6 address
 */
record SourceHost(long bits, boolean isIpv6) {

    /** Returns the address of a peer; loopback for one on a Unix socket. */
    static InetSocketAddress inet(SocketAddress peer) {
        return peer instanceof InetSocketAddress inet ? inet : new InetSocketAddress("127.0.0.1", 0);
    }

    /** Returns the text of a peer's address for logs. */
    static String text(InetSocketAddress peer) {
        String host = peer.getAddress().getHostAddress();
        return peer.getPort() == 0
                ? "a Unix socket"
                : (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + peer.getPort();
    }

    static SourceHost of(InetAddress address) {
        byte[] bytes = address.getAddress();
        boolean isIpv6 = bytes.length > Integer.BYTES;
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return new SourceHost(isIpv6 ? in.getLong() : in.getInt(), isIpv6);
    }
}
