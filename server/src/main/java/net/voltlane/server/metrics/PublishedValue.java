package net.voltlane.server.metrics;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** The value of a gauge whose figure belongs to one thread: that thread publishes it, any thread reads it. */
public final class PublishedValue implements LongSupplier {
    private final AtomicLong value = new AtomicLong();

    /** Sets the value; owning thread only. */
    public void publish(long now) {
        value.setOpaque(now);
    }

    @Override
    public long getAsLong() {
        return value.getOpaque();
    }
}
