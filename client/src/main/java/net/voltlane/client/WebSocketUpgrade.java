package net.voltlane.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/**
 * The opening of a WebSocket (RFC 6455, section 4): one request of HTTP, and its answer. For one link and one thread.
 */
final class WebSocketUpgrade {

    /** The most bytes of an answer's head. */
    private static final int MAX_HEAD_BYTES = 16 * 1024;

    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int KEY_BYTES = 16;
    private static final int SWITCHING = 101;
    private static final int BAD_REQUEST = 400;
    private static final int TOO_MANY = 429;
    private static final int SERVER_ERRORS = 500;

    private final Wire below;
    private final ServerAddress address;
    private final String protocol;
    private final byte[] head = new byte[MAX_HEAD_BYTES];
    private int filled;

    /** @param version of the protocol that will be spoken */
    WebSocketUpgrade(Wire below, ServerAddress address, int version) {
        this.below = below;
        this.address = address;
        this.protocol = "voltlane." + version;
    }

    /**
     * Asks for a WebSocket.
     *
     * @return bytes that came behind the answer
     * @throws ClientException if the server does not give one
     */
    byte[] open(SecureRandom random) throws IOException {
        byte[] bytes = new byte[KEY_BYTES];
        random.nextBytes(bytes);
        String key = Base64.getEncoder().encodeToString(bytes);
        ByteBuffer request = ByteBuffer.wrap(request(key).getBytes(StandardCharsets.US_ASCII));
        while (request.hasRemaining()) {
            below.write(request);
        }
        int end = head();
        check(new String(head, 0, end, StandardCharsets.ISO_8859_1), key);
        return Arrays.copyOfRange(head, end, filled);
    }

    private String request(String key) {
        return "GET " + address.path() + " HTTP/1.1\r\nHost: " + address.authority()
                + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: " + key
                + "\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: " + protocol + "\r\n\r\n";
    }

    /** Reads the head of the answer, and returns where it ends. */
    private int head() throws IOException {
        int seen = 0;
        while (true) {
            for (; seen + 3 < filled; seen++) {
                if (head[seen] == '\r' && head[seen + 1] == '\n' && head[seen + 2] == '\r' && head[seen + 3] == '\n') {
                    return seen + 4;
                }
            }
            if (filled == head.length) {
                throw refused("an endless answer");
            }
            int count = below.read(head, filled, head.length - filled);
            if (count < 0) {
                throw new HungUpException(
                        "the server closed the link instead of opening a WebSocket (expected: a listener with it)",
                        null);
            }
            filled += count;
        }
    }

    private void check(String text, String key) throws ClientException {
        String[] lines = text.split("\r\n", -1);
        String[] status = lines[0].split(" ", 3);
        if (status.length < 2 || !status[0].startsWith("HTTP/1.") || !status[1].matches("[0-9]{3}")) {
            throw refused("something that is not HTTP");
        }
        int code = Integer.parseInt(status[1]);
        if (code >= SERVER_ERRORS || code == TOO_MANY) {
            throw new UnreachableException(
                    "no WebSocket at " + address + ": " + CloseCodes.printable(lines[0].substring(9)), null);
        }
        if (code == BAD_REQUEST) {
            String answer = CloseCodes.printable(lines[0].substring(9)) + " (it may not serve " + protocol + ")";
            throw refused(answer).aboutVersion();
        }
        if (code != SWITCHING) {
            throw refused(CloseCodes.printable(lines[0].substring(9)));
        }
        Map<String, String> fields = fields(lines);
        if (!fields.getOrDefault("upgrade", "").equalsIgnoreCase("websocket")
                || !hasToken(fields.getOrDefault("connection", ""), "upgrade")
                || !fields.getOrDefault("sec-websocket-accept", "").equals(accept(key))) {
            throw refused("another protocol, or the answer to another request");
        }
        if (!fields.getOrDefault("sec-websocket-extensions", "").isEmpty()) {
            throw refused("extensions that nobody asked for");
        }
        String chosen = fields.getOrDefault("sec-websocket-protocol", "");
        if (!chosen.isEmpty() && !chosen.equals(protocol)) {
            throw refused("another protocol inside: " + CloseCodes.printable(chosen));
        }
    }

    private static Map<String, String> fields(String... lines) {
        Map<String, String> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon > 0) {
                String value = lines[i].substring(colon + 1).strip();
                fields.merge(lines[i].substring(0, colon).strip(), value, (one, other) -> one + ", " + other);
            }
        }
        return fields;
    }

    private static boolean hasToken(String list, String token) {
        return Arrays.stream(list.split(",")).anyMatch(each -> each.strip().equalsIgnoreCase(token));
    }

    private ProtocolViolationException refused(String answer) {
        return new ProtocolViolationException("no WebSocket at " + address + ": the server gave " + answer, null);
    }

    private static String accept(String key) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            byte[] digest = sha1.digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-1", e);
        }
    }
}
