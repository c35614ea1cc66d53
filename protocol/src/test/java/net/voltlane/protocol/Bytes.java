package net.voltlane.protocol;

import java.util.HexFormat;

/** Bytes as tests like to write them. */
final class Bytes {

    private Bytes() {}

    /** From hex digits; blanks are for the eye. */
    static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }
}
