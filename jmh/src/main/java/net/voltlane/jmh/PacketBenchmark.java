package net.voltlane.jmh;

import org.openjdk.jmh.annotations.Param;

/** What all benchmarks with packets of many clients have in common: what is sent, and that figures are per packet. */
public abstract class PacketBenchmark extends Timed {
    /** Packets of one invocation. */
    static final int PACKETS = 16_000;

    /** How many clients send, or get something, in one tick. */
    @Param({"1", "100", "1000"})
    public int clients;

    /** How many packets each of them sends, or gets, in one tick. */
    @Param({"1", "16"})
    public int packetsPerTick;

    @Param({"16", "64", "512", "1000", "16384"})
    public int payloadBytes;

    /** One loop for all, or one for the sessions and one for the clients. */
    @Param("1")
    public int loops;

    /** How often all clients send, or get something, in one invocation. */
    final int rounds() {
        int packets = clients * packetsPerTick;
        if (PACKETS % packets != 0) {
            throw new IllegalStateException(PACKETS + " packets can't be divided by " + packets);
        }
        return PACKETS / packets;
    }

    /** A benchmark of packets that get lost would look good. */
    static void check(long expectedBytes, long takenBytes) {
        if (expectedBytes != takenBytes) {
            throw new IllegalStateException(takenBytes + " bytes came out, not " + expectedBytes);
        }
    }
}
