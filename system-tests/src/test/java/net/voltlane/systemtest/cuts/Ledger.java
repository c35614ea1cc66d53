package net.voltlane.systemtest.cuts;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/** The packets of a session in one direction: what was sent, and how far it has arrived. Each arrives once, in order. */
final class Ledger {
    private final String receiver;
    private final Deque<byte[]> underWay = new ArrayDeque<>();
    private long sent;
    private long arrived;

    /** @param receiver for messages */
    Ledger(String receiver) {
        this.receiver = receiver;
    }

    void sent(byte[] payload) {
        sent++;
        underWay.add(payload);
    }

    /** The receiver has got what it takes for this packet. */
    void arrived(long number, byte[] payload) {
        if (number != arrived + 1) {
            throw new AssertionError(receiver + " got #" + number + " behind #" + arrived);
        }
        byte[] expected = underWay.poll();
        if (expected == null) {
            throw new AssertionError(receiver + " got #" + number + ", and " + sent + " were sent: one came twice");
        }
        if (!Arrays.equals(expected, payload)) {
            throw new AssertionError(
                    receiver + " got other data as #" + number + " of " + sent + ": one is lost, or came twice");
        }
        arrived++;
    }

    long sent() {
        return sent;
    }

    long arrived() {
        return arrived;
    }

    boolean isEven() {
        return sent == arrived;
    }

    @Override
    public String toString() {
        return receiver + " got " + arrived + " of " + sent;
    }
}
