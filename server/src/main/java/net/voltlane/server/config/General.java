package net.voltlane.server.config;

/** Section {@code general}: log and end of the process. It belongs to the program that runs the server. */
public final class General extends Section<General> {
    static final SectionKeys KEYS = new SectionKeys("general");

    private static final long MAX_DRAIN_TIMEOUT_SECS = 86_400;

    static final Key<LogLevel> LOG_LEVEL = KEYS.key(
            "log_level",
            "VOLTLANE_LOG_LEVEL", // older than the rule for names of variables
            Reload.AT_ONCE,
            Choice.capitalised(LogLevel.class),
            LogLevel.INFO,
            "Least severe level to log. The log goes to standard error.");

    /** The least severe level that is logged. */
    public LogLevel logLevel() {
        return get(LOG_LEVEL);
    }

    /** A copy with another log level. */
    public General withLogLevel(LogLevel logLevel) {
        return with(LOG_LEVEL, logLevel);
    }

    static final Key<LogFormat> LOG_FORMAT = KEYS.key(
            "log_format",
            Reload.AT_RESTART,
            Choice.of(LogFormat.class),
            LogFormat.TEXT,
            "Log format: text for people, json for one JSON object per line.");

    /** The format of log lines. */
    public LogFormat logFormat() {
        return get(LOG_FORMAT);
    }

    /** A copy with another log format. */
    public General withLogFormat(LogFormat logFormat) {
        return with(LOG_FORMAT, logFormat);
    }

    static final Key<Long> DRAIN_TIMEOUT_SECS = KEYS.key(
            "drain_timeout_secs",
            Reload.AT_ONCE,
            new WholeNumber(0, MAX_DRAIN_TIMEOUT_SECS),
            5L,
            "Seconds that an orderly stop gives clients to take what waits for them, and over which it spreads the ends of"
                    + " many sessions. The stop takes at most three seconds more.");

    /** Seconds for the drain that begins an orderly stop, 0 to 86400. */
    public int drainTimeoutSecs() {
        return number(DRAIN_TIMEOUT_SECS);
    }

    /** A copy with another drain time in seconds. */
    public General withDrainTimeoutSecs(int drainTimeoutSecs) {
        return with(DRAIN_TIMEOUT_SECS, (long) drainTimeoutSecs);
    }

    General(Values values) {
        super(values);
    }

    @Override
    General of(Values changed) {
        return new General(changed);
    }
}
