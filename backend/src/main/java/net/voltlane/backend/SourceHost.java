package net.voltlane.backend;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * A host that dials, identified by its address. Limits are shared fairly between hosts. An IPv6 host has a whole /64 of
 * addresses, so only the first half of an address counts. Immutable.
 *
 * @param bits the address, or the first half of it
 * @param isIpv6 whether it is an IPv6 address
 */
record SourceHost(long bits, boolean isIpv6) {

    static SourceHost of(InetAddress address) {
        byte[] bytes = address.getAddress();
        boolean isIpv6 = bytes.length > Integer.BYTES;
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return new SourceHost(isIpv6 ? in.getLong() : in.getInt(), isIpv6);
    }
}
