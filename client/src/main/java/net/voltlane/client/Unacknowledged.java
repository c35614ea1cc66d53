package net.voltlane.client;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import net.voltlane.client.SendStore.Packet;
import net.voltlane.client.SendStore.Unsettled;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.QueueBounds;
import net.voltlane.protocol.link3.FrameType;
import org.jspecify.annotations.Nullable;

/**
 * The packets of a session of version 3 that the backend has not acknowledged, and their numbers.
 *
 * <pre>
 *  acknowledge <- | sent ................ | again ............... | waiting ........... | <- add
 *                 | on this link, or read | sent on a lost link,  | has no number yet,  |
 *                 | by the server before  | not read by the server| may be dropped      |
 *                 first()            last                        fill
 * </pre>
 *
 * A packet gets its number when its first byte goes into a batch, as the numbers follow the order of sending. It keeps
 * the number for good: when a link is lost and the session is resumed, {@link #resumed} makes what the server has not
 * read go out again, before everything that waits.
 *
 * <p>Guarded by the lock of the {@link SendQueue}.
 */
final class Unacknowledged {

    /** The header of a Data frame: its length, which counts the type byte, and the type byte. */
    static final int HEADER_BYTES = Frame.PREFIX_BYTES + 1;

    private final QueueBounds bounds;
    private final ArrayDeque<Packet> sent = new ArrayDeque<>();
    private final ArrayDeque<Packet> again = new ArrayDeque<>();
    private final ArrayDeque<Packet> waiting = new ArrayDeque<>();
    private long bytes;
    private long sentBytes;

    /** The number of the last packet in {@code sent}; if that is empty, of the one before the next packet. */
    private long last;

    /** The highest number that was ever given to a packet. */
    private long everSent;

    private long acknowledged;

    /** The number of packets that the server had read when the session was last resumed. */
    private long accepted;

    /** The bytes of the last sent frame that went into batches; 0 if all of it did. */
    private int begunBytes;

    /** @param bounds how much may be sent without an acknowledgement */
    Unacknowledged(QueueBounds bounds) {
        this.bounds = bounds;
    }

    /** Takes over the packets of an exported session. */
    Unacknowledged(QueueBounds bounds, SendCounts counts, List<byte[]> frames) {
        this.bounds = bounds;
        acknowledged = counts.acknowledged();
        everSent = counts.everSent();
        last = counts.first() - 1;
        for (byte[] frame : frames) {
            Packet packet = new Packet(frame, null);
            if (last < everSent) {
                last++;
                sent.addLast(packet);
                sentBytes += packet.payloadBytes();
                bytes += packet.payloadBytes();
            } else {
                add(packet);
            }
        }
    }

    int packets() {
        return sent.size() + again.size() + waiting.size();
    }

    long bytes() {
        return bytes;
    }

    SendCounts counts() {
        return new SendCounts(first(), acknowledged, everSent);
    }

    /** Returns the frames of all packets, oldest first. */
    List<byte[]> frames() {
        List<byte[]> all = new ArrayList<>(packets());
        sent.forEach(packet -> all.add(packet.frame()));
        again.forEach(packet -> all.add(packet.frame()));
        waiting.forEach(packet -> all.add(packet.frame()));
        return all;
    }

    /** The number of the first packet that is kept, or of the next one if none is. */
    private long first() {
        return last - sent.size() + 1;
    }

    void add(Packet packet) {
        waiting.addLast(packet);
        bytes += packet.payloadBytes();
    }

    /** Removes the oldest packet that no link has seen; null if there is none. */
    @Nullable
    Packet dropOldest() {
        Packet oldest = waiting.pollFirst();
        if (oldest != null) {
            bytes -= oldest.payloadBytes();
        }
        return oldest;
    }

    /** Removes all packets that no link has seen, oldest first. */
    List<Packet> takeWaiting() {
        List<Packet> all = new ArrayList<>(waiting.size());
        for (Packet packet = dropOldest(); packet != null; packet = dropOldest()) {
            all.add(packet);
        }
        return all;
    }

    // ---- sending

