package net.voltlane.server.guard;

import java.time.Duration;
import net.voltlane.server.address.Cidr;
import org.jspecify.annotations.Nullable;

/**
 * A ban, as it was when it was looked at. Immutable.
 *
 * @param network the address or network whose connections are refused
 * @param server the name of the server of the fleet that gave it; null: this one
 * @param endsIn time until it ends by itself; null: it lasts until it is lifted, or the last server that knows of it ends
 */
public record Ban(
        Cidr network,
        Cause cause,
        @Nullable String server,
        @Nullable Duration endsIn) {
    /** The cause of a ban. */
    public enum Cause {
        /** An operator gave it. */
        OPERATOR("operator"),
        /** Too many wrong proofs came from the address. */
        WRONG_PROOFS("wrong proofs");

        private final String text;

        Cause(String text) {
            this.text = text;
        }

        /** The cause in words. */
        public String text() {
            return text;
        }
    }

    /** The place of this ban in the order of all. */
    public Place place() {
        return new Place(cause, network);
    }

    /** A place in the order of all bans: by cause, then by network. A network has at most one ban of each cause. */
    public record Place(Cause cause, Cidr network) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            int byCause = cause.compareTo(other.cause);
            return byCause != 0 ? byCause : network.compareTo(other.network);
        }
    }
}
