package net.voltlane.server.session;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The times for which records are kept, and within which each is renewed. They follow from the stale time in the settings
 * of the moment. Belongs to the session loop.
 */
final class RecordTimes {
    private static final long SHORTEST_CYCLE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long LONGEST_CYCLE_NANOS = TimeUnit.HOURS.toNanos(1);
    /** The time for which a record that nobody renews is kept where the stale time has no end: a year. */
    private static final long LONGEST_STALE_NANOS = TimeUnit.DAYS.toNanos(365);

    private final Supplier<SessionSettings> settings;
    private final LongSupplier nanoClock;

    RecordTimes(Supplier<SessionSettings> settings, LongSupplier nanoClock) {
        this.settings = settings;
        this.nanoClock = nanoClock;
    }

    /** The time for which a session's record is kept from now on. */
    long keepMillis(Session session) {
        if (session.state() != Session.State.STALE) {
            return liveMillis();
        }
        long restNanos = staleNanos() - (nanoClock.getAsLong() - session.lostAtNanos);
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(restNanos));
    }

    /** The time for which the record of a session with a link is kept. */
    long liveMillis() {
        return TimeUnit.NANOSECONDS.toMillis(staleNanos() + 2 * cycleNanos());
    }

    /** The time within which each record is renewed once. */
    long cycleNanos() {
        return Math.min(LONGEST_CYCLE_NANOS, Math.max(SHORTEST_CYCLE_NANOS, staleNanos() / 2));
    }

    /** The time for which a session waits for its client. */
    long staleNanos() {
        return Math.min(LONGEST_STALE_NANOS, settings.get().staleTimeoutNanos());
    }
}
