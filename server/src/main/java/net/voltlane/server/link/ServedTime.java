package net.voltlane.server.link;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Time that runs only while all loops of the server are served: the clock of every deadline by which a peer is judged. A
 * process that was stopped, swapped out or migrated, or a loop that hung, was deaf meanwhile. The packets that peers sent
 * in that time wait in the sockets, and must not count as silence.
 *
 * <p>Each loop ticks in its sweeps. Time runs up to {@value #LATE_MILLIS} ms beyond the oldest tick and then stands, on
 * every thread, until that loop has come back, has read its sockets, and has ticked once more without being late. So no
 * deadline has to be moved, and it does not matter which thread wakes up first. A pause costs a deadline at most
 * {@value #LATE_MILLIS} ms, because it is unknown when after the last tick it began.
 *
 * <p>Overload must not stop time, or a peer that slows the loops down would escape every deadline. So a loop may be late
 * {@value #PARDONS} times, and once more for each {@value #TICKS_PER_PARDON} ticks in time. Beyond that its lateness
 * counts half, and overdue peers are judged: a deadline takes at most twice its time.
 *
 * <p>Thread-safe; a {@link Loop} belongs to its loop.
 */
public final class ServedTime implements LongSupplier {
    private static final int LATE_MILLIS = 250;
    private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(LATE_MILLIS);
    private static final int PARDONS = 8;
    private static final int TICKS_PER_PARDON = 10;
    /** Time after a pause in which packets that are read may have waited: sockets may hold more than a sweep reads. */
    private static final long BACKLOG_NANOS = TimeUnit.SECONDS.toNanos(10);

    /**
     * The state that all loops see, replaced as a whole.
     *
     * @param runs false while no loop has joined: then time has no end
     * @param endNanos the real time up to which served time runs
     * @param halves true if time runs on beyond that at half its speed, as no loop has a pardon left. It does so at
     *     once, and not in one leap when a loop ticks: a deadline that begins in between must not be charged for the
     *     time before
     * @param lostNanos the sum of the time for which it has stood
     * @param backlog the backlog of the oldest pause that may have left something unread
     * @param later the backlog of the pauses that came while the first was being read
     */
    private record State(boolean runs, long endNanos, boolean halves, long lostNanos, Backlog backlog, Backlog later) {}

    /**
     * The packets that gathered in a pause. The oldest backlog is forgotten once it has been read, whatever pauses came
     * meanwhile: else a short pause now and then would save up a limit's tokens for ever.
     *
     * @param sinceNanos the beginning of the pause
     * @param untilNanos the time at which all of it has surely been read
     */
    private record Backlog(long sinceNanos, long untilNanos) {
        static Backlog none(long nowNanos) {
            return new Backlog(nowNanos, nowNanos);
        }

        boolean isThere(long nanos) {
            return nanos - untilNanos < 0;
        }
    }

    private final LongSupplier nanoClock;
    /** Guarded by this. */
    private final List<Loop> loops = new ArrayList<>();

    private volatile State state;

    /** @param nanoClock real time, as {@link System#nanoTime} */
    public ServedTime(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        long now = nanoClock.getAsLong();
        state = new State(false, now, false, 0, Backlog.none(now), Backlog.none(now));
    }

    /** Served time in nanoseconds; only differences between readings mean anything. Never runs backwards. */
    @Override
    public long getAsLong() {
        State seen = state; // before the clock: a later state could lie further ahead of the time that is read
        long now = nanoClock.getAsLong();
        if (!stands(seen, now)) {
            return now - seen.lostNanos;
        }
        return seen.endNanos + (seen.halves ? (now - seen.endNanos) / 2 : 0) - seen.lostNanos;
    }

    /** Real time in nanoseconds, for what is no deadline. */
    public long realNanos() {
        return nanoClock.getAsLong();
    }

    /** Real time since the oldest tick of any loop; 0 while no loop has joined. */
    public long lagNanos() {
        State seen = state;
        return seen.runs ? Math.max(0, nanoClock.getAsLong() - (seen.endNanos - LATE_NANOS)) : 0;
    }

    /**
     * The real time since which what is read at this moment may have waited for the server: now, but for a while after
     * a pause its beginning. A limit on how much a peer sends in a time has to count from there.
     */
    public long waitedSinceNanos() {
        State seen = state;
        long now = nanoClock.getAsLong();
        long until = stands(seen, now) ? seen.endNanos : now;
        if (seen.backlog.isThere(until)) {
            return seen.backlog.sinceNanos;
        } else if (seen.later.isThere(until)) {
            return seen.later.sinceNanos;
        }
        return stands(seen, now) ? seen.endNanos - LATE_NANOS : now;
    }

    private static boolean stands(State seen, long now) {
        return seen.runs && now - seen.endNanos > 0;
    }

    /**
     * Adds a loop, which ticks from now on.
     *
     * @param owner the loop itself
     */
    public synchronized Loop join(Owner owner) {
        long now = nanoClock.getAsLong();
        Loop loop = new Loop(owner, now);
        loops.add(loop);
        if (!state.runs) {
            state = new State(true, now + LATE_NANOS, false, state.lostNanos, state.backlog, state.later);
        }
        return loop;
    }

    /** True if the next lateness of some loop counts half. For tests, whose loops all run on one thread. */
    synchronized boolean isOverloaded() {
        return loops.stream().anyMatch(Loop::isOverloaded);
    }

    private synchronized void served(Loop loop, long now, boolean pardoned, boolean overloaded) {
        loop.servedUntilNanos = now;
        loop.overloaded = overloaded;
        long oldest = now;
        for (Loop each : loops) {
            if (each.servedUntilNanos - oldest < 0) {
                oldest = each.servedUntilNanos;
            }
        }
        State before = state;
        long end = oldest + LATE_NANOS;
        long stood = (end - now < 0 ? end : now) - before.endNanos;
        // Not decided anew while time stands: it would run backwards.
        boolean halves = now - end > 0 ? before.halves : loops.stream().allMatch(each -> each.overloaded);
        if (stood <= 0) {
            state = new State(true, end, halves, before.lostNanos, before.backlog, before.later);
        } else if (pardoned && !before.halves) {
            state = paused(before, now, end, halves, stood);
        } else {
            long pardonedNanos = before.halves ? 0 : Math.min(stood, Math.max(0, loop.pardonedNanos - before.endNanos));
            long lost = before.lostNanos + pardonedNanos + (stood - pardonedNanos) / 2;
            state = new State(true, end, halves, lost, before.backlog, before.later);
        }
    }

    private static State paused(State before, long now, long end, boolean halves, long stood) {
        long lost = before.lostNanos + stood;
        Backlog last = new Backlog(before.endNanos - LATE_NANOS, now + BACKLOG_NANOS);
        boolean isReadingLater = before.later.isThere(before.endNanos);
        if (before.backlog.isThere(before.endNanos)) {
            Backlog later = isReadingLater ? new Backlog(before.later.sinceNanos, last.untilNanos) : last;
            return new State(true, end, halves, lost, longer(before.backlog, stood), later);
        } else if (isReadingLater) {
            return new State(true, end, halves, lost, longer(before.later, stood), last);
        }
        return new State(true, end, halves, lost, last, Backlog.none(now));
    }

    /** The backlog with its time extended by a pause, in which nothing of it was read. */
    private static Backlog longer(Backlog backlog, long pauseNanos) {
        return new Backlog(backlog.sinceNanos, backlog.untilNanos + pauseNanos);
    }

    /** The part of one loop in served time. Belongs to that loop. */
    public final class Loop {
        private final Owner owner;
        private long tickedNanos;
        /** The time up to which the loop has read its sockets. Guarded by the {@link ServedTime}. */
        private long servedUntilNanos;

        /** True if the next lateness counts half. Guarded by the {@link ServedTime}. */
        private boolean overloaded;

        /** The time at which the loop was last late and pardoned. Nothing before that counts again. */
        private long pardonedNanos;

        private long gapNanos;
        /** The number of times that the loop was late, in tenths, less its ticks in time. */
        private int lateTimes;

        private Loop(Owner owner, long now) {
            this.owner = owner;
            tickedNanos = now;
            servedUntilNanos = now;
            pardonedNanos = now;
        }

        /**
         * Says that the loop is at its sweep, which comes ten times a second.
         *
         * @return true if the loop may judge; false if it was late, and has to read its sockets first
         */
        public boolean tick() {
            assert owner.isCurrent() : "belongs to its loop";
            long now = nanoClock.getAsLong();
            gapNanos = now - tickedNanos;
            tickedNanos = now;
            boolean late = gapNanos > LATE_NANOS;
            if (!late) {
                lateTimes = Math.max(0, lateTimes - 1);
            } else if (!isOverloaded()) {
                lateTimes += TICKS_PER_PARDON;
                pardonedNanos = now;
                return false;
            }
            served(this, now, !late, isOverloaded());
            return true;
        }

        private boolean isOverloaded() {
            return lateTimes >= PARDONS * TICKS_PER_PARDON;
        }

        /** The time between the last two ticks. */
        public long gapNanos() {
            return gapNanos;
        }
    }
}
