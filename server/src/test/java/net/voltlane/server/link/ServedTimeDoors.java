package net.voltlane.server.link;

/** What tests of other packages may know of {@link ServedTime}. */
public final class ServedTimeDoors {
    private ServedTimeDoors() {}

    /** The next lateness of some loop would count half. All loops run on the caller's thread. */
    public static boolean isOverloaded(ServedTime time) {
        return time.isOverloaded();
    }
}
