package net.voltlane.cli;

/** The exit statuses of the process. */
final class Exit {

    static final int FINE = 0;

    /** It started well, then something failed. */
    static final int FAILED = 1;

    /** The command line was wrong. */
    static final int USAGE = 2;

    /** The configuration was wrong; {@code EX_CONFIG} of {@code sysexits.h}. */
    static final int CONFIGURATION = 78;

    /** The status that a shell shows for a process that SIGINT ended. */
    static final int INTERRUPTED = 130;

    private Exit() {}
}
