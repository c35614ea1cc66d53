package net.voltlane.cli.ctl.client;

import java.util.List;

/** A request that failed, in lines for the operator. There is no stack trace: its reader needs no look into the code. */
public final class ApiException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The value of {@link #httpStatus()} where the server gave no answer. */
    public static final int NONE = 0;

    private final transient List<String> lines;
    private final int httpStatus;
    private final boolean configuration;

    private ApiException(List<String> lines, int httpStatus, boolean configuration) {
        super(String.join(System.lineSeparator(), lines), null, false, false);
        this.lines = List.copyOf(lines);
        this.httpStatus = httpStatus;
        this.configuration = configuration;
    }

    /** A failure without an answer of the server. */
    static ApiException failed(String line) {
        return new ApiException(List.of(line), NONE, false);
    }

    /** A failure that the server told of. */
    static ApiException answered(int httpStatus, List<String> lines) {
        return new ApiException(lines, httpStatus, false);
    }

    /** A configuration on this machine that names no server to ask. */
    static ApiException configuration(List<String> lines) {
        return new ApiException(lines, NONE, true);
    }

    /** A copy that counts as a failure of the configuration. */
    public ApiException asConfiguration() {
        return new ApiException(lines, httpStatus, true);
    }

    /** The lines to show, at least one, with every character visible. */
    public List<String> lines() {
        return lines;
    }

    /** The status of the server's answer, such as 404, or {@link #NONE}. */
    public int httpStatus() {
        return httpStatus;
    }

    /** True if a configuration is what is wrong. */
    public boolean isConfiguration() {
        return configuration;
    }
}
