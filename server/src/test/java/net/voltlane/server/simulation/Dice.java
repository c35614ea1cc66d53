package net.voltlane.server.simulation;

import java.util.List;
import java.util.Random;

/** Chance, by a seed. Thrown anew for each step, so that leaving one out does not change what the others bring. */
final class Dice {
    private final Random random = new Random();
    private final long seed;

    Dice(long seed) {
        this.seed = seed;
        step(-1);
    }

    /** From now on the throws are those of this step. */
    void step(int number) {
        long mixed = seed + (number + 2) * 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ (mixed >>> 31)) * 0xBF58476D1CE4E5B9L;
        random.setSeed(mixed ^ (mixed >>> 29));
    }

    boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    int below(int n) {
        return random.nextInt(n);
    }

    int between(int least, int most) {
        return least + random.nextInt(most - least + 1);
    }

    double fraction() {
        return random.nextDouble();
    }

    long number() {
        return random.nextLong();
    }

    long oneOf(long... values) {
        return values[random.nextInt(values.length)];
    }

    <T> T oneOf(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Throws for an index, with these weights. */
    int weighted(int... weights) {
        int sum = 0;
        for (int weight : weights) {
            sum += weight;
        }
        int hit = random.nextInt(sum);
        int index = 0;
        while (hit >= weights[index]) {
            hit -= weights[index++];
        }
        return index;
    }
}
