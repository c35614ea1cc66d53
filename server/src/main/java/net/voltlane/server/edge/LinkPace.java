package net.voltlane.server.edge;

import java.util.concurrent.TimeUnit;
import net.voltlane.server.guard.TokenBucket;
import net.voltlane.server.link.Deadlines;
import org.jspecify.annotations.Nullable;

/** The state of one link in the {@link RateAndIdleLimiter}. Belongs to the link's loop. */
final class LinkPace {
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    final TokenBucket packets;
    final TokenBucket bytes;
    /** Served time at which the link was last read from, or was last found paused. */
    long readNanos;
    /** True until the input is let in that gathered while the server could not read it: no reason to end the session. */
    boolean excused;

    Deadlines<ClientLink>.@Nullable Entry idleCheck;

    /** @param realNanos the time from which rates count */
    LinkPace(long nowNanos, long realNanos) {
        packets = new TokenBucket(SECOND_NANOS, realNanos);
        bytes = new TokenBucket(SECOND_NANOS, realNanos);
        readNanos = nowNanos;
    }
}
