package net.voltlane.cli.ctl.client;

import java.net.InetAddress;
import java.net.UnknownHostException;
import net.voltlane.server.config.Address;
import org.jspecify.annotations.Nullable;

/**
 * The admin server to ask, and the token for it.
 *
 * @param address the address to dial
 * @param origin where the address comes from, for messages: {@code --address}, or the setting
 * @param token the token; null if there is none to send
 * @param tokenWords where the token comes from, or why there is none, for messages
 */
public record Target(
        Address address, String origin, @Nullable String token, String tokenWords) {

    /** The token stays out. */
    @Override
    public String toString() {
        return address + " (" + origin + ")";
    }

    /** True for this machine's own addresses of the form 127.x.y.z and ::1, and for {@code localhost}. */
    static boolean isLoopback(Address address) {
        String host = address.host();
        if (host.equalsIgnoreCase("localhost")) {
            return true;
        }
        boolean literal = host.indexOf(':') >= 0 || host.matches("[0-9.]+");
        try {
            return literal && InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
