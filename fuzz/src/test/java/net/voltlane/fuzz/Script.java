package net.voltlane.fuzz;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.voltlane.server.link.Bufs;

/**
 * An input taken apart: a few choices of one byte each, then bytes as they are. A choice that the input is too short
 * for is 0, so every input means something.
 */
public final class Script {
    private final byte[] input;
    private int at;

    public Script(byte[] input) {
        this.input = input;
    }

    /** A number below {@code bound}, which is at most 256. */
    public int choice(int bound) {
        return at < input.length ? (input[at++] & 0xFF) % bound : 0;
    }

    /** Chooses a constant of the enum. */
    public <E extends Enum<E>> E choice(Class<E> type) {
        E[] all = type.getEnumConstants();
        return all[choice(all.length)];
    }

    /** All that is left. */
    public byte[] rest() {
        byte[] rest = Arrays.copyOfRange(input, at, input.length);
        at = input.length;
        return rest;
    }

    /** All that is left, cut at places that two choices decide: the longest piece (0: no cuts), and a seed. */
    public List<byte[]> pieces() {
        int longest = choice(256);
        int seed = choice(256);
        return longest == 0 ? List.of(rest()) : Bufs.split(rest(), longest, new SplittableRandom(seed));
    }
}
