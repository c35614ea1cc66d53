package net.voltlane.server.link;

/** Access to {@link ServedTime} for tests of other packages. */
public final class ServedTimeDoors {
    private ServedTimeDoors() {}

    /** True if the next lateness of some loop counts half. All loops run on the caller's thread. */
    public static boolean isOverloaded(ServedTime time) {
        return time.isOverloaded();
    }
}
