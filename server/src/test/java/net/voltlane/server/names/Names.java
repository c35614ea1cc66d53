package net.voltlane.server.names;

import java.net.InetAddress;
import java.util.List;

/** Look-ups for tests. */
public final class Names {
    /** Knows addresses alone. */
    public static final NameLookup LITERALS = (host, then) ->
            then.accept(Literals.isOne(host) ? Literals.find(host) : NameLookup.Found.nothing("unknown host"));

    private Names() {}

    /** The outcome where these were found. */
    public static NameLookup.Found found(InetAddress... addresses) {
        return NameLookup.Found.addresses(List.of(addresses));
    }

    /** The outcome where nothing was found. */
    public static NameLookup.Found nothing(String why) {
        return NameLookup.Found.nothing(why);
    }
}
