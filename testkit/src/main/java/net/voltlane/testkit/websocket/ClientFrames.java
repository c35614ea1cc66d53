package net.voltlane.testkit.websocket;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.voltlane.testkit.Bytes;

/** The bytes that a client of WebSocket sends. */
public final class ClientFrames {
    public static final int FIN = 0x80;
    public static final int CONTINUATION = 0;
    public static final int TEXT = 1;
    public static final int BINARY = 2;
    public static final int CLOSE = 8;
    public static final int PING = 9;
    public static final int PONG = 10;

    /** The key of the example in RFC 6455, section 1.3. */
    public static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    /** The answer of a server to {@link #KEY}. */
    public static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    private static final int MASKED = 0x80;
    private static final byte[] MASK = {0x37, (byte) 0xFA, 0x21, 0x3D};

    private ClientFrames() {}

    /** An upgrade at {@code /}, with more fields, such as {@code "Origin: https://example.com"}. */
    public static byte[] upgrade(String... fields) {
        return upgradeAt("/", fields);
    }

    /** An upgrade at another target. */
    public static byte[] upgradeAt(String target, String... fields) {
        return request("GET " + target + " HTTP/1.1", withUpgrade(fields));
    }

    private static String[] withUpgrade(String... fields) {
        String[] all = Arrays.copyOf(
                new String[] {
                    "Host: server.example:8080",
                    "Upgrade: websocket",
                    "Connection: keep-alive, Upgrade",
                    "Sec-WebSocket-Key: " + KEY,
                    "Sec-WebSocket-Version: 13"
                },
                5 + fields.length);
        System.arraycopy(fields, 0, all, 5, fields.length);
        return all;
    }

    /** An HTTP request without a body. */
    public static byte[] request(String line, String... fields) {
        StringBuilder text = new StringBuilder(line).append("\r\n");
        for (String field : fields) {
            text.append(field).append("\r\n");
        }
        return text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A binary message in one frame. */
    public static byte[] message(byte[] payload) {
        return frame(FIN | BINARY, payload);
    }

    /** A Close frame. */
    public static byte[] close(int status, String text) {
        byte[] reason = Bytes.utf8(text);
        return frame(
                FIN | CLOSE,
                ByteBuffer.allocate(2 + reason.length)
                        .putShort((short) status)
                        .put(reason)
                        .array());
    }

    /** A masked frame whose first byte is {@code head}, its length in the shortest form. */
    public static byte[] frame(int head, byte[] payload) {
        int length = payload.length;
        byte[] lengthBytes = length < 126
                ? new byte[] {(byte) (MASKED | length)}
                : length <= 0xFFFF
                        ? ByteBuffer.allocate(3)
                                .put((byte) (MASKED | 126))
                                .putShort((short) length)
                                .array()
                        : ByteBuffer.allocate(9)
                                .put((byte) (MASKED | 127))
                                .putLong(length)
                                .array();
        return Bytes.concat(new byte[] {(byte) head}, lengthBytes, MASK, masked(payload));
    }

    /** A payload under the mask, which is its own inverse. */
    public static byte[] masked(byte[] payload) {
        byte[] masked = payload.clone();
        for (int i = 0; i < masked.length; i++) {
            masked[i] ^= MASK[i % MASK.length];
        }
        return masked;
    }

    /** The key of the mask. */
    public static byte[] mask() {
        return MASK.clone();
    }
}
