package net.voltlane.systemtest.cuts;

import java.net.InetSocketAddress;

/** The backend of a {@link CutStage}: answers each packet with the same bytes, and knows how much has arrived. */
interface CutBackend {
    InetSocketAddress address();

    /** Data that has come of the session of this player. */
    long arrived(CutPlayer player);

    /** Does what is to be done now and then. */
    void tick();

    /** Nothing of it waits for an acknowledgement. */
    boolean isSettled();

    /** The number of its links so far. */
    int links();
}
