package net.voltlane.systemtest.cuts;

import java.net.InetSocketAddress;

/** The backend of a {@link CutStage}: answers each packet with the same bytes, and tells players what has arrived. */
interface CutBackend extends AutoCloseable {
    /** The kinds of backends. */
    enum Kind {
        /** A scripted one that speaks firehose 2. */
        VERSION_2,
        /** A scripted one that speaks firehose 3, and judges every packet of the server. */
        VERSION_3,
        /** The backend SDK. */
        SDK,
        /** The backend SDK with TLS. */
        SDK_TLS;

        int version() {
            return this == VERSION_2 ? 2 : 3;
        }
    }

    InetSocketAddress address();

    /** Does what is to be done now and then. */
    void tick();

    /** Nothing of it waits for an acknowledgement, as far as is known. */
    boolean isSettled();

    /** True if the session of this player is there. */
    boolean knows(CutPlayer player);

    /** Ends the session of this player. */
    void kick(CutPlayer player, String text);

    /** Asks the server for a sign of life. */
    void ping();

    /** From now on acknowledges nothing, or again all that it gets. */
    void holdsBack(boolean on);

    @Override
    default void close() {}
}
