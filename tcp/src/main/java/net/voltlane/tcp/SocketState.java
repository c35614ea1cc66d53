package net.voltlane.tcp;

/**
 * The kernel's state of a socket that has sent data which is not acknowledged.
 *
 * <p>These columns of Linux's {@code /proc/net/tcp} tell about the peer (observed on Linux 6.18):
 *
 * <pre>
 *   peer                                     tx_queue  tr  retrnsmt  timeout
 *   reads; data is in flight                    n       1      0        0
 *   is alive, does not read: window is closed   n       4      0     0, seldom 1
 *   vanished while data was in flight           n       1   1, 2, 3..   0
 *   vanished while it did not read              n       4      0     1, 2, 3..
 * </pre>
 *
 * So a peer that is alive but does not read differs from one that has vanished: it answers the kernel's window probes,
 * which are counted in {@code timeout}, and each answer resets the count to 0.
 *
 * @param unacknowledgedBytes bytes written by the program and not acknowledged by the peer, at least 1
 * @param unreadBytes bytes received from the peer that the program has not read
 * @param timer the kernel's next action
 * @param attempts how often the kernel did that without an answer since the last answer
 */
record SocketState(long unacknowledgedBytes, long unreadBytes, Timer timer, int attempts) {

    /**
     * The number of unanswered probes that is normal: a probe or its answer may get lost, and the next one comes much
     * later.
     */
    private static final int LOST_PROBES = 1;

    /** The action that the kernel will take when its timer fires. */
    enum Timer {
        /** Send unacknowledged data again. */
        RETRANSMIT,
        /** Ask a peer whose window is closed whether it has room again. */
        PROBE,
        /** Any other action. */
        OTHER
    }

    /** Tells whether the kernel has repeated itself without an answer. */
    boolean isUnanswered() {
        return switch (timer) {
            case RETRANSMIT -> attempts > 0;
            case PROBE -> attempts > LOST_PROBES;
            case OTHER -> false;
        };
    }
}
