package net.voltlane.cli;

/** The statuses that the process ends with. */
final class Exit {

    static final int FINE = 0;

    /** It started well, then something failed. */
    static final int FAILED = 1;

    /** The command line can't be understood. */
    static final int USAGE = 2;

    /** The configuration can't be used; {@code EX_CONFIG} of {@code sysexits.h}. */
    static final int CONFIGURATION = 78;

    /** What a shell shows for a process that SIGINT ended. */
    static final int INTERRUPTED = 130;

    private Exit() {}
}
