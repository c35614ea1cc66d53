package net.voltlane.jmh;

import org.openjdk.jmh.annotations.Param;

/** The base of all benchmarks with packets of many clients. It fixes the traffic, and makes all figures per packet. */
public abstract class PacketBenchmark extends Timed {
    /** Packets of one invocation. */
    static final int PACKETS = 16_000;

    /** Number of clients that send or receive in one tick. */
    @Param({"1", "100", "1000"})
    public int clients;

    /** Number of packets that each of these clients sends or receives in one tick. */
    @Param({"1", "16"})
    public int packetsPerTick;

    @Param({"16", "64", "512", "1000", "16384"})
    public int payloadBytes;

    /** Number of event loops: 1 for everything, or 2, one for the sessions and one for the clients. */
    @Param("1")
    public int loops;

    /** Returns the number of ticks in one invocation. */
    final int rounds() {
        int packets = clients * packetsPerTick;
        if (PACKETS % packets != 0) {
            throw new IllegalStateException(PACKETS + " packets can't be divided by " + packets);
        }
        return PACKETS / packets;
    }

    /** A benchmark of packets that get lost would look good. */
    static void check(long expectedBytes, long takenBytes) {
        check(expectedBytes, 0, takenBytes);
    }

    /**
     * As {@link #check(long, long)}, where Acks may go along with packets.
     *
     * @param ackBytes the most that Acks may take
     */
    static void check(long expectedBytes, long ackBytes, long takenBytes) {
        if (takenBytes < expectedBytes || takenBytes > expectedBytes + ackBytes) {
            throw new IllegalStateException(takenBytes + " bytes came out, not " + expectedBytes
                    + (ackBytes == 0 ? "" : " to " + (expectedBytes + ackBytes)));
        }
    }
}
