package net.voltlane.server.config;

/** The form of a log line. */
public enum LogFormat {
    /** For people: time, level, where from, message. */
    TEXT,
    /** For machines: one JSON object a line. */
    JSON
}
