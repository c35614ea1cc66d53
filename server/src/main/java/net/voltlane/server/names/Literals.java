package net.voltlane.server.names;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Hosts that are given as IP addresses, so that nothing has to be looked up. */
final class Literals {
    private Literals() {}

    static boolean isOne(String host) {
        return NetUtil.createByteArrayFromIpAddressString(host) != null;
    }

    /** The outcome for an address, which fails if it names an interface ({@code fe80::1%eth0}) that is not there. */
    static NameLookup.Found find(String literal) {
        try {
            return NameLookup.Found.addresses(List.of(InetAddress.getByName(literal)));
        } catch (UnknownHostException e) {
            return NameLookup.Found.nothing(String.valueOf(e.getMessage()));
        }
    }

    static InetAddress of(byte[] address) {
        try {
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new AssertionError("an address of a wrong length", e);
        }
    }
}
