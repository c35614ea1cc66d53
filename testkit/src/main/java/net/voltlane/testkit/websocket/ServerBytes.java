package net.voltlane.testkit.websocket;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.voltlane.testkit.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that a server of WebSocket has sent on one connection: an answer to the HTTP request, then frames. Anything
 * that RFC 6455 forbids a server is an error.
 */
public final class ServerBytes {
    private byte[] unread = new byte[0];
    private @Nullable String answer;
    private final List<byte[]> messages = new ArrayList<>();
    private final List<byte[]> pongs = new ArrayList<>();
    private @Nullable Integer closeStatus;
    private String closeText = "";

    /** Takes bytes that came. */
    public ServerBytes add(byte[] came) {
        unread = Bytes.concat(unread, came);
        if (answer == null) {
            readAnswer();
        }
        while (answer != null && isUpgraded() && readFrame()) {}
        return this;
    }

    /** The answer to the HTTP request, with its body; empty while it is not there. */
    public String answer() {
        String head = answer;
        return head == null ? "" : isUpgraded() ? head : head + new String(unread, StandardCharsets.US_ASCII);
    }

    /** True once the server has agreed to WebSocket. */
    public boolean isUpgraded() {
        return answer != null && answer.startsWith("HTTP/1.1 101 ");
    }

    /** The binary messages since the last call. */
    public List<byte[]> messages() {
        List<byte[]> all = List.copyOf(messages);
        messages.clear();
        return all;
    }

    /** The payloads of the Pong frames since the last call. */
    public List<byte[]> pongs() {
        List<byte[]> all = List.copyOf(pongs);
        pongs.clear();
        return all;
    }

    /** The code of the Close frame, 1005 if it had none; null if none has come. */
    public @Nullable Integer closeStatus() {
        return closeStatus;
    }

    /** The text of the Close frame. */
    public String closeText() {
        return closeText;
    }

    /** Bytes of a frame that did not come whole. */
    public int unreadBytes() {
        return isUpgraded() ? unread.length : 0;
    }

    private void readAnswer() {
        String text = new String(unread, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        if (end >= 0) {
            answer = text.substring(0, end + 4);
            unread = Arrays.copyOfRange(unread, end + 4, unread.length);
        }
    }

    private boolean readFrame() {
        ByteBuffer in = ByteBuffer.wrap(unread);
        if (in.remaining() < 2) {
            return false;
        }
        int head = Byte.toUnsignedInt(in.get());
        int length = Byte.toUnsignedInt(in.get());
        int lengthBytes = length == 126 ? 2 : length == 127 ? 8 : 0;
        if (in.remaining() < lengthBytes) {
            return false;
        }
        long whole = lengthBytes == 2 ? Short.toUnsignedInt(in.getShort()) : lengthBytes == 8 ? in.getLong() : length;
        if (length > 127 || lengthBytes == 2 && whole < 126 || lengthBytes == 8 && whole <= 0xFFFF) {
            throw new AssertionError("a masked frame, or a length that is not in its shortest form");
        }
        if (in.remaining() < whole) {
            return false;
        }
        byte[] payload = new byte[(int) whole];
        in.get(payload);
        frame(head, payload);
        unread = Arrays.copyOfRange(unread, in.position(), unread.length);
        return true;
    }

    private void frame(int head, byte[] payload) {
        if (closeStatus != null) {
            throw new AssertionError("a frame behind the Close frame");
        }
        switch (head) {
            case ClientFrames.FIN | ClientFrames.BINARY -> messages.add(payload);
            case ClientFrames.FIN | ClientFrames.PONG -> pongs.add(payload);
            case ClientFrames.FIN | ClientFrames.CLOSE -> {
                closeStatus = payload.length == 0
                        ? 1005
                        : Short.toUnsignedInt(ByteBuffer.wrap(payload).getShort());
                closeText =
                        payload.length == 0 ? "" : new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
            }
            default -> throw new AssertionError("a frame that begins with " + Integer.toHexString(head));
        }
    }
}
