package net.voltlane.backend;

import java.nio.ByteBuffer;

/**
 * Copies of the packets of one session that its client has not acknowledged, the oldest first. If the session's server dies,
 * another one gets them from here.
 *
 * <pre>
 *   0          head                                          tail      capacity
 *   +------------+-----------+----------------+---------+- - -+-----------+
 *   | free       | u32       | u64 number in  | data    | ... |   free    |
 *   |            | length    | the send log   |         |     |           |
 *   +------------+-----------+----------------+---------+- - -+-----------+
 * </pre>
 *
 * Packets move to the front when less than three quarters are in use; otherwise the memory doubles. Memory of more than
 * {@value #IDLE_BYTES} bytes is given back when nothing waits. At a bound all copies are dropped: the next packet is the
 * first that is kept again. So the memory is bounded, nobody waits, and only this session can't be adopted, until its client
 * has acknowledged what is missing.
 *
 * <p>Guarded by the lock of the session's {@link ServerOutbox}.
 */
final class UndeliveredPackets {
    /** The memory with which a session begins. */
    static final int FIRST_BYTES = 256;

    static final int IDLE_BYTES = 4096;

    /** The number of a packet that is in no send log. */
    static final long UNSENT = Long.MAX_VALUE;

    private static final int HEADER_BYTES = Integer.BYTES + Long.BYTES;
    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    /** A receiver of packets. */
    interface Sink {
        /**
         * Receives a packet. The array is not its own.
         *
         * @return the packet's number in the send log
         */
        long packet(byte[] bytes, int offset, int length);
    }

    private final UndeliveredBudget budget;
    private ByteBuffer bytes = NONE;
    private int head;
    private int tail;
    private int packets;

    UndeliveredPackets(UndeliveredBudget budget) {
        this.budget = budget;
    }

    /** Returns the number of packets that are kept. */
    int size() {
        return packets;
    }

    // ---- packets are added

    /** Keeps a copy, if the bounds allow. */
    void add(byte[] data, int offset, int length, long logNumber) {
        if (begin(length, logNumber)) {
            bytes.put(tail, data, offset, length);
            tail += length;
        }
    }

    /** Keeps a copy of the remaining bytes of a buffer, whose position does not change. */
    void add(ByteBuffer data, long logNumber) {
        int length = data.remaining();
        if (begin(length, logNumber)) {
            bytes.put(tail, data, data.position(), length);
            tail += length;
        }
    }

    private boolean begin(int length, long logNumber) {
        long needed = (long) tail - head + HEADER_BYTES + length;
        if (!budget.admits(packets + 1, needed) || !makeRoom((int) needed)) {
            clear();
            return false;
        }
        bytes.putInt(tail, length).putLong(tail + Integer.BYTES, logNumber);
        tail += HEADER_BYTES;
        packets++;
        return true;
    }

    private boolean makeRoom(int needed) {
        int capacity = bytes.capacity();
        if (needed <= capacity - head) {
            return true;
        }
        if (needed <= capacity - capacity / 4) {
            System.arraycopy(bytes.array(), head, bytes.array(), 0, tail - head);
        } else {
            int larger = larger(needed);
            if (!budget.exchange(capacity, larger)) {
                return false;
            }
            bytes = ByteBuffer.allocate(larger).put(0, bytes, head, tail - head);
        }
        tail -= head;
        head = 0;
        return true;
    }

    private static int larger(int needed) {
        return Math.max(FIRST_BYTES, Integer.highestOneBit(needed) << 1);
    }

    // ---- packets are dropped

    /** Drops packets from the front until no more than so many are kept. */
    void keepLast(long count) {
        while (packets > count) {
            head += HEADER_BYTES + bytes.getInt(head);
            packets--;
        }
        if (packets == 0) {
            head = 0;
            tail = 0;
            if (bytes.capacity() > IDLE_BYTES) {
                clear();
            }
        }
    }

    /** Drops all packets and the memory. */
    void clear() {
        budget.release(bytes.capacity());
        bytes = NONE;
        head = 0;
        tail = 0;
        packets = 0;
    }

    // ---- packets are sent again

    /** Hands on all packets, and notes their new numbers in the send log. */
    void forEach(Sink sink) {
        for (int at = head; at < tail; ) {
            int length = bytes.getInt(at);
            long number = sink.packet(bytes.array(), at + HEADER_BYTES, length);
            bytes.putLong(at + Integer.BYTES, number);
            at += HEADER_BYTES + length;
        }
    }

    /**
     * Counts the packets at the end that were not sent.
     *
     * @param sent the number of the last packet of the log that was sent
     * @param newest the number of packets at the end whose numbers belong to this log
     */
    int countUnsent(long sent, long newest) {
        int index = packets;
        int unsent = 0;
        for (int at = head; at < tail; at += HEADER_BYTES + bytes.getInt(at)) {
            if (index <= newest && bytes.getLong(at + Integer.BYTES) > sent) {
                unsent++;
            }
            index--;
        }
        return unsent;
    }
}
