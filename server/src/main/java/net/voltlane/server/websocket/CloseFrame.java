package net.voltlane.server.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The payload of a Close frame: nothing, or a code with a text behind it (RFC 6455, section 5.5.1). */
final class CloseFrame {
    private static final int STATUS_BYTES = 2;
    private static final int MAX_TEXT_BYTES = FrameHead.MAX_CONTROL_BYTES - STATUS_BYTES;

    private CloseFrame() {}

    /** The fault in a Close frame of the client; null if there is none. */
    static @Nullable MessageFault fault(ByteBuf buf, int index, int length) {
        if (length == 0) {
            return null;
        } else if (length < STATUS_BYTES || !CloseStatus.isSendable(buf.getUnsignedShort(index))) {
            return MessageFault.CLOSE;
        }
        return isUtf8(buf.nioBuffer(index + STATUS_BYTES, length - STATUS_BYTES)) ? null : MessageFault.CLOSE_TEXT;
    }

    /** The code of a Close frame without a fault. */
    static int status(ByteBuf buf, int index, int length) {
        return length == 0 ? CloseStatus.NONE : buf.getUnsignedShort(index);
    }

    private static boolean isUtf8(ByteBuffer text) {
        try {
            StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(text);
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** A Close frame of the server. A text that is too long is cut between two characters. */
    static ByteBuf frame(ByteBufAllocator allocator, int status, byte[] text) {
        ByteBuf frame = allocator.directBuffer(FrameHead.MAX_CONTROL_BYTES + 2);
        frame.writeByte(FrameHead.FIN | FrameHead.CLOSE);
        if (status == CloseStatus.NONE) {
            return frame.writeByte(0);
        }
        int length = fitting(text);
        return frame.writeByte(STATUS_BYTES + length).writeShort(status).writeBytes(text, 0, length);
    }

    /** The length of the longest part of a UTF-8 text that fits into a Close frame. */
    private static int fitting(byte[] text) {
        if (text.length <= MAX_TEXT_BYTES) {
            return isUtf8(ByteBuffer.wrap(text)) ? text.length : 0;
        }
        int length = MAX_TEXT_BYTES;
        while (length > 0 && (text[length] & 0xC0) == 0x80) {
            length--;
        }
        return isUtf8(ByteBuffer.wrap(text, 0, length)) ? length : 0;
    }
}
