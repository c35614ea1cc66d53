package net.voltlane.testkit;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import net.voltlane.protocol.FirehosePacket;
import org.jspecify.annotations.Nullable;

/**
 * The packets that came over a firehose and were not taken yet. They can be taken in order of arrival, or in order for
 * one client; a packet that was taken in one way is gone from the other too. Any thread may call it.
 */
final class PacketLog {
    private static final class Entry {
        final FirehosePacket packet;
        boolean taken;

        Entry(FirehosePacket packet) {
            this.packet = packet;
        }
    }

    private final Queue<Entry> all = new ArrayDeque<>();
    private final Map<Long, Queue<Entry>> byId = new HashMap<>();
    private long count;
    private @Nullable String end;

    synchronized void add(FirehosePacket packet) {
        Entry entry = new Entry(packet);
        all.add(entry);
        byId.computeIfAbsent(packet.id(), id -> new ArrayDeque<>()).add(entry);
        count++;
        notifyAll();
    }

    /** The link is over: nothing comes any more. */
    synchronized void end(String how) {
        if (end == null) {
            end = how;
            notifyAll();
        }
    }

    synchronized boolean hasEnded() {
        return end != null;
    }

    /** Returns the number of packets that came in all. */
    synchronized long count() {
        return count;
    }

    /** Takes the oldest packet; null when the time is over. */
    synchronized @Nullable FirehosePacket take(Deadline deadline) throws InterruptedException {
        return take(all, deadline);
    }

    /** Takes the oldest packet of one client; null when the time is over. */
    synchronized @Nullable FirehosePacket take(long id, Deadline deadline) throws InterruptedException {
        return take(byId.computeIfAbsent(id, any -> new ArrayDeque<>()), deadline);
    }

    private @Nullable FirehosePacket take(Queue<Entry> from, Deadline deadline) throws InterruptedException {
        while (true) {
            for (Entry entry = from.poll(); entry != null; entry = from.poll()) {
                if (!entry.taken) {
                    entry.taken = true;
                    return entry.packet;
                }
            }
            long millis = deadline.remainingMillis();
            if (millis == 0 || end != null) {
                return null;
            }
            wait(millis);
        }
    }

    /** For failure messages: how the link stands and what waits in it. */
    synchronized String describe() {
        StringBuilder text = new StringBuilder(count + " packets came in all");
        int shown = 0;
        for (Entry entry : all) {
            if (!entry.taken) {
                text.append(shown == 0 ? "; not asked for: " : ", ").append(entry.packet);
                if (++shown == 5) {
                    text.append(", ...");
                    break;
                }
            }
        }
        return end == null ? text.toString() : text + "; the link has ended: " + end;
    }
}