    /** Tells whether a packet, or the rest of one, may go into a batch. */
    boolean mayFill() {
        return isBegun() || mayBegin();
    }

    /** Tells whether a part of a frame went into a batch, and the rest did not. */
    boolean isBegun() {
        return begunBytes > 0;
    }

    private boolean mayBegin() {
        if (!again.isEmpty()) {
            return true;
        }
        Packet next = waiting.peekFirst();
        return next != null && bounds.admits(sent.size(), sentBytes, next.payloadBytes());
    }

    /** Puts the rest of a begun frame into a batch, as far as it fits. */
    void fillRest(ByteBuffer batch) {
        if (isBegun()) {
            put(batch, sent.getLast().frame());
        }
    }

    /** Puts frames into a batch as long as there is room, the last one perhaps in part. */
    void fill(ByteBuffer batch, int maxFrames) {
        for (int i = 0; i < maxFrames && !isBegun() && batch.remaining() >= HEADER_BYTES && mayBegin(); i++) {
            Packet packet = again.isEmpty() ? waiting.removeFirst() : again.removeFirst();
            sent.addLast(packet);
            sentBytes += packet.payloadBytes();
            last++;
            everSent = Math.max(everSent, last);
            batch.order(ByteOrder.LITTLE_ENDIAN).putInt(packet.payloadBytes() + 1);
            batch.put((byte) FrameType.DATA);
            begunBytes = Frame.PREFIX_BYTES;
            put(batch, packet.frame());
        }
    }

    /** Continues at {@link #begunBytes} of a frame of version 2, whose prefix is not sent. */
    private void put(ByteBuffer batch, byte[] frame) {
        int count = Math.min(frame.length - begunBytes, batch.remaining());
        batch.put(frame, begunBytes, count);
        begunBytes += count;
        if (begunBytes == frame.length) {
            begunBytes = 0;
        }
    }

    void detached() {
        begunBytes = 0;
    }

    // ---- what the server says

    /**
     * Takes an acknowledgement.
     *
     * @param count up to which number
     * @return the packets that are acknowledged by it; null if the server may not say this
     */
    @Nullable
    List<Packet> acknowledge(long count) {
        if (count < acknowledged || count > last || count == last && isBegun()) {
            return null;
        }
        acknowledged = count;
        List<Packet> done = new ArrayList<>();
        while (!sent.isEmpty() && first() <= count) {
            Packet packet = sent.removeFirst();
            sentBytes -= packet.payloadBytes();
            bytes -= packet.payloadBytes();
            done.add(packet);
        }
        return done;
    }

    /**
     * Continues on a new link: what the server has not read goes out again, before everything else.
     *
     * @param count how many packets the server has read in all; within {@link SendCounts#fit}
     */
    void resumed(long count) {
        assert counts().fit(count) : counts() + " " + count;
        begunBytes = 0;
        accepted = count;
        while (!sent.isEmpty() && last > count) {
            Packet packet = sent.removeLast();
            sentBytes -= packet.payloadBytes();
            again.addFirst(packet);
            last--;
        }
        while (!again.isEmpty() && last < count) {
            Packet packet = again.removeFirst();
            sentBytes += packet.payloadBytes();
            sent.addLast(packet);
            last++;
        }
        if (sent.isEmpty()) {
            last = count; // also if some packets before it were not kept
        }
    }

    // ---- the end

    /** Returns what is known about each packet. */
    List<Unsettled> unsettled() {
        List<Unsettled> all = new ArrayList<>(packets());
        long number = first();
        for (Packet packet : sent) {
            all.add(new Unsettled(packet, number <= accepted ? PacketFate.AT_SERVER : PacketFate.UNKNOWN));
            number++;
        }
        again.forEach(packet -> all.add(new Unsettled(packet, PacketFate.UNKNOWN)));
        waiting.forEach(packet -> all.add(new Unsettled(packet, PacketFate.NOT_SENT)));
        return all;
    }

    /** Forgets all packets, and returns what is known about each. */
    List<Unsettled> clear() {
        List<Unsettled> all = unsettled();
        sent.clear();
        again.clear();
        waiting.clear();
        bytes = 0;
        sentBytes = 0;
        return all;
    }
}
