package net.voltlane.testkit;

/** A direction through a {@link FaultRelay}, seen from the side that dialled the relay. */
public enum Direction {
    /** From the side that dialled to the target. */
    OUT,
    /** From the target back to the side that dialled. */
    BACK
}
