package net.voltlane.server.config;

/**
 * Section {@code clients}: what is kept for clients, and for how long.
 *
 * @param channelCapacity packets that may wait for a live client that does not read, at least 1
 * @param channelCapacityBytes the same bound in bytes, at least 1
 * @param staleTimeoutSecs seconds for which a session without a link may be resumed; 0: a lost link ends it
 * @param maxStaleClients how many sessions may be without a link; over it one gives way; 0: a lost link ends its session
 * @param staleReapIntervalSecs seconds between two looks for overdue sessions, at least 1
 * @param missedPacketsBufferSize packets kept for a session without a link; one more ends it
 * @param missedPacketsBufferBytes the same bound in bytes
 * @param overflow what happens when a live client's queue is at its bound
 */
public record Clients(
        long channelCapacity,
        long channelCapacityBytes,
        long staleTimeoutSecs,
        long maxStaleClients,
        long staleReapIntervalSecs,
        long missedPacketsBufferSize,
        long missedPacketsBufferBytes,
        Overflow overflow) {

    /** This, with another bound in packets. */
    public Clients withChannelCapacity(long channelCapacity) {
        return new Clients(
                channelCapacity,
                channelCapacityBytes,
                staleTimeoutSecs,
                maxStaleClients,
                staleReapIntervalSecs,
                missedPacketsBufferSize,
                missedPacketsBufferBytes,
                overflow);
    }

    /** This, with another bound in bytes. */
    public Clients withChannelCapacityBytes(long channelCapacityBytes) {
        return new Clients(
                channelCapacity,
                channelCapacityBytes,
                staleTimeoutSecs,
                maxStaleClients,
                staleReapIntervalSecs,
                missedPacketsBufferSize,
                missedPacketsBufferBytes,
                overflow);
    }

    /** This, with another stale timeout in seconds; 0: a lost link ends its session. */
    public Clients withStaleTimeoutSecs(long staleTimeoutSecs) {
        return new Clients(
                channelCapacity,
                channelCapacityBytes,
                staleTimeoutSecs,
                maxStaleClients,
                staleReapIntervalSecs,
                missedPacketsBufferSize,
                missedPacketsBufferBytes,
                overflow);
    }

    /** This, with another number of stale sessions; 0: a lost link ends its session. */
    public Clients withMaxStaleClients(long maxStaleClients) {
        return new Clients(
                channelCapacity,
                channelCapacityBytes,
                staleTimeoutSecs,
                maxStaleClients,
                staleReapIntervalSecs,
                missedPacketsBufferSize,
                missedPacketsBufferBytes,
                overflow);
    }

    /** This, with another interval in seconds. */
    public Clients withStaleReapIntervalSecs(long staleReapIntervalSecs) {
        return new Clients(
                channelCapacity,
                channelCapacityBytes,
                staleTimeoutSecs,
                maxStaleClients,
                staleReapIntervalSecs,
                missedPacketsBufferSize,
                missedPacketsBufferBytes,
                overflow);
    }

    /** This, with another bound in packets. */
    public Clients withMissedPacketsBufferSize(long missedPacketsBufferSize) {
        return new Clients(
                channelCapacity,
                channelCapacityBytes,
                staleTimeoutSecs,
                maxStaleClients,
                staleReapIntervalSecs,
                missedPacketsBufferSize,
                missedPacketsBufferBytes,
                overflow);
    }

    /** This, with another bound in bytes. */
    public Clients withMissedPacketsBufferBytes(long missedPacketsBufferBytes) {
        return new Clients(
                channelCapacity,
                channelCapacityBytes,
                staleTimeoutSecs,
                maxStaleClients,
                staleReapIntervalSecs,
                missedPacketsBufferSize,
                missedPacketsBufferBytes,
                overflow);
    }

    /** This, with another policy. */
    public Clients withOverflow(Overflow overflow) {
        return new Clients(
                channelCapacity,
                channelCapacityBytes,
                staleTimeoutSecs,
                maxStaleClients,
                staleReapIntervalSecs,
                missedPacketsBufferSize,
                missedPacketsBufferBytes,
                overflow);
    }
}
