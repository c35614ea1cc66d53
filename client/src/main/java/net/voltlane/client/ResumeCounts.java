package net.voltlane.client;

/**
 * The counts with which a client asks to resume a session of version 3.
 *
 * @param received how many packets the program has taken over in all
 * @param sends what was sent and what is kept
 */
record ResumeCounts(long received, SendCounts sends) {

    /** Returns the counts of an exported state. */
    static ResumeCounts of(SessionState state) {
        return new ResumeCounts(state.version3().received(), state.version3().counts());
    }
}
