package net.voltlane.server.edge;

import java.util.concurrent.TimeUnit;
import net.voltlane.server.guard.TokenBucket;
import net.voltlane.server.link.Deadlines;
import org.jspecify.annotations.Nullable;

/** What a {@link RateAndIdleLimiter} remembers of one link. Belongs to the link's loop. */
final class LinkPace {
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    final TokenBucket packets;
    final TokenBucket bytes;
    /** When it was last read from, or could not be, in served time. */
    long readNanos;
    /** What comes now gathered while nobody could read it: no reason to end the link, until all of it was let in. */
    boolean excused;

    Deadlines<ClientLink>.@Nullable Entry idleCheck;

    /** @param realNanos when its rates begin to count */
    LinkPace(long nowNanos, long realNanos) {
        packets = new TokenBucket(SECOND_NANOS, realNanos);
        bytes = new TokenBucket(SECOND_NANOS, realNanos);
        readNanos = nowNanos;
    }
}
