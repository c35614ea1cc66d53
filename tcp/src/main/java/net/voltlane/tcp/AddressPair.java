package net.voltlane.tcp;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;

/**
 * The addresses of both ends of a TCP connection, as in the system's table of sockets. IPv4-mapped IPv6 addresses are
 * stored as IPv4. Immutable.
 */
public final class AddressPair {
    private static final int IPV4_BYTES = 4;
    private static final int IPV6_BYTES = 16;
    /** The offset of the IPv4 address in {@code ::ffff:1.2.3.4}. */
    private static final int MAPPED_OFFSET = 12;

    private final byte[] local;
    private final int localPort;
    private final byte[] remote;
    private final int remotePort;

    AddressPair(byte[] local, int localPort, byte[] remote, int remotePort) {
        this.local = unmapped(local);
        this.localPort = localPort;
        this.remote = unmapped(remote);
        this.remotePort = remotePort;
    }

    /**
     * Returns the pair of two addresses.
     *
     * @param local the address of this end
     * @param remote the address of the peer's end
     * @return the pair
     */
    public static AddressPair of(InetSocketAddress local, InetSocketAddress remote) {
        return new AddressPair(bytes(local), local.getPort(), bytes(remote), remote.getPort());
    }

    /**
     * Tells whether both ends are the same socket. The kernel connects a socket to itself when a program dials a local
     * port on which nobody listens, and the kernel happens to choose that port for this end too (the port lies in the
     * ephemeral range).
     *
     * @return true if this socket is its own peer
     */
    public boolean isSelf() {
        return localPort == remotePort && Arrays.equals(local, remote);
    }

    private static byte[] bytes(InetSocketAddress address) {
        InetAddress host = address.getAddress();
        return host == null ? new byte[IPV4_BYTES] : host.getAddress();
    }

    private static byte[] unmapped(byte[] address) {
        if (address.length != IPV6_BYTES) {
            return address;
        }
        for (int i = 0; i < MAPPED_OFFSET; i++) {
            if (address[i] != (i < MAPPED_OFFSET - 2 ? 0 : (byte) 0xFF)) {
                return address;
            }
        }
        return Arrays.copyOfRange(address, MAPPED_OFFSET, IPV6_BYTES);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AddressPair pair
                && localPort == pair.localPort
                && remotePort == pair.remotePort
                && Arrays.equals(local, pair.local)
                && Arrays.equals(remote, pair.remote);
    }

    @Override
    public int hashCode() {
        return ((Arrays.hashCode(local) * 31 + localPort) * 31 + Arrays.hashCode(remote)) * 31 + remotePort;
    }
}
