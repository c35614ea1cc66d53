package net.voltlane.bench.load;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Addresses on loopback that clients come from. Each has about 28,000 ports of its own. */
final class Sources {

    private Sources() {}

    /** The one of a client, with any port. */
    static InetSocketAddress of(int client, int count) {
        try {
            byte[] address = {127, 0, 0, (byte) (1 + client % count)};
            return new InetSocketAddress(InetAddress.getByAddress(address), 0);
        } catch (UnknownHostException e) {
            throw new AssertionError("four bytes are an address", e);
        }
    }
}
