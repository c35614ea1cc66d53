package net.voltlane.server.websocket;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The answers of the server to an HTTP request. Every answer but the upgrade is short, and ends the connection. */
final class Response {
    /** RFC 6455, section 1.3. */
    private static final String ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private static final String UPGRADE_FIELDS = "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n";

    private Response() {}

    /** @param subprotocol the one that was chosen; null if the client offered none */
    static byte[] upgraded(String key, @Nullable String subprotocol) {
        String chosen = subprotocol == null ? "" : "Sec-WebSocket-Protocol: " + subprotocol + "\r\n";
        return bytes("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: " + accept(key) + "\r\n" + chosen + "\r\n");
    }

    static byte[] malformed(String what) {
        return refused("400 Bad Request", "", what);
    }

    static byte[] originRefused() {
        return refused("403 Forbidden", "", "pages of this origin may not connect");
    }

    static byte[] notFound() {
        return refused("404 Not Found", "", "no such path");
    }

    static byte[] noUpgrade() {
        return refused(
                "426 Upgrade Required", "upgrade, close", UPGRADE_FIELDS, "this is a WebSocket endpoint (version 13)");
    }

    static byte[] tooLong() {
        return refused(
                "431 Request Header Fields Too Large", "", "the head may have " + HeadReader.MAX_BYTES + " bytes");
    }

    /** @param retryAfterMillis 0: unknown */
    static byte[] busy(long retryAfterMillis) {
        long secs = (retryAfterMillis + 999) / 1000;
        String retry = retryAfterMillis == 0 ? "" : "Retry-After: " + secs + "\r\n";
        return refused("503 Service Unavailable", retry, "busy, try again later");
    }

    private static byte[] refused(String status, String fields, String text) {
        return refused(status, "close", fields, text);
    }

    private static byte[] refused(String status, String connection, String fields, String text) {
        return bytes("HTTP/1.1 " + status + "\r\n" + fields
                + "Content-Type: text/plain; charset=utf-8\r\nCache-Control: no-store\r\nConnection: " + connection
                + "\r\n"
                + "Content-Length: " + (text.length() + 1) + "\r\n\r\n" + text + "\n");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String accept(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(bytes(key + ACCEPT_SUFFIX));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-1", e);
        }
    }
}
