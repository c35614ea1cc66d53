package net.voltlane.protocol.firehose3;

import java.nio.charset.StandardCharsets;
import net.voltlane.protocol.FieldReader;
import net.voltlane.protocol.FieldWriter;
import net.voltlane.protocol.MalformedPacketException;

/**
 * A backend's command to end a session.
 *
 * <pre>
 *  byte   0           n
 *       +-----------+
 *       | text      |     or nothing at all
 *       +-----------+
 * </pre>
 *
 * <p>A text that is too long is cut by whoever reads it, at the end of a character: an unwanted session has to end
 * nevertheless.
 *
 * @param text a text for the client's Close frame, at most {@value #MAX_TEXT_BYTES} bytes as UTF-8; may be empty
 */
public record Kick(String text) implements FirehoseMessage {

    /** The most bytes of text. */
    public static final int MAX_TEXT_BYTES = 1024;

    static Kick read(FieldReader in) throws MalformedPacketException {
        return new Kick(in.remaining() == 0 ? "" : cut(in.blob("text")));
    }

    @Override
    public int flag() {
        return MessageFlag.KICK;
    }

    @Override
    public void writeData(FieldWriter out) {
        if (text.isEmpty()) {
            return; // may be missing
        }
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (utf8.length > MAX_TEXT_BYTES) {
            throw new IllegalArgumentException(
                    "text of " + utf8.length + " bytes (expected: 0 to " + MAX_TEXT_BYTES + ")");
        }
        out.blob(utf8);
    }

    private static String cut(byte[] utf8) {
        int end = Math.min(utf8.length, MAX_TEXT_BYTES);
        if (end < utf8.length) {
            while (end > 0 && (utf8[end] & 0xC0) == 0x80) { // a byte inside of a character
                end--;
            }
        }
        return new String(utf8, 0, end, StandardCharsets.UTF_8);
    }
}
