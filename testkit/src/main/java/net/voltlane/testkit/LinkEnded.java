package net.voltlane.testkit;

/** The peer closed or reset the link while something was still expected from it. */
public final class LinkEnded extends AssertionError {
    private static final long serialVersionUID = 1L;

    LinkEnded(String message) {
        super(message);
    }
}
