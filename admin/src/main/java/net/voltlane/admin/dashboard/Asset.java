package net.voltlane.admin.dashboard;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A file of the dashboard. It is read from the jar whenever it is asked for, and takes no memory in between. Belongs to
 * one thread.
 */
final class Asset {
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml");
    private static final int TAG_BYTES = 12;

    private final String name;
    private @Nullable String etag;

    /** @param name of a resource of this package that is there */
    Asset(String name) {
        this.name = name;
    }

    /** The media type. */
    String type() {
        String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return TYPES.getOrDefault(ending, "text/plain; charset=utf-8");
    }

    /** The value of the header {@code ETag}, computed once: it differs where the bytes differ. */
    String etag() {
        if (etag == null) {
            try {
                byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes());
                etag = '"' + HexFormat.of().formatHex(hash, 0, TAG_BYTES) + '"';
            } catch (NoSuchAlgorithmException e) {
                throw new AssertionError("every JDK has SHA-256", e);
            }
        }
        return etag;
    }

    /** The contents. */
    byte[] bytes() {
        try (InputStream in = Asset.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException(name + " is not in the jar");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
