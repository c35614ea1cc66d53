package net.voltlane.testkit;

import java.time.Duration;

/** The faults that are active in one direction of a {@link FaultRelay}. Any thread may call it. */
final class Faults {
    private static final long NEVER = Long.MAX_VALUE;
    private static final int[] WHOLE = {Integer.MAX_VALUE};

    private boolean stalled;
    private boolean swallowing;
    private boolean released;
    private Duration delay = Duration.ZERO;
    private int[] pieces = WHOLE;
    private int nextPiece;
    private long bytesUntilCut = NEVER;
    private long bytesPassed;

    synchronized void stall(boolean on) {
        stalled = on;
        notifyAll();
    }

    synchronized void swallow(boolean on) {
        swallowing = on;
    }

    synchronized boolean swallows() {
        return swallowing;
    }

    synchronized void delay(Duration by) {
        delay = by;
    }

    synchronized void split(int... sizes) {
        for (int size : sizes) {
            if (size < 1) {
                throw new IllegalArgumentException("a piece has at least one byte: " + size);
            }
        }
        pieces = sizes.length == 0 ? WHOLE : sizes.clone();
        nextPiece = 0;
    }

    /** The size of the next write. */
    synchronized int nextPiece() {
        int size = pieces[nextPiece];
        nextPiece = (nextPiece + 1) % pieces.length;
        return size;
    }

    synchronized void cutAfter(long bytes) {
        bytesUntilCut = bytes;
    }

    /** Of {@code n} bytes that were read, how many may still pass before a cut; counts them. */
    synchronized int admit(int n) {
        int admitted = (int) Math.min(n, bytesUntilCut);
        bytesPassed += admitted;
        if (bytesUntilCut != NEVER) {
            bytesUntilCut -= admitted;
        }
        return admitted;
    }

    /** Returns true once for each cut, when the last byte before it has passed. */
    synchronized boolean cutIsDue() {
        boolean due = bytesUntilCut == 0;
        if (due) {
            bytesUntilCut = NEVER;
        }
        return due;
    }

    synchronized long bytesPassed() {
        return bytesPassed;
    }

    /** Ends every wait for good. */
    synchronized void release() {
        released = true;
        notifyAll();
    }

    /** Waits while stalled. */
    synchronized void awaitFlow() throws InterruptedException {
        while (stalled && !released) {
            wait();
        }
    }

    /** Waits as long as each piece is delayed. */
    synchronized void awaitDelay() throws InterruptedException {
        Deadline deadline = Deadline.in(delay);
        for (long left = deadline.remainingMillis(); left > 0 && !released; left = deadline.remainingMillis()) {
            wait(left);
        }
    }
}
