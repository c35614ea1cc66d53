package net.voltlane.testkit.version3;

/** First bytes of the frames of a client link. */
final class FrameType {
    static final int DATA = 0x00;
    static final int ACK = 0x01;
    static final int PING = 0x02;
    static final int PONG = 0x03;
    static final int LEAVE = 0x04;
    static final int CLOSE = 0x05;
    static final int GO_AWAY = 0x06;
    static final int OPEN = 0x10;
    static final int OPENED = 0x11;
    static final int RESUME = 0x12;
    static final int CHALLENGE = 0x13;
    static final int ANSWER = 0x14;
    static final int RESUMED = 0x15;

    private FrameType() {}
}
