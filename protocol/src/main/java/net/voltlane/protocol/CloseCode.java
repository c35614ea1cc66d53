package net.voltlane.protocol;

import org.jspecify.annotations.Nullable;

/**
 * The reason of version 3 for the end of a client link or of a session, as a number.
 *
 * <p>The client reads it in a {@link net.voltlane.protocol.link3.Close Close} frame, the backend in an
 * {@link net.voltlane.protocol.firehose3.Ended Ended} packet. The numbers are part of the protocol and never change. New
 * codes may be added: a client that gets an unknown one tries to resume once, then opens a new session.
 */
public enum CloseCode {
    /** The backend or an operator kicked the client. The frame's text is the backend's. */
    KICKED(1, true),
    /** The session does not exist, has ended, or the proof was wrong. */
    NO_SESSION(2, true),
    /** The counts of client and server contradict each other, so packets would be lost. */
    GAP(3, true),
    /** The client did not read, or did not acknowledge. */
    OVERFLOW(4, true),
    /** The server kept too much for an absent client. Only backends read this code. */
    MISSED_OVERFLOW(5, true),
    /** The server's memory limit was reached. */
    MEMORY(6, true),
    /** A frame was over the limit. */
    FRAME_TOO_LARGE(7, true),
    /** A frame was malformed, or not allowed at that moment. */
    VIOLATION(8, true),
    /** The client sent more in a second than it may. */
    RATE(9, true),
    /** The server is stopping. */
    STOPPING(10, true),
    /** A limit refuses the client at present. Try again later. */
    BUSY(11, false),
    /** Another link has resumed the session. */
    TAKEN_OVER(12, false),
    /** The link was silent for too long. The session waits to be resumed. */
    SILENT(13, false),
    /** The server does not serve this protocol version. There is no session yet. */
    VERSION(14, false),
    /** The client left. */
    LEFT(15, true),
    /** The client did not return in time. Only backends read this code. */
    DISCONNECTED(16, true),
    /** Too many clients were away, and this session had to give way. Only backends read this code. */
    EVICTED(17, true);

    private static final CloseCode[] BY_ORDINAL = values();

    private final int code;
    private final boolean endsSession;

    CloseCode(int code, boolean endsSession) {
        this.code = code;
        this.endsSession = endsSession;
    }

    /** The number on the wire, 1 to 17. */
    public int code() {
        return code;
    }

    /** Returns true if the session is over: the client can't resume it. */
    public boolean endsSession() {
        return endsSession;
    }

    /**
     * Returns the constant of a number on the wire, or null if this version of the protocol has none.
     *
     * @param code any number; 1 to 17 are known
     */
    public static @Nullable CloseCode of(int code) {
        return code >= 1 && code <= BY_ORDINAL.length ? BY_ORDINAL[code - 1] : null;
    }
}
