package net.voltlane.server.simulation;

import java.security.SecureRandom;
import java.util.Random;

/** A seeded generator in place of the server's cryptographic one, so that a world can be repeated. */
final class SeededSecureRandom extends SecureRandom {
    private static final long serialVersionUID = 1;

    private final Random random;

    SeededSecureRandom(long seed) {
        super(null, null);
        random = new Random(seed);
    }

    @Override
    public void nextBytes(byte[] bytes) {
        random.nextBytes(bytes);
    }

    @Override
    public String getAlgorithm() {
        return "seeded";
    }
}
