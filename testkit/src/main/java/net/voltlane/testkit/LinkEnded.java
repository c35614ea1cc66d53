package net.voltlane.testkit;

/** The peer closed or reset the link while something was still expected from it. */
public final class LinkEnded extends AssertionError {
    private static final long serialVersionUID = 1L;

    private final boolean orderly;

    LinkEnded(String message, boolean orderly) {
        super(message);
        this.orderly = orderly;
    }

    /** True: the peer's FIN; false: a reset, which may have destroyed bytes that were on their way. */
    public boolean orderly() {
        return orderly;
    }
}
