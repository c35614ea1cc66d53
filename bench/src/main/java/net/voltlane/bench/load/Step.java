package net.voltlane.bench.load;

/** A step that each client takes once, one after the other, a bounded number at a time. */
public enum Step {
    /** Opens a session. */
    OPEN,
    /** Opens a session and has one message echoed, so that the backend has heard of it. */
    OPEN_AND_SPEAK,
    /** Resumes its session and has one message echoed under it. */
    RESUME_AND_SPEAK,
    /** Shakes hands in TLS, and leaves. */
    TLS,
    /** Has one message echoed. */
    SPEAK
}
