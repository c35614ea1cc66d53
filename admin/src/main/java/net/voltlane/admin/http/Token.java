package net.voltlane.admin.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The secret that permits changes. Only its hash is kept. Immutable. */
public final class Token {
    private final byte[] hash;

    /** @param text as operators send it behind {@code Bearer} */
    public Token(String text) {
        hash = hash(text);
    }

    /** Compares in a time that tells nothing of the token. */
    boolean is(String text) {
        return MessageDigest.isEqual(hash, hash(text));
    }

    private static byte[] hash(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
