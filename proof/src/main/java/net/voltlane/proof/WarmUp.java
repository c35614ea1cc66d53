package net.voltlane.proof;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Computations with a key that means nothing, so that the virtual machine soon has compiled the curve's arithmetic.
 *
 * <p>Until it has, {@code Math.multiplyHigh} is a method like any other, which on JDK 17 branches on the signs of its
 * factors, so how long a computation takes depends on the numbers in it. (That those are drawn at random, see {@link
 * Isomorphism}, holds at any time.) The optimizing compiler makes one instruction of it.
 */
public final class WarmUp {

    /** The compiler's own thresholds are reached after a few dozen; it then takes its time. */
    static final int COMPUTATIONS = 1_000;

    private static final AtomicBoolean STARTED = new AtomicBoolean();

    private WarmUp() {}

    /**
     * Starts a thread for it, and returns at once; only the first call of a process does anything. The thread is a
     * daemon and ends by itself, after less than a second of one processor's time.
     */
    public static void startOnce() {
        if (STARTED.compareAndSet(false, true)) {
            Thread thread = new Thread(() -> run(COMPUTATIONS), "voltlane-warm-up");
            thread.setDaemon(true);
            thread.setPriority(Thread.MIN_PRIORITY);
            thread.start();
        }
    }

    /** Multiplies a point so many times in a row; returns where that leads. */
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
