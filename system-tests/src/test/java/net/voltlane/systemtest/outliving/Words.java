package net.voltlane.systemtest.outliving;

import java.nio.ByteBuffer;

/**
 * A packet of either direction.
 *
 * @param talker the client that it is from or for
 * @param number counted from 1 for each client and direction
 * @param saidNanos when the client said what led to this packet; 0: nothing did
 */
record Words(int talker, long number, long saidNanos) {
    private static final int BYTES = 20;

    byte[] encode() {
        int filler = (int) (number * 31 % 200);
        return ByteBuffer.allocate(BYTES + filler)
                .putInt(talker)
                .putLong(number)
                .putLong(saidNanos)
                .array();
    }

    static Words decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return new Words(in.getInt(), in.getLong(), in.getLong());
    }
}
