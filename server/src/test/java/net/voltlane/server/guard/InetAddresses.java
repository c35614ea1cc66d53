package net.voltlane.server.guard;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Addresses written as text. */
public final class InetAddresses {
    private InetAddresses() {}

    public static InetAddress of(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
