package net.voltlane.server.config;

/** Section {@code log}: lines that are logged only if they are asked for. */
public final class Log extends Section<Log> {
    static final SectionKeys KEYS = new SectionKeys("log");

    static final Key<Boolean> SESSIONS = KEYS.key(
            "sessions",
            Reload.AT_ONCE,
            new TrueOrFalse(),
            false,
            "Log one line for the end of each session: who it was, how long it lived, what was sent, and why it ended.");

    /** True if the end of each session is logged. */
    public boolean sessions() {
        return get(SESSIONS);
    }

    /** A copy that logs the end of each session, or does not. */
    public Log withSessions(boolean sessions) {
        return with(SESSIONS, sessions);
    }

    Log(Values values) {
        super(values);
    }

    @Override
    Log of(Values changed) {
        return new Log(changed);
    }
}
