package net.voltlane.bench.load;

import net.voltlane.protocol.Limits;

/** The clients' halves of one protocol version on one loop, with the keys that they share. Belongs to that loop. */
abstract class Dialects {

    /** The number of keys that clients of a loop share. */
    private static final int KEYS = 16;

    private Dialects() {}

    /** @param protocol 2 or 3 */
    static Dialects of(int protocol) {
        return protocol == Limits.PROTOCOL_VERSION ? new Version2() : new Version3();
    }

    /** Bytes between a frame's prefix and the message in it. */
    abstract int typeBytes();

    /** True if clients have to look now and then whether they owe the server something. */
    abstract boolean areSwept();

    /** A new one, for the client with this index. */
    abstract Dialect of(int index, LoadLoop loop);

    private static final class Version2 extends Dialects {

        private final Identity[] identities = Identity.few(KEYS);

        @Override
        int typeBytes() {
            return 0;
        }

        @Override
        boolean areSwept() {
            return false;
        }

        @Override
        Dialect of(int index, LoadLoop loop) {
            return new Dialect2(index, loop, identities[index % KEYS]);
        }
    }

    private static final class Version3 extends Dialects {

        private final Identity3[] identities = Identity3.few(KEYS);

        @Override
        int typeBytes() {
            return 1;
        }

        @Override
        boolean areSwept() {
            return true;
        }

        @Override
        Dialect of(int index, LoadLoop loop) {
            return new Dialect3(index, loop, identities[index % KEYS]);
        }
    }
}
