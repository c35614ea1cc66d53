package net.voltlane.protocol.firehose3;

/**
 * The flag byte of a packet of firehose 3, as a number of 0 to 255. Packets of the link itself have the id 0 and the flags
 * 10 to 14; packets of sessions have the flags 00 to 0B.
 */
public final class MessageFlag {

    /** A payload, in both directions. Equals the client link's type for Data. */
    public static final int DATA = 0x00;

    /** The server's last packet about a session. */
    public static final int ENDED = 0x01;

    /** The backend's command to end a session. */
    public static final int KICK = 0x02;

    /** A session has a new client link. */
    public static final int RESUMED = 0x03;

    /** The server's first packet about a session. */
    public static final int OPENED = 0x04;

    /** A session has lost its client link. */
    public static final int SUSPENDED = 0x05;

    /** The client has acknowledged data. */
    public static final int DELIVERED = 0x06;

    /** The backend's count of the data that it has had. */
    public static final int POSITION = 0x07;

    /** A client does not acknowledge what it is sent. */
    public static final int SLOW = 0x08;

    /** A client is no longer slow. */
    public static final int READY = 0x09;

    /** Another server has the session. */
    public static final int ELSEWHERE = 0x0A;

    /** The backend no longer keeps what the client of an adopted session lacks. */
    public static final int GAP = 0x0B;

    /** The server's first packet on a link. */
    public static final int HELLO = 0x10;

    /** The backend's first packet on a link. */
    public static final int WELCOME = 0x11;

    /** An acknowledgement of packets, in both directions. */
    public static final int ACK = 0x12;

    /** A sign of life, in both directions. */
    public static final int PING = 0x13;

    /** The answer to a sign of life, in both directions. */
    public static final int PONG = 0x14;

    private MessageFlag() {}

    /** Returns true if packets with this flag are about the link itself and have the id 0. */
    static boolean isOfLink(int flag) {
        return flag >= HELLO && flag <= PONG;
    }

    /** Returns true if servers send packets with this flag. */
    public static boolean isFromServer(int flag) {
        return switch (flag) {
            case DATA, ENDED, RESUMED, OPENED, SUSPENDED, DELIVERED, SLOW, READY -> true;
            case HELLO, ACK, PING, PONG -> true;
            default -> false;
        };
    }

    /** Returns true if backends send packets with this flag. */
    public static boolean isFromBackend(int flag) {
        return switch (flag) {
            case DATA, KICK, POSITION, ELSEWHERE, GAP, WELCOME, ACK, PING, PONG -> true;
            default -> false;
        };
    }
}
