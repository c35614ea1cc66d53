package net.voltlane.protocol;

import org.jspecify.annotations.Nullable;

/**
 * The subject of a firehose packet.
 *
 * <pre>
 *  flag              server to backend                            backend to server
 *  0  DATA           data from the client                         data for the client
 *  1  FAILURE        this session has ended, data is the reason   ignored
 *  2  KICK           never                                        end this session
 *  3  RECONNECTION   this session has been resumed                ignored (an echoing backend returns it)
 * </pre>
 */
public enum Flag {
    /** Application data, in both directions. */
    DATA(0),
    /** The last packet of a session; its data is a {@link Reason} as UTF-8 text. */
    FAILURE(1),
    /** The backend's command to end a session. */
    KICK(2),
    /** A session has moved to a new client link. Comes before all data from that link. */
    RECONNECTION(3);

    private static final Flag[] BY_CODE = values();

    private final byte code;

    Flag(int code) {
        this.code = (byte) code;
    }

    /** The byte of this flag on the wire. */
    public byte code() {
        return code;
    }

    /**
     * Returns the flag with this code, or null if there is none.
     *
     * @param code any number; 0 to 3 are the codes of flags
     */
    public static @Nullable Flag of(int code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    }
}
