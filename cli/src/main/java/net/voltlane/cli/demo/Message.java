package net.voltlane.cli.demo;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A message between clients and backend. It holds enough to notice if one is lost, comes twice, late or damaged, or
 * reaches another client.
 *
 * <pre>
 *  byte  0      1             5             9                    17
 *      +------+-------------+-------------+--------------------+---- ... ----+
 *      | kind | client, i32 | number, i32 | sent at, nanos i64 |   filler    |
 *      +------+-------------+-------------+--------------------+---- ... ----+
 * </pre>
 *
 * @param kind the sender
 * @param client the client that it is for or from
 * @param number counted from 0 for each client and kind
 * @param sentNanos the time of sending on the clock of this process
 */
record Message(Kind kind, int client, int number, long sentNanos) {

    enum Kind {
        /** Said by a client. */
        SAID,
        /** The backend's answer to it, with the same number and time. */
        ANSWER,
        /** Said by the backend of its own accord. */
        NEWS
    }

    private static final int HEADER_BYTES = 17;

    /** Copies it as a message of another kind. */
    Message of(Kind other) {
        return new Message(other, client, number, sentNanos);
    }

    /** As bytes, with as much filler as asked for. */
    byte[] encode(int fillerBytes) {
        ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + fillerBytes)
                .put((byte) kind.ordinal())
                .putInt(client)
                .putInt(number)
                .putLong(sentNanos);
        while (out.hasRemaining()) {
            out.put(filler(out.position()));
        }
        return out.array();
    }

    /** Reads it back; null if it is not, to the last byte, what {@link #encode} makes. */
    static @Nullable Message decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (bytes.length < HEADER_BYTES) {
            return null;
        }
        int kind = in.get();
        if (kind < 0 || kind >= Kind.values().length) {
            return null;
        }
        Message message = new Message(Kind.values()[kind], in.getInt(), in.getInt(), in.getLong());
        while (in.hasRemaining()) {
            byte expected = message.filler(in.position());
            if (in.get() != expected) {
                return null;
            }
        }
        return message;
    }

    /** Differs from client to client and from message to message, so that pieces of two can't be taken for one. */
    private byte filler(int position) {
        return (byte) (31 * client + 7 * number + position);
    }
}
