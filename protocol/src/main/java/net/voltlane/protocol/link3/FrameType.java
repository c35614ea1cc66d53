package net.voltlane.protocol.link3;

/**
 * The first byte of a frame on a client link of version 3, as a number of 0 to 255. The link's very first frame is the only
 * one without it: ProtocolVersion, as version 2 encodes it.
 *
 * <pre>
 *  00 Data  01 Ack  02 Ping  03 Pong  04 Leave  05 Close  06 GoAway
 *  10 Open  11 Opened  12 Resume  13 Challenge  14 Answer  15 Resumed
 *  40 to FF  reserved for later versions: skipped
 *  all others  a violation
 * </pre>
 */
public final class FrameType {

    /** A payload, in both directions. Equals the firehose's flag for Data. */
    public static final int DATA = 0x00;

    /** An acknowledgement, in both directions. */
    public static final int ACK = 0x01;

    /** A client's sign of life. */
    public static final int PING = 0x02;

    /** The server's answer to a Ping, or its own sign of life. */
    public static final int PONG = 0x03;

    /** The client's end of its session. */
    public static final int LEAVE = 0x04;

    /** The server's last frame on a link. */
    public static final int CLOSE = 0x05;

    /** The server's request to reconnect within a time. */
    public static final int GO_AWAY = 0x06;

    /** The client's request for a new session. */
    public static final int OPEN = 0x10;

    /** The server's answer to Open. */
    public static final int OPENED = 0x11;

    /** The client's request to resume a session. */
    public static final int RESUME = 0x12;

    /** The server's answer to Resume. */
    public static final int CHALLENGE = 0x13;

    /** The client's proof. */
    public static final int ANSWER = 0x14;

    /** The server's proof, and the state of the resumed session. */
    public static final int RESUMED = 0x15;

    private static final int FIRST_SKIPPABLE = 0x40;

    private static final int LAST = 0xFF;

    private FrameType() {}

    /**
     * Returns true if a frame of this type is skipped by those who do not know it.
     *
     * @param type the frame's first byte as an unsigned number, 0 to 255
     */
    public static boolean isSkippable(int type) {
        return type >= FIRST_SKIPPABLE && type <= LAST;
    }

    /** Returns true if clients send frames of this type. */
    public static boolean isFromClient(int type) {
        return switch (type) {
            case DATA, ACK, PING, LEAVE, OPEN, RESUME, ANSWER -> true;
            default -> false;
        };
    }

    /** Returns true if servers send frames of this type. */
    public static boolean isFromServer(int type) {
        return switch (type) {
            case DATA, ACK, PONG, CLOSE, GO_AWAY, OPENED, CHALLENGE, RESUMED -> true;
            default -> false;
        };
    }
}
