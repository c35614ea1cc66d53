package net.voltlane.testkit.version3;

/** Flags of the packets of firehose 3. */
final class PacketFlag {
    static final int DATA = 0x00;
    static final int ENDED = 0x01;
    static final int KICK = 0x02;
    static final int RESUMED = 0x03;
    static final int OPENED = 0x04;
    static final int SUSPENDED = 0x05;
    static final int DELIVERED = 0x06;
    static final int POSITION = 0x07;
    static final int SLOW = 0x08;
    static final int READY = 0x09;
    static final int HELLO = 0x10;
    static final int WELCOME = 0x11;
    static final int ACK = 0x12;
    static final int PING = 0x13;
    static final int PONG = 0x14;

    private PacketFlag() {}
}
