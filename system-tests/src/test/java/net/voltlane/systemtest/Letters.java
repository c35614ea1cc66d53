package net.voltlane.systemtest;

import java.nio.ByteBuffer;
import java.util.Random;

/**
 * The packets between checked clients and the checked master. Each packet names itself, so that a receiver sees at once
 * if one is missing, out of order, changed, or meant for another client.
 */
final class Letters {
    private static final int UP_HEADER_BYTES = 3 * Integer.BYTES + 1;
    private static final int DOWN_HEADER_BYTES = 3 * Integer.BYTES;
    /** From here on the server does not copy payloads. */
    private static final int LARGE_BYTES = 40_000;

    private Letters() {}

    /** A request to the master in a letter, beside an answer. */
    enum Wish {
        NOTHING,
        KICK,
        FLOOD
    }

    /**
     * From a client.
     *
     * @param link which of its links it was sent on, from 1
     * @param lastBroken the newest link before that which did not end in good order, 0 for none
     * @param number from 1, one more with each letter of the session
     */
    record Up(Wish wish, int link, int lastBroken, int number) {
        byte[] bytes(int fillerBytes) {
            ByteBuffer bytes = ByteBuffer.allocate(UP_HEADER_BYTES + fillerBytes)
                    .put((byte) wish.ordinal())
                    .putInt(link)
                    .putInt(lastBroken)
                    .putInt(number);
            return filled(bytes, number);
        }

        static Up read(byte[] data) {
            ByteBuffer bytes = ByteBuffer.wrap(data);
            Up letter = new Up(Wish.values()[bytes.get()], bytes.getInt(), bytes.getInt(), bytes.getInt());
            checkFiller(bytes, letter.number, letter);
            return letter;
        }
    }

    /**
     * From the master.
     *
     * @param firehose on which of its firehoses it was sent, from 1
     * @param number from 1, one more with each letter for the session
     * @param answered the newest letter of the client that the master has got
     */
    record Down(int firehose, int number, int answered) {
        byte[] bytes(int fillerBytes) {
            ByteBuffer bytes = ByteBuffer.allocate(DOWN_HEADER_BYTES + fillerBytes)
                    .putInt(firehose)
                    .putInt(number)
                    .putInt(answered);
            return filled(bytes, number);
        }

        static Down read(byte[] data) {
            ByteBuffer bytes = ByteBuffer.wrap(data);
            Down letter = new Down(bytes.getInt(), bytes.getInt(), bytes.getInt());
            checkFiller(bytes, letter.number, letter);
            return letter;
        }
    }

    /** Mostly small, sometimes large. */
    static int fillerBytes(Random random) {
        return random.nextInt(100) == 0 ? LARGE_BYTES : random.nextInt(random.nextInt(10) == 0 ? 4_000 : 100);
    }

    private static byte[] filled(ByteBuffer bytes, int number) {
        while (bytes.hasRemaining()) {
            bytes.put(filler(number, bytes.position()));
        }
        return bytes.array();
    }

    private static void checkFiller(ByteBuffer bytes, int number, Record letter) {
        while (bytes.hasRemaining()) {
            byte expected = filler(number, bytes.position());
            if (bytes.get() != expected) {
                throw new AssertionError("a byte of " + letter + " was changed");
            }
        }
    }

    private static byte filler(int number, int position) {
        return (byte) (31 * number + position);
    }
}
