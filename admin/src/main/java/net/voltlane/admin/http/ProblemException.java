package net.voltlane.admin.http;

/** A problem thrown where a request is found to be wrong. */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    public ProblemException(Problem problem) {
        super(problem.detail(), null, false, false);
        this.problem = problem;
    }

    /** The answer to the request. */
    public Problem problem() {
        return problem;
    }
}
