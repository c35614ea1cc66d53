package net.voltlane.server.log;

/** The fields that a line of the log may have beside its message. Their names are stable. */
public enum LogField {
    EVENT("event", "text", "Name of the event, see the table of events"),
    SESSION("session", "text", "Id of the session, a decimal number"),
    ADDRESS("address", "text", "Address that the line is about: of the client, the master or a listener"),
    REASON("reason", "text", "Cause, in words; for the end of a session a reason of the protocol"),
    COUNT("count", "number", "Number of times, for a line that stands for several: since the last such line"),
    SECONDS("seconds", "number", "Duration in seconds, with up to three decimals"),
    MISSED_PACKETS("missed_packets", "number", "Packets that came while the session had no connection"),
    RESUMES("resumes", "number", "Number of times that the session was resumed"),
    PACKETS_UP("packets_up", "number", "Data packets from the client"),
    BYTES_UP("bytes_up", "number", "Payload bytes of these"),
    PACKETS_DOWN("packets_down", "number", "Data packets of the backend for the client, delivered or not"),
    BYTES_DOWN("bytes_down", "number", "Payload bytes of these"),
    SESSIONS("sessions", "number", "Number of sessions"),
    CLIENTS("clients", "number", "Number of clients that there is room for"),
    SETTINGS("settings", "text", "Keys of the settings, separated by commas"),
    VERSION("version", "text", "Version of Voltlane"),
    JAVA("java", "text", "Version of Java"),
    PROCESS("process", "number", "Process id"),
    SOURCES("sources", "text", "Places where the configuration came from"),
    KEY("key", "text", "Fingerprint of the server's public key"),
    FILE("file", "text", "Path of the file");

    private final String key;
    private final String type;
    private final String description;

    LogField(String key, String type, String description) {
        this.key = key;
        this.type = type;
        this.description = description;
    }

    /** The field's name in JSON. */
    public String key() {
        return key;
    }

    /** The field's type in JSON, for the documentation: text or number. */
    public String type() {
        return type;
    }

    /** The field's meaning, for the documentation. */
    public String description() {
        return description;
    }
}
