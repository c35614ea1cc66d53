package net.voltlane.testkit.cuts;

import net.voltlane.testkit.Direction;

/**
 * An end of a link, at an exact byte of a direction.
 *
 * @param direction the direction in which the byte goes
 * @param type the type of frame in which it lies, see {@link LinkKind}; {@link #ANY}: it is counted from the link's
 *     first byte
 * @param bytes how many bytes still pass, of the next such frame or of the link; at least 1
 * @param how how it ends
 */
public record Cut(Direction direction, int type, long bytes, How how) {
    /** Stands for frames of any type. */
    public static final int ANY = -1;

    /** A way in which a link ends. */
    public enum How {
        /** Both ends get a reset. */
        RESET,
        /** The receiver gets a FIN, and the other direction goes on. What is still sent to it is swallowed. */
        HALF_CLOSE
    }

    public Cut {
        if (bytes < 1) {
            throw new IllegalArgumentException("a cut comes after at least one byte: " + bytes);
        }
    }

    /** Cuts behind so many bytes of a link. */
    public static Cut behind(Direction direction, long bytes, How how) {
        return new Cut(direction, ANY, bytes, how);
    }
}
