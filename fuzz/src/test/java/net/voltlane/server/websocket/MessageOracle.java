package net.voltlane.server.websocket;

import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The meaning of a client's WebSocket frames, by the words of RFC 6455 and with no regard to speed: the whole input is
 * there, and each frame is taken from its front.
 */
final class MessageOracle {
    private static final int MAX_INT_BITS = 31;
    private static final int MAX_LONG_BITS = 63;

    private final byte[] wire;
    private final int maxFragments;
    private final List<byte[]> messages = new ArrayList<>();
    private final List<String> controls = new ArrayList<>();
    private @Nullable ByteArrayOutputStream fragments;
    private byte @Nullable [] tail;
    private boolean isBroken;
    private int limit = 1024;
    private int at;

    private MessageOracle(byte[] wire, int maxFragments) {
        this.wire = wire;
        this.maxFragments = maxFragments;
    }

    /** @param maxFragments the longest message in fragments */
    static MessageOracle of(byte[] wire, int maxFragments) {
        MessageOracle oracle = new MessageOracle(wire, maxFragments);
        while (oracle.frame()) {}
        return oracle;
    }

    /** The binary messages that came whole. */
    List<byte[]> messages() {
        return messages;
    }

    /** The Pings and Close frames. */
    List<String> controls() {
        return controls;
    }

    /** The bytes of a message in one frame that did not come whole; null if there is none. */
    byte @Nullable [] tail() {
        return tail;
    }

    /** True if a frame broke a rule. */
    boolean isBroken() {
        return isBroken;
    }

    /** Takes the next frame. Returns false if nothing follows it. */
    private boolean frame() {
        if (wire.length - at < 2) {
            return false;
        }
        boolean isFinal = wire[at] < 0;
        int type = wire[at] & 15;
        int code = wire[at + 1] & 127;
        boolean isControl = type >= 8;
        boolean isKnown = type == 0 || type == 2 || type >= 8 && type <= 10;
        if ((wire[at] >> 4 & 7) != 0 || !isKnown || wire[at + 1] >= 0 || isControl && (!isFinal || code > 125)) {
            return broken();
        }
        int lengthBytes = code < 126 ? 0 : code == 126 ? 2 : 8;
        int payload = at + 2 + lengthBytes + 4;
        if (payload > wire.length) {
            return false;
        }
        BigInteger length = lengthBytes == 0
                ? BigInteger.valueOf(code)
                : new BigInteger(1, Arrays.copyOfRange(wire, at + 2, at + 2 + lengthBytes));
        boolean isWhole = type == 2 && isFinal;
        boolean isInOrder = isControl || (type == 0) == (fragments != null);
        if (!isShortest(length, lengthBytes) || !isInOrder || !isControl && !fits(length, isWhole)) {
            return broken();
        }
        if (length.compareTo(BigInteger.valueOf(wire.length - payload)) > 0) {
            tail = isWhole ? unmasked(payload, wire.length) : null;
            return false;
        }
        at = payload + length.intValue();
        byte[] bytes = unmasked(payload, at);
        return isControl ? control(type, bytes) : data(bytes, isFinal, isWhole);
    }

    private boolean broken() {
        isBroken = true;
        return false;
    }

    private static boolean isShortest(BigInteger length, int lengthBytes) {
        int longestBelow = lengthBytes == 2 ? 125 : 65_535;
        return lengthBytes == 0
                || length.compareTo(BigInteger.valueOf(longestBelow)) > 0 && length.bitLength() <= MAX_LONG_BITS;
    }

    private boolean fits(BigInteger length, boolean isWhole) {
        int soFar = fragments == null ? 0 : fragments.size();
        return isWhole ? length.bitLength() <= MAX_INT_BITS : length.compareTo(BigInteger.valueOf(limit - soFar)) <= 0;
    }

    private boolean control(int type, byte[] bytes) {
        if (type == 9) {
            controls.add("ping " + Arrays.toString(bytes));
        } else if (type == 8) {
            if (CloseFrame.fault(Unpooled.wrappedBuffer(bytes), 0, bytes.length) != null) {
                return broken();
            }
            controls.add("close");
        }
        return type != 8;
    }

    private boolean data(byte[] bytes, boolean isFinal, boolean isWhole) {
        ByteArrayOutputStream message = fragments == null ? new ByteArrayOutputStream() : fragments;
        message.writeBytes(bytes);
        fragments = isFinal ? null : message;
        if (isWhole || isFinal) {
            messages.add(message.toByteArray());
            limit = maxFragments;
        }
        return true;
    }

    private byte[] unmasked(int from, int to) {
        byte[] bytes = Arrays.copyOfRange(wire, from, to);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] ^= wire[from - 4 + i % 4];
        }
        return bytes;
    }
}
