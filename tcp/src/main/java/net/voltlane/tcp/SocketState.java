package net.voltlane.tcp;

/**
 * What the kernel knows of a socket that has sent something which is not acknowledged.
 *
 * <p>Columns of Linux's {@code /proc/net/tcp}, and what they say about a peer (seen on Linux 6.18):
 *
 * <pre>
 *   peer                                     tx_queue  tr  retrnsmt  timeout
 *   reads; data is under way                    n       1      0        0
 *   lives and does not read: its window is shut n       4      0     0, seldom 1
 *   vanished while data was under way           n       1   1, 2, 3..   0
 *   vanished while it did not read              n       4      0     1, 2, 3..
 * </pre>
 *
 * So a peer that lives and does not read can be told from one that vanished: it answers the kernel's questions
 * ("window probes", counted in {@code timeout}), and each answer sets their number to 0.
 *
 * @param unacknowledgedBytes written by the program and not acknowledged by the peer, at least 1
 * @param unreadBytes came from the peer and wait for the program to read them
 * @param timer what the kernel is going to do about it
 * @param attempts how often it did that in vain since the last answer
 */
record SocketState(long unacknowledgedBytes, long unreadBytes, Timer timer, int attempts) {

    /** A question or its answer may get lost on the way to a peer that lives, and the next one comes much later. */
    private static final int LOST_PROBES = 1;

    /** What the kernel waits to do. */
    enum Timer {
        /** To send unacknowledged data once more. */
        RETRANSMIT,
        /** To ask a peer whose window is shut whether it has room again. */
        PROBE,
        /** Anything else. */
        OTHER
    }

    /** Whether the kernel has repeated itself without an answer. */
    boolean isUnanswered() {
        return switch (timer) {
            case RETRANSMIT -> attempts > 0;
            case PROBE -> attempts > LOST_PROBES;
            case OTHER -> false;
        };
    }
}
