package net.voltlane.protocol.link3;

import net.voltlane.protocol.CloseCode;
import net.voltlane.protocol.FieldReader;
import net.voltlane.protocol.FieldWriter;
import net.voltlane.protocol.MalformedPacketException;
import org.jspecify.annotations.Nullable;

/**
 * The last frame of a server before it closes the link.
 *
 * <pre>
 *  byte   0      1          3                 7             n
 *       +------+----------+-----------------+-------------+
 *       | 05   | u16 code | u32 retry after | text        |
 *       +------+----------+-----------------+-------------+
 * </pre>
 *
 * @param code the reason as a number, 0 to 65535
 * @param retryAfterMillis the time in milliseconds before which a new attempt is useless, 0 to 2^32 - 1; 0: none given
 * @param text a text for people, at most 65535 bytes as UTF-8
 */
public record Close(int code, long retryAfterMillis, String text) implements LinkFrame {

    static Close read(FieldReader in) throws MalformedPacketException {
        return new Close(in.u16("code"), in.u32("retry after"), in.text("text"));
    }

    @Override
    public int type() {
        return FrameType.CLOSE;
    }

    @Override
    public void writeBody(FieldWriter out) {
        out.u16(code).u32(retryAfterMillis).text(text);
    }

    /** The reason, or null if the number is newer than this library. */
    public @Nullable CloseCode known() {
        return CloseCode.of(code);
    }
}
