package net.voltlane.client;

import java.security.SecureRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/**
 * The clock and the sources of randomness, which tests replace.
 *
 * @param time the clock
 * @param chance uniform in [0, 1), for waits; thread-safe
 * @param secureRandom for keys and nonces
 */
record Environment(Time time, DoubleSupplier chance, SecureRandom secureRandom) {

    /** Returns the clock and the randomness of this machine. */
    static Environment system() {
        return new Environment(Time.SYSTEM, () -> ThreadLocalRandom.current().nextDouble(), new SecureRandom());
    }
}
