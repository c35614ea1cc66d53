package net.voltlane.bench;

/**
 * A run that could not take place, for a reason that lies outside. The message is one line for the person that can mend
 * it.
 */
public final class BenchException extends Exception {

    private static final long serialVersionUID = 1;

    /** @param message what is wrong, and what to do about it */
    public BenchException(String message) {
        super(message);
    }
}
