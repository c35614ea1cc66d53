package net.voltlane.server.websocket;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.voltlane.server.link.MemoryAccount;

/**
 * A reader of the head of one HTTP request: everything up to the empty line. Takes it in pieces of any size, and no byte
 * behind it. The bytes are kept here, charged to an account, and never in the buffer that they were read into. Belongs to
 * the connection's loop, but for {@link #heldBytes}.
 */
final class HeadReader {
    /** The longest head. Cookies of other programs on the same host take up most of a long one. */
    static final int MAX_BYTES = 8 * 1024;

    private static final int SMALLEST_BYTES = 512;

    /** The finding about the bytes so far. */
    enum Verdict {
        /** More bytes are needed. */
        MORE,
        /** The head is there. The rest of the buffer stands behind it. */
        COMPLETE,
        /** The first byte is not of an HTTP request. */
        NO_HTTP,
        /** The head is longer than allowed. */
        TOO_LONG
    }

    private final MemoryAccount account;
    private byte[] bytes = {};
    private int length;
    /** Written on the loop only. */
    private volatile int heldBytes;

    HeadReader(MemoryAccount account) {
        this.account = account;
    }

    /** Takes bytes of the head. Not called again after a verdict other than {@link Verdict#MORE}. */
    Verdict read(ByteBuf in) {
        while (in.isReadable()) {
            if (length == MAX_BYTES) {
                return Verdict.TOO_LONG;
            }
            byte next = in.readByte();
            if (length == 0 && (next < 'A' || next > 'Z')) {
                return Verdict.NO_HTTP;
            }
            append(next);
            if (next == '\n' && endsWithEmptyLine()) {
                return Verdict.COMPLETE;
            }
        }
        return Verdict.MORE;
    }

    /** The head without the empty line. */
    String text() {
        return new String(bytes, 0, length - 4, StandardCharsets.ISO_8859_1);
    }

    void drop() {
        bytes = new byte[0];
        length = 0;
        charge();
    }

    /** Any thread. */
    int heldBytes() {
        return heldBytes;
    }

    private void append(byte next) {
        if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.min(MAX_BYTES, Math.max(SMALLEST_BYTES, 2 * length)));
            charge();
        }
        bytes[length++] = next;
    }

    private boolean endsWithEmptyLine() {
        return length >= 4 && bytes[length - 2] == '\r' && bytes[length - 3] == '\n' && bytes[length - 4] == '\r';
    }

    private void charge() {
        account.charge(bytes.length - heldBytes);
        heldBytes = bytes.length;
    }
}
