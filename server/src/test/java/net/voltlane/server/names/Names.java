package net.voltlane.server.names;

import java.net.InetAddress;
import java.util.List;

/** Look-ups for tests. */
public final class Names {
    /** A look-up that finds hosts only if they are given as addresses. */
    public static final NameLookup LITERALS = (host, then) ->
            then.accept(Literals.isOne(host) ? Literals.find(host) : NameLookup.Found.nothing("unknown host"));

    private Names() {}

    /** The outcome of a look-up that found these addresses. */
    public static NameLookup.Found found(InetAddress... addresses) {
        return NameLookup.Found.addresses(List.of(addresses));
    }

    /** The outcome of a look-up that found nothing. */
    public static NameLookup.Found nothing(String why) {
        return NameLookup.Found.nothing(why);
    }
}
