package net.voltlane.server.edge;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import net.voltlane.protocol.link3.GoAway;
import net.voltlane.server.metrics.Metric;
import org.jspecify.annotations.Nullable;

/**
 * The heartbeat of one link of version 3, which {@link Heartbeats} looks at. It is a part of the link's protocol, and the
 * line of those that wait for their look goes through it, so that an idle client takes up no other object for it. Belongs
 * to the link's loop.
 */
abstract class Heartbeat extends LinkProtocol {
    static final int LOOKS_PER_HEARTBEAT = 2;
    /** The looks in a row without a sign of life after which a link is lost: two heartbeats. */
    private static final int SILENT_LOOKS = 2 * LOOKS_PER_HEARTBEAT;

    private final int secs;
    /** The link while it is live; else null. */
    private @Nullable ClientLink link;
    /** The bytes of an unfinished frame at the last look. */
    private int unfinishedBytes;
    /** A whole frame has come since the last look. */
    private boolean heard;
    /** Looks since the last sign of life, or since the last that found the link not read from. */
    private byte silentLooks;
    /** Looks since the server gave a sign of life while it did not read, or more than a heartbeat has. */
    private byte looksSincePong;

    /** It stands in a line, and a look will be due. */
    private boolean isInLine;

    private @Nullable Heartbeat previous;
    private @Nullable Heartbeat next;
    /** Served time of the next look. */
    private long dueNanos;

    /** @param secs the heartbeat that the client is told, at least 1 */
    Heartbeat(int secs) {
        this.secs = secs;
    }

    /** Gives the client of a link that is not read from a sign of life. */
    abstract void signOfLife(ClientLink link);

    /** Tells the client to come back within a time, since the server will stop. */
    abstract void goAway(ClientLink link, GoAway goAway);

    /** The link while it is live; else null. */
    final @Nullable ClientLink liveLink() {
        return link;
    }

    /** A whole frame has come. */
    final void heard() {
        heard = true;
    }

    @Override
    final void codecWasRead() {
        heard();
    }

    @Override
    final void joined(ClientLink begun) {
        link = begun;
        begun.context.heartbeats().begin(this, secs);
    }

    @Override
    final void ended(ClientLink ending) {
        link = null;
        if (isInLine) {
            ending.context.heartbeats().end(this, secs);
        }
    }

    /**
     * Looks for signs of life, and gives one to a client that is not read from.
     *
     * @return false if the link is lost, and was told so
     */
    final boolean look() {
        ClientLink looked = link;
        assert looked != null : "looked at behind its end";
        boolean isRead = looked.isReading();
        int unfinishedNow = looked.input.unfinishedBytes();
        boolean isAlive = heard || unfinishedNow != unfinishedBytes || !isRead;
        heard = false;
        unfinishedBytes = unfinishedNow;
        silentLooks = isAlive ? 0 : (byte) (silentLooks + 1);
        if (silentLooks >= SILENT_LOOKS) {
            looked.isSilent(Metric.LINKS_SILENT, "sent nothing for two heartbeats");
            return false;
        }
        if (looksSincePong < LOOKS_PER_HEARTBEAT) {
            looksSincePong++;
        }
        if (!isRead && looksSincePong == LOOKS_PER_HEARTBEAT) {
            looksSincePong = 0;
            signOfLife(looked);
        }
        return true;
    }

    /** The heartbeats of the same length, in the order in which their looks are due. Belongs to its loop. */
    static final class Line {
        private final long lookNanos;
        private @Nullable Heartbeat first;
        private @Nullable Heartbeat last;

        /** @param secs the length of the heartbeats */
        Line(int secs) {
            lookNanos = TimeUnit.SECONDS.toNanos(secs) / LOOKS_PER_HEARTBEAT;
        }

        boolean isEmpty() {
            return first == null;
        }

        /** Puts a heartbeat that stands in no line at the end, to be looked at some time from now on. */
        void add(Heartbeat added, long nowNanos) {
            assert !added.isInLine : "stands in a line";
            added.isInLine = true;
            added.dueNanos = nowNanos + lookNanos;
            added.previous = last;
            if (last == null) {
                first = added;
            } else {
                last.next = added;
            }
            last = added;
        }

        /** Takes a heartbeat out, wherever in this line it stands. */
        void remove(Heartbeat removed) {
            assert removed.isInLine : "stands in no line";
            Heartbeat before = removed.previous;
            Heartbeat behind = removed.next;
            if (before == null) {
                first = behind;
            } else {
                before.next = behind;
            }
            if (behind == null) {
                last = before;
            } else {
                behind.previous = before;
            }
            removed.previous = null;
            removed.next = null;
            removed.isInLine = false;
        }

        /** Has each one that is due looked at, and put at the end if it goes on. */
        void run(long nowNanos, Predicate<Heartbeat> look) {
            for (Heartbeat due = first; due != null && due.dueNanos - nowNanos <= 0; due = first) {
                remove(due);
                if (look.test(due)) {
                    add(due, nowNanos);
                }
            }
        }

        /** All of them, in order. */
        List<Heartbeat> all() {
            List<Heartbeat> all = new ArrayList<>();
            for (Heartbeat at = first; at != null; at = at.next) {
                all.add(at);
            }
            return all;
        }
    }
}
