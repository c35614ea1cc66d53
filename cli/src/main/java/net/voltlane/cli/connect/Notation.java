package net.voltlane.cli.connect;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** How a packet is written as a line. */
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
    /** Two hex digits for each byte, small letters; capitals and spaces anywhere are understood, too. */
    HEX {
        @Override
        byte[] packet(byte[] line) {
            return HexFormat.of().parseHex(new String(line, StandardCharsets.ISO_8859_1).replaceAll("\\s", ""));
        }

        @Override
        byte[] line(byte[] packet) {
            return HexFormat.of().formatHex(packet).getBytes(StandardCharsets.ISO_8859_1);
        }
    };

    /**
     * What a line stands for.
     *
     * @param line without its end
     * @throws IllegalArgumentException if it stands for nothing
     */
    abstract byte[] packet(byte[] line);

    /** The line for a packet, without an end. */
    abstract byte[] line(byte[] packet);
}
