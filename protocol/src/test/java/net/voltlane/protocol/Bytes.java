package net.voltlane.protocol;

import java.util.HexFormat;

/** Byte arrays in a form that is easy to read in tests. */
final class Bytes {

    private Bytes() {}

    /** Parses hex digits; blanks are ignored. */
    static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }
}
