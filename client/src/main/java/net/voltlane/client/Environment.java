package net.voltlane.client;

import java.security.SecureRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/**
 * What comes from outside and tests replace.
 *
 * @param time the clock
 * @param chance uniform in [0, 1), for waits; any thread may ask
 * @param secureRandom for keys and nonces
 */
record Environment(Time time, DoubleSupplier chance, SecureRandom secureRandom) {

    static Environment real() {
        return new Environment(Time.SYSTEM, () -> ThreadLocalRandom.current().nextDouble(), new SecureRandom());
    }
}
