package net.voltlane.systemtest;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Looks for secrets in what a program has printed: as raw bytes, as hexadecimal digits with anything between them, in
 * Base64, and as Java and JSON print arrays. A part of a secret is a trace as well.
 */
final class Traces {
    /** So many bytes are no chance hit, and short enough to fall within one row of a hex dump. */
    private static final int PART_BYTES = 8;

    private final Map<String, byte[]> secrets = new LinkedHashMap<>();

    /** Names a secret of at least 8 bytes. */
    Traces of(String name, byte[] secret) {
        if (secret.length < PART_BYTES) {
            throw new IllegalArgumentException(name + " is too short to be looked for");
        }
        secrets.put(name, secret);
        return this;
    }

    /** The names of those that left a trace, and in which form. */
    List<String> in(byte[] printed) {
        String raw = new String(printed, StandardCharsets.ISO_8859_1);
        String digits = raw.toLowerCase(Locale.ROOT).replaceAll("[^0-9a-f]", "");
        String base64 = raw.replace('-', '+').replace('_', '/');
        String numbers = raw.replaceAll("[^0-9,-]", "");
        List<String> found = new ArrayList<>();
        secrets.forEach((name, secret) -> {
            for (int at = 0; at + PART_BYTES <= secret.length; at++) {
                byte[] part = Arrays.copyOfRange(secret, at, at + PART_BYTES);
                note(found, name + " raw", raw, new String(part, StandardCharsets.ISO_8859_1));
                note(found, name + " in hex", digits, HexFormat.of().formatHex(part));
                note(found, name + " in Base64", base64, inner(part));
                note(found, name + " as numbers", numbers, numbers(part, false));
                note(found, name + " as unsigned numbers", numbers, numbers(part, true));
            }
        });
        return found;
    }

    private static void note(List<String> found, String what, String text, String form) {
        if (!found.contains(what) && text.contains(form)) {
            found.add(what);
        }
    }

    /**
     * Returns the Base64 text of bytes that begin a group of three, without its end, which depends on the bytes that
     * follow.
     */
    private static String inner(byte[] part) {
        return Base64.getEncoder().encodeToString(Arrays.copyOf(part, PART_BYTES / 3 * 3));
    }

    private static String numbers(byte[] part, boolean unsigned) {
        StringBuilder text = new StringBuilder();
        for (byte one : part) {
            text.append(text.isEmpty() ? "" : ",").append(unsigned ? one & 0xff : one);
        }
        return text.toString();
    }
}
