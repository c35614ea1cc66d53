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
record Surroundings(Time time, DoubleSupplier chance, SecureRandom secureRandom) {

    static Surroundings real() {
        return new Surroundings(Time.SYSTEM, () -> ThreadLocalRandom.current().nextDouble(), new SecureRandom());
    }
}
