package net.voltlane.server.metrics;

import java.util.Locale;

/** The unit of a figure. */
public enum Unit {
    BYTES,
    COMPUTATIONS,
    CONNECTIONS,
    /** Times that something happened. */
    EVENTS,
    HANDSHAKES,
    LINKS,
    PACKETS,
    RESUMES,
    /** Published in seconds, but counted and read in nanoseconds. */
    SECONDS,
    SESSIONS,
    /** 1 for yes, 0 for no. */
    YES_OR_NO;

    private static final double NANOS_PER_SECOND = 1e9;

    /** The unit as operators read it. */
    public String text() {
        return this == YES_OR_NO ? "1 or 0" : name().toLowerCase(Locale.ROOT);
    }

    /** The value as it is published, for one as it is counted: seconds for nanoseconds, any other value as it is. */
    public double published(long value) {
        return this == SECONDS ? value / NANOS_PER_SECOND : value;
    }

    /** The unit that the name of a counter tells; {@link #EVENTS} if it tells none. */
    static Unit of(String name) {
        for (Unit unit : values()) {
            if (unit != YES_OR_NO && name.contains("_" + unit.text() + "_")) {
                return unit;
            }
        }
        return EVENTS;
    }
}
