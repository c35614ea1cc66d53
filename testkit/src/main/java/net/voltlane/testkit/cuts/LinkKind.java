package net.voltlane.testkit.cuts;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.firehose3.MessageFlag;
import net.voltlane.protocol.link3.FrameType;

/** The kind of a link, which tells what its frames are. */
public enum LinkKind {
    /** A client's link of version 3. */
    CLIENT(1) {
        @Override
        int type(byte[] head, boolean isFirstOut) {
            return isFirstOut ? VERSION : head[0] & 0xFF;
        }

        @Override
        Map<Integer, String> names() {
            return CLIENT_NAMES;
        }
    },
    /** A firehose of version 3, or of version 2, which begins with a session's data. */
    FIREHOSE(9) {
        @Override
        int type(byte[] head, boolean isFirstOut) {
            return head[FLAG_AT] & 0xFF;
        }

        @Override
        Map<Integer, String> names() {
            return FIREHOSE_NAMES;
        }
    },
    /** A link inside TLS, whose frames are records: five bytes of type, version and length, then what is encrypted. */
    TLS(0) {
        @Override
        int prefixBytes() {
            return RECORD_PREFIX_BYTES;
        }

        @Override
        long frameBytes(byte[] all, int at) {
            return RECORD_PREFIX_BYTES + ((all[at + 3] & 0xFFL) << 8 | all[at + 4] & 0xFFL);
        }

        @Override
        int typeAt(byte[] all, int at, int headBytes, boolean isFirstOut) {
            return all[at] & 0xFF;
        }

        @Override
        int type(byte[] head, boolean isFirstOut) {
            throw new AssertionError("its type stands in the prefix");
        }

        @Override
        Map<Integer, String> names() {
            return Map.of(RECORD_OF_DATA, "record");
        }
    };

    /** The type of a record with data, and of nearly all others of TLS 1.3 as far as can be seen. */
    public static final int RECORD_OF_DATA = 23;

    private static final int RECORD_PREFIX_BYTES = 5;

    /** The type of the first frame of a client, which has no byte for its type. */
    public static final int VERSION = 0x100;

    /** The type of a frame that is too short to have one. */
    static final int NONE = 0x101;

    private static final int FLAG_AT = 8;

    private static final Map<Integer, String> CLIENT_NAMES = Map.ofEntries(
            Map.entry(VERSION, "ProtocolVersion"),
            Map.entry(FrameType.DATA, "Data"),
            Map.entry(FrameType.ACK, "Ack"),
            Map.entry(FrameType.PING, "Ping"),
            Map.entry(FrameType.PONG, "Pong"),
            Map.entry(FrameType.LEAVE, "Leave"),
            Map.entry(FrameType.CLOSE, "Close"),
            Map.entry(FrameType.GO_AWAY, "GoAway"),
            Map.entry(FrameType.OPEN, "Open"),
            Map.entry(FrameType.OPENED, "Opened"),
            Map.entry(FrameType.RESUME, "Resume"),
            Map.entry(FrameType.CHALLENGE, "Challenge"),
            Map.entry(FrameType.ANSWER, "Answer"),
            Map.entry(FrameType.RESUMED, "Resumed"));
    private static final Map<Integer, String> FIREHOSE_NAMES = Map.ofEntries(
            Map.entry(MessageFlag.DATA, "Data"),
            Map.entry(MessageFlag.ENDED, "Ended"),
            Map.entry(MessageFlag.KICK, "Kick"),
            Map.entry(MessageFlag.RESUMED, "Resumed"),
            Map.entry(MessageFlag.OPENED, "Opened"),
            Map.entry(MessageFlag.SUSPENDED, "Suspended"),
            Map.entry(MessageFlag.DELIVERED, "Delivered"),
            Map.entry(MessageFlag.SLOW, "Slow"),
            Map.entry(MessageFlag.READY, "Ready"),
            Map.entry(MessageFlag.HELLO, "Hello"),
            Map.entry(MessageFlag.WELCOME, "Welcome"),
            Map.entry(MessageFlag.ACK, "Ack"),
            Map.entry(MessageFlag.PING, "Ping"),
            Map.entry(MessageFlag.PONG, "Pong"));

    /** The number of bytes of a payload that tell its type. */
    private final int typeBytes;

    LinkKind(int typeBytes) {
        this.typeBytes = typeBytes;
    }

    /** The number of bytes that tell a frame's length. */
    int prefixBytes() {
        return Frame.PREFIX_BYTES;
    }

    /** The length of the frame at {@code at}, prefix included. */
    long frameBytes(byte[] all, int at) {
        return Frame.PREFIX_BYTES + (Frame.length(all, at) & 0xFFFFFFFFL);
    }

    /** The number of bytes of a frame, prefix included, that tell its type. */
    int headBytes(int frameBytes) {
        return Math.min(frameBytes, prefixBytes() + typeBytes);
    }

    /** The type of the frame at {@code at}, of which so many bytes are there. */
    int typeAt(byte[] all, int at, int headBytes, boolean isFirstOut) {
        return typeOf(Arrays.copyOfRange(all, at + Frame.PREFIX_BYTES, at + headBytes), isFirstOut);
    }

    /**
     * The type of a frame.
     *
     * @param head the first bytes of its payload
     * @param isFirstOut true for the first frame of whoever has dialled
     */
    int typeOf(byte[] head, boolean isFirstOut) {
        return head.length < typeBytes ? NONE : type(head, isFirstOut);
    }

    abstract int type(byte[] head, boolean isFirstOut);

    abstract Map<Integer, String> names();

    /** The name of a type of frame. */
    public String name(int type) {
        return names().getOrDefault(type, "type " + Integer.toHexString(type).toUpperCase(Locale.ROOT));
    }
}
