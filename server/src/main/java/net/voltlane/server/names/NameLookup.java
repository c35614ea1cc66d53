package net.voltlane.server.names;

import java.net.InetAddress;
import java.util.List;
import java.util.function.Consumer;

/** A resolver of host names. */
@FunctionalInterface
public interface NameLookup {

    /**
     * The outcome of one look-up.
     *
     * @param addresses all addresses of the host, in the order of the answer; empty if none was found
     * @param failure the reason for the operator why there are none; empty if there are some
     */
    record Found(List<InetAddress> addresses, String failure) {
        static Found addresses(List<InetAddress> addresses) {
            return new Found(List.copyOf(addresses), "");
        }

        static Found nothing(String failure) {
            return new Found(List.of(), failure);
        }
    }

    /**
     * Looks up {@code host} anew and returns at once. The answer is handed to {@code then} exactly once, on the loop
     * that this look-up belongs to: within a bounded time, and possibly before this method returns.
     *
     * @param host a name or an address
     */
    void find(String host, Consumer<Found> then);
}
