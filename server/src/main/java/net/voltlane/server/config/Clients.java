package net.voltlane.server.config;

import java.util.function.Consumer;

/**
 * Section {@code clients}: what is kept for clients, and for how long.
 *
 * @param channelCapacity packets that may wait for a live client that does not read, at least 1
 * @param channelCapacityBytes the same bound in bytes, at least 1
 * @param staleTimeoutSecs seconds for which a session without a link may be resumed; 0: a lost link ends it
 * @param maxStaleClients how many sessions may be without a link; over it one gives way; 0: a lost link ends its
 *     session
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
        return with(draft -> draft.channelCapacity = channelCapacity);
    }

    /** This, with another bound in bytes. */
    public Clients withChannelCapacityBytes(long channelCapacityBytes) {
        return with(draft -> draft.channelCapacityBytes = channelCapacityBytes);
    }

    /** This, with another stale timeout in seconds; 0: a lost link ends its session. */
    public Clients withStaleTimeoutSecs(long staleTimeoutSecs) {
        return with(draft -> draft.staleTimeoutSecs = staleTimeoutSecs);
    }

    /** This, with another number of stale sessions; 0: a lost link ends its session. */
    public Clients withMaxStaleClients(long maxStaleClients) {
        return with(draft -> draft.maxStaleClients = maxStaleClients);
    }

    /** This, with another interval in seconds. */
    public Clients withStaleReapIntervalSecs(long staleReapIntervalSecs) {
        return with(draft -> draft.staleReapIntervalSecs = staleReapIntervalSecs);
    }

    /** This, with another bound in packets. */
    public Clients withMissedPacketsBufferSize(long missedPacketsBufferSize) {
        return with(draft -> draft.missedPacketsBufferSize = missedPacketsBufferSize);
    }

    /** This, with another bound in bytes. */
    public Clients withMissedPacketsBufferBytes(long missedPacketsBufferBytes) {
        return with(draft -> draft.missedPacketsBufferBytes = missedPacketsBufferBytes);
    }

    /** This, with another policy. */
    public Clients withOverflow(Overflow overflow) {
        return with(draft -> draft.overflow = overflow);
    }

    private Clients with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.clients();
    }

    /** What may still be changed. */
    private static final class Draft {
        long channelCapacity;
        long channelCapacityBytes;
        long staleTimeoutSecs;
        long maxStaleClients;
        long staleReapIntervalSecs;
        long missedPacketsBufferSize;
        long missedPacketsBufferBytes;
        Overflow overflow;

        Draft(Clients from) {
            channelCapacity = from.channelCapacity;
            channelCapacityBytes = from.channelCapacityBytes;
            staleTimeoutSecs = from.staleTimeoutSecs;
            maxStaleClients = from.maxStaleClients;
            staleReapIntervalSecs = from.staleReapIntervalSecs;
            missedPacketsBufferSize = from.missedPacketsBufferSize;
            missedPacketsBufferBytes = from.missedPacketsBufferBytes;
            overflow = from.overflow;
        }

        Clients clients() {
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
}
