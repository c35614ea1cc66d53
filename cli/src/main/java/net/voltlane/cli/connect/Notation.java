package net.voltlane.cli.connect;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** The form in which packets are read and written as lines. */
public enum Notation {
    /** As it is, byte for byte. */
    PLAIN {
        @Override
        byte[] packet(byte[] line) {
            return line;
        }

        @Override
        byte[] line(byte[] packet) {
            return packet;
        }
    },
    /**
     * Two hex digits for each byte, small letters, with a space between two bytes. Capitals are read as well, and spaces
     * may stand anywhere or be left out, so that whatever is written can be read back.
     */
    HEX {
        @Override
        byte[] packet(byte[] line) {
            try {
                return HexFormat.of().parseHex(new String(line, StandardCharsets.ISO_8859_1).replaceAll("\\s", ""));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("not hex (expected: two digits for each byte, such as 68 69)", e);
            }
        }

        @Override
        byte[] line(byte[] packet) {
            return HexFormat.ofDelimiter(" ").formatHex(packet).getBytes(StandardCharsets.ISO_8859_1);
        }
    };

    /**
     * The packet of a line.
     *
     * @param line without its end
     * @throws IllegalArgumentException if it stands for nothing
     */
    abstract byte[] packet(byte[] line);

    /** The line for a packet, without an end. */
    abstract byte[] line(byte[] packet);
}
