package net.voltlane.testkit.cuts;

import net.voltlane.testkit.Direction;

/**
 * A fault that no network makes: it shows that a judge finds what is lost, and what comes twice.
 *
 * @param direction the direction in which the frame goes
 * @param type the type of the frame, the next one of which is concerned
 */
public record Tamper(Direction direction, int type, How how) {
    /** The frame's fate. */
    public enum How {
        DROP,
        REPEAT
    }
}
