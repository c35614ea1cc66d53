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
 * @param linkTime the clock of heartbeats and acknowledgements
 * @param memory of the versions that servers speak
 */
record Environment(Time time, DoubleSupplier chance, SecureRandom secureRandom, Time linkTime, VersionMemory memory) {

    private static final VersionMemory MEMORY = new VersionMemory(Time.SYSTEM);

    /** Replaces what decides about new links. */
    Environment(Time time, DoubleSupplier chance, SecureRandom secureRandom) {
        this(time, chance, secureRandom, Time.SYSTEM, new VersionMemory(Time.SYSTEM));
    }

    /** Returns the clock and the randomness of this machine. */
    static Environment system() {
        return new Environment(
                Time.SYSTEM, () -> ThreadLocalRandom.current().nextDouble(), new SecureRandom(), Time.SYSTEM, MEMORY);
    }
}
