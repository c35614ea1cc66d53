package net.voltlane.cli.relay;

/** Hears of cuts, on the relay's thread. */
public interface Losses {

    /** A connection was cut by resets to both of its ends. */
    void cut();

    /** The two ends go on over a new connection, in place of one that was cut. */
    void resumed();

    /**
     * Messages were sent on a connection that is gone, and had not come out at the other end.
     *
     * @param toDialled number of messages to the end that the relay dialled, 0 or more
     * @param toDialler number of messages to the end that dialled the relay, 0 or more
     */
    void lay(long toDialled, long toDialler);
}
