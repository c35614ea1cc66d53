package net.voltlane.cli.ctl;

import net.voltlane.cli.ctl.client.ApiException;

/** The exit statuses of these commands, which are those of the whole program. */
final class ExitStatus {
    /** The answer of the server was a success. */
    static final int FINE = 0;

    /** The server was not there, or refused. */
    static final int FAILED = 1;

    /** A configuration was wrong. */
    static final int CONFIGURATION = 78;

    private ExitStatus() {}

    /** The status of a request that failed. */
    static int of(ApiException e) {
        return e.isConfiguration() ? CONFIGURATION : FAILED;
    }
}
