package net.voltlane.protocol;

import org.jspecify.annotations.Nullable;

/**
 * What a firehose packet is about.
 *
 * <pre>
 *  flag              server to backend                            backend to server
 *  0  DATA           what the client sent                         what the client is to get
 *  1  FAILURE        this session has ended, data is the reason   ignored
 *  2  KICK           never                                        end this session
 *  3  RECONNECTION   this session has been resumed                ignored (an echoing backend returns it)
 * </pre>
 */
public enum Flag {
    /** Bytes of the application, either way. */
    DATA(0),
    /** The last packet of a session; its data is a {@link Reason} as UTF-8 text. */
    FAILURE(1),
    /** The backend's wish to end a session for good. */
    KICK(2),
    /** A session goes on over a new client link; comes before any of its data that follows. */
    RECONNECTION(3);

    private static final Flag[] BY_CODE = values();

    private final byte code;

    Flag(int code) {
        this.code = (byte) code;
    }

    /** The byte that stands for this flag on the wire. */
    public byte code() {
        return code;
    }

    /**
     * The flag of a byte from the wire, or null if there is none.
     *
     * @param code any number; only 0 to 3 are flags
     */
    public static @Nullable Flag of(int code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    }
}
