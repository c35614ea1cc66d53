package net.voltlane.tcp;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;

/** Both ends of a TCP connection, by which a system's table of sockets knows it. An IPv4 address has one form only. */
public final class AddressPair {
    private static final int IPV4_BYTES = 4;
    private static final int IPV6_BYTES = 16;
    /** Where the IPv4 address of {@code ::ffff:1.2.3.4} begins. */
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
     * The two ends of a connection.
     *
     * @param local the own end
     * @param remote the peer's end
     * @return the pair
     */
    public static AddressPair of(InetSocketAddress local, InetSocketAddress remote) {
        return new AddressPair(bytes(local), local.getPort(), bytes(remote), remote.getPort());
    }

    /**
     * Whether both ends are one and the same socket. The kernel connects a socket to itself when a program dials a
     * local port on which nobody listens, and that port happens to be chosen for the own end (the port lies in the
     * ephemeral range).
     *
     * @return true if nobody is at the other end
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
