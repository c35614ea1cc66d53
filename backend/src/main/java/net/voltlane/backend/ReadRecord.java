package net.voltlane.backend;

/** A record of what a firehose has received. Written by its reader, read by any thread. */
final class ReadRecord {
    /** The number of the newest firehose when this one last received something. */
    private volatile long newestWhenRead;

    private volatile boolean hasReceived;

    /** Notes that something was received, and the newest firehose that existed at that time. */
    void add(long newest) {
        newestWhenRead = newest;
        if (!hasReceived) {
            hasReceived = true;
        }
    }

    /** Tells whether anything was ever received. */
    boolean hasReceived() {
        return hasReceived;
    }

    /** Tells whether anything was received since another firehose was accepted. */
    boolean isNewerThan(Firehose other) {
        return newestWhenRead >= other.number();
    }
}
