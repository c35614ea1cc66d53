package net.voltlane.server.websocket;

import net.voltlane.protocol.CloseCode;

/** The codes of WebSocket Close frames: those of RFC 6455, section 7.4, and Voltlane's own. */
final class CloseStatus {
    static final int NORMAL = 1000;
    static final int GOING_AWAY = 1001;
    static final int PROTOCOL_ERROR = 1002;
    static final int UNSUPPORTED = 1003;
    /** Stands for a Close frame without a code. It is never sent. */
    static final int NONE = 1005;

    static final int INVALID_TEXT = 1007;
    static final int TOO_LARGE = 1009;
    static final int INTERNAL_ERROR = 1011;
    /** Voltlane's codes are this plus the code of version 3. RFC 6455 leaves 4000 to 4999 to applications. */
    static final int VOLTLANE = 4000;

    private static final int FIRST_FREE = 3000;
    private static final int LAST_FREE = 4999;
    private static final int LAST_REGISTERED = 1014;

    private CloseStatus() {}

    /** The code for a reason of Voltlane's own. */
    static int of(CloseCode why) {
        return switch (why) {
            case LEFT -> NORMAL;
            case STOPPING -> GOING_AWAY;
            case FRAME_TOO_LARGE -> TOO_LARGE;
            default -> VOLTLANE + why.code();
        };
    }

    /** True for a code that a peer may send. */
    static boolean isSendable(int code) {
        boolean isRegistered = code >= NORMAL && code <= LAST_REGISTERED;
        return isRegistered && code != 1004 && code != NONE && code != 1006 || code >= FIRST_FREE && code <= LAST_FREE;
    }
}
