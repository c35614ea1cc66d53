package net.voltlane.bench.model;

/** Thrown for a number in a plan that is out of range. */
public final class InvalidPlanException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    private final String name;
    private final String problem;

    /**
     * @param name what is wrong, as it is called on the command line, without dashes
     * @param value what it was
     * @param expected what it may be
     */
    public InvalidPlanException(String name, Object value, String expected) {
        super(name + ": " + value + " (expected: " + expected + ")");
        this.name = name;
        this.problem = value + " (expected: " + expected + ")";
    }

    /** The name of the wrong number, such as {@code source-addresses}. */
    public String name() {
        return name;
    }

    /** The value, and what was expected. */
    public String problem() {
        return problem;
    }

    static void expect(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new InvalidPlanException(name, value, "a whole number from " + min + " to " + max);
        }
    }
}
