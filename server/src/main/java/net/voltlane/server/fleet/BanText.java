package net.voltlane.server.fleet;

import java.nio.charset.StandardCharsets;
import net.voltlane.server.address.Cidr;
import net.voltlane.server.guard.Ban;
import net.voltlane.server.guard.Ban.Cause;
import org.jspecify.annotations.Nullable;

/**
 * The form in which bans are in the store. A place is an address or a network, with a word behind it for a ban of wrong
 * proofs: a network can have a ban of each cause, and the shorter one must not replace the longer one. What is known of a
 * ban are lines, so that later versions can add some; its end is the store's to keep.
 */
final class BanText {
    private static final String WRONG_PROOFS = " wrong-proofs";
    private static final String SERVER = "server=";
    /** The longest name of a server that is told to others, in characters. */
    private static final int MAX_NAME = 100;

    private BanText() {}

    static String place(Ban.Place place) {
        return place.network() + (place.cause() == Cause.WRONG_PROOFS ? WRONG_PROOFS : "");
    }

    /** Reads a place; null for one that this version does not know. */
    static Ban.@Nullable Place place(String text) {
        boolean isForProofs = text.endsWith(WRONG_PROOFS);
        String address = isForProofs ? text.substring(0, text.length() - WRONG_PROOFS.length()) : text;
        Cidr network = Cidr.parse(address);
        return network == null ? null : new Ban.Place(isForProofs ? Cause.WRONG_PROOFS : Cause.OPERATOR, network);
    }

    static byte[] facts(String server) {
        return (SERVER + name(server) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** The name of the server that gave a ban. */
    static String server(byte[] facts) {
        for (String line : new String(facts, StandardCharsets.UTF_8).split("\n")) {
            if (line.startsWith(SERVER)) {
                return name(line.substring(SERVER.length()));
            }
        }
        return "";
    }

    private static String name(String text) {
        StringBuilder name = new StringBuilder();
        text.codePoints()
                .limit(MAX_NAME)
                .map(letter -> Character.isISOControl(letter) ? ' ' : letter)
                .forEach(name::appendCodePoint);
        return name.toString();
    }
}
