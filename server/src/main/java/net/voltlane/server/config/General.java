package net.voltlane.server.config;

/** Section {@code general}: the log. It belongs to the program that runs the server, which only hands lines to SLF4J. */
public final class General extends Section<General> {
    static final SectionKeys KEYS = new SectionKeys("general");

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

    General(Values values) {
        super(values);
    }

    @Override
    General of(Values changed) {
        return new General(changed);
    }
}
