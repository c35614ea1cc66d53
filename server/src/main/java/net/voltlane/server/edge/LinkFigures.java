package net.voltlane.server.edge;

import java.util.function.LongSupplier;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.metrics.PublishedValue;
import net.voltlane.server.metrics.Timing;

/**
 * Figures of the links of one loop: the time that handshakes take, and the number of clients that do not take at once
 * what is sent to them. Belongs to its loop, but for {@link #slowClients}.
 */
final class LinkFigures {
    private static final int TICK_BITS = 10;

    private final Counters counters;
    private final LongSupplier nanoClock;
    private final PublishedValue slow = new PublishedValue();

    /** @param nanoClock real time: clients wait through pauses of the server as well */
    LinkFigures(Counters counters, LongSupplier nanoClock) {
        this.counters = counters;
        this.nanoClock = nanoClock;
    }

    /**
     * The present time in ticks of 1024 ns, for {@link #opened} and {@link #resumed}. It starts again from the beginning
     * after 73 minutes, which no handshake lasts, and takes half the room of a full time in a link.
     */
    int nowTicks() {
        return (int) (nanoClock.getAsLong() >> TICK_BITS); // a quotient would jump where the clock overflows
    }

    /** A session is opened on a connection that was accepted at this time. */
    void opened(int acceptedTicks) {
        record(Timing.HANDSHAKE, acceptedTicks);
    }

    /** A session is resumed on a connection that was accepted at this time. */
    void resumed(int acceptedTicks) {
        record(Timing.RESUME, acceptedTicks);
    }

    private void record(Timing timing, int acceptedTicks) {
        counters.record(timing, Integer.toUnsignedLong(nowTicks() - acceptedTicks) << TICK_BITS);
    }

    /** A client of a live session does not take everything at once. */
    void slowBegins() {
        counters.count(Metric.CLIENTS_BECAME_SLOW);
        slow.publish(slow.getAsLong() + 1);
    }

    /** Such a client has taken everything, or its session is no longer live. */
    void slowEnds() {
        slow.publish(slow.getAsLong() - 1);
    }

    /** The number of slow clients of this loop. Any thread. */
    long slowClients() {
        return slow.getAsLong();
    }
}
