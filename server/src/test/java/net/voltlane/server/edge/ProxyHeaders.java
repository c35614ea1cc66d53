package net.voltlane.server.edge;

import static net.voltlane.testkit.Bytes.concat;
import static net.voltlane.testkit.Bytes.hex;

/** Headers of the PROXY protocol, byte by byte. */
final class ProxyHeaders {
    static final String SIGNATURE = "0D 0A 0D 0A 00 0D 0A 51 55 49 54 0A";
    /** From 192.0.2.7:40000 to 198.51.100.1:42000. */
    static final String ADDRESSES_4 = "C0 00 02 07  C6 33 64 01  9C 40  A4 10";
    /** From 2001:db8::7 to 2001:db8::1, the same ports. */
    static final String ADDRESSES_6 =
            "20010DB8000000000000000000000007  20010DB8000000000000000000000001  9C 40  A4 10";

    private ProxyHeaders() {}

    /** A header of version 2: command and family as one says, the length as it is. */
    static byte[] v2(String commandAndFamily, String block) {
        return v2(commandAndFamily, hex(block));
    }

    static byte[] v2(String commandAndFamily, byte[]... block) {
        byte[] all = concat(block);
        return concat(
                hex(SIGNATURE), hex(commandAndFamily), new byte[] {(byte) (all.length >> 8), (byte) all.length}, all);
    }
}
