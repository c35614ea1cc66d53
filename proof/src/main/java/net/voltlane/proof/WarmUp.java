package net.voltlane.proof;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A warm-up: computations with a throw-away key, so that the virtual machine soon compiles the curve's arithmetic.
 *
 * <p>Until then {@code Math.multiplyHigh} is an ordinary method, which on JDK 17 branches on the signs of its factors.
 * So the time of a computation depends on its numbers, which are random in any case (see {@link Isomorphism}). The
 * optimizing compiler makes it one instruction.
 */
public final class WarmUp {

    /**
     * The number of computations. The compiler's thresholds are reached after a few dozen; compiling then takes some
     * time.
     */
    static final int COMPUTATIONS = 1_000;

    private static final AtomicBoolean STARTED = new AtomicBoolean();

    private WarmUp() {}

    /**
     * Starts a thread for the warm-up and returns at once. Only the first call in a process does anything. The thread
     * is a daemon and ends by itself, after less than a second of one processor's time.
     */
    @SuppressWarnings("ThreadPriorityCheck") // only so that it is not in the way of others
    public static void startOnce() {
        if (STARTED.compareAndSet(false, true)) {
            Thread thread = new Thread(() -> run(COMPUTATIONS), "voltlane-warm-up");
            thread.setDaemon(true);
            thread.setPriority(Thread.MIN_PRIORITY);
            thread.start();
        }
    }

    /** Multiplies a point so many times in a row, and returns the result. */
    static byte[] run(int computations) {
        KeyPair own = KeyPair.generate(new SecureRandom());
        byte[] point = own.publicKey();
        try {
            for (int i = 0; i < computations; i++) {
                point = own.times(CurvePoint.decode(point));
            }
        } catch (InvalidKeyException e) {
            throw new AssertionError("multiples of a point are points", e);
        }
        return point;
    }
}
