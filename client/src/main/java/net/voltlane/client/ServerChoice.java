package net.voltlane.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The servers that a client may use, and the one that it uses now. A server that fails gives way to the next; one that
 * asks its clients to leave may name another. Thread-safe.
 */
final class ServerChoice {
    private final List<ServerAddress> known;
    private int index;
    /** The server that another one has named; null if none was, or it has failed. */
    private @Nullable ServerAddress named;

    /** @param known in the order in which they are tried; not empty */
    ServerChoice(List<ServerAddress> known) {
        this.known = List.copyOf(known);
    }

    /** Returns the server to dial. */
    synchronized ServerAddress now() {
        ServerAddress elsewhere = named;
        return elsewhere != null ? elsewhere : known.get(index);
    }

    /** Returns the number of servers that may be tried, one after the other, until each has been. */
    synchronized int size() {
        return known.size() + (named == null ? 0 : 1);
    }

    /**
     * Goes back to the known servers, for a new session. A server that was only named has not proved that it is one of
     * theirs, and would get the client's credentials.
     */
    synchronized void forgetNamed() {
        named = null;
    }

    /** Goes on to the next server, if this one is still the one to dial. */
    synchronized void failed(ServerAddress address) {
        if (address.equals(named)) {
            named = null;
        } else if (named == null && address.equals(known.get(index))) {
            index = (index + 1) % known.size();
        }
    }

    /**
     * Goes on to another server, since the present one asks for that.
     *
     * @param elsewhere host:port of the server that it names, which is dialled over the same transport; empty if it names
     *     none. What is no such address counts as none
     */
    synchronized void leave(String elsewhere) {
        ServerAddress present = now();
        failed(present);
        if (elsewhere.isEmpty() || present.scheme() == Scheme.UNIX) {
            return;
        }
        try {
            ServerAddress there = ServerAddress.parse(elsewhere);
            named = new ServerAddress(present.scheme(), there.host(), there.port(), present.path());
        } catch (IllegalArgumentException notAnAddress) {
            named = null; // the next known one will do
        }
    }
}
