package net.voltlane.backend;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * A machine, as far as its address tells: whatever is shared and full is shared fairly between these. An IPv6 host has
 * a whole /64 of addresses, so only their first half counts.
 *
 * @param bits the address, or the first half of it
 * @param isIpv6 which kind
 */
record Host(long bits, boolean isIpv6) {

    static Host of(InetAddress address) {
        byte[] bytes = address.getAddress();
        boolean isIpv6 = bytes.length > Integer.BYTES;
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return new Host(isIpv6 ? in.getLong() : in.getInt(), isIpv6);
    }
}
