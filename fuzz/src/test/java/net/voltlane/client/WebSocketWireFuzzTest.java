package net.voltlane.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import net.voltlane.fuzz.Script;

/**
 * Fuzzes the client's end of a WebSocket: any bytes from the server. They give the same stream and the same end however
 * they are split, what comes back is at most what came, and answers are no longer than a control frame may be.
 */
final class WebSocketWireFuzzTest {
    private static final int MAX_MESSAGE_BYTES = 5_000;
    private static final int MAX_CONTROL_BYTES = 2 + 4 + 125;

    /** The stream, the end, and what was sent back. */
    private record Heard(String stream, String end) {}

    @FuzzTest
    void anyServer(byte[] input) {
        List<byte[]> pieces = new Script(input).pieces();
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        pieces.forEach(whole::writeBytes);
        Heard inPieces = hear(pieces, 7);
        assertThat(inPieces).isEqualTo(hear(List.of(whole.toByteArray()), 10_000));
    }

    private static Heard hear(List<byte[]> pieces, int readBytes) {
        Below below = new Below(pieces);
        WebSocketWire wire = new WebSocketWire(below, nanos -> {}, new SecureRandom(), new byte[0], MAX_MESSAGE_BYTES);
        StringBuilder stream = new StringBuilder();
        byte[] buffer = new byte[readBytes];
        try {
            for (int count = wire.read(buffer, 0, readBytes); count >= 0; count = wire.read(buffer, 0, readBytes)) {
                assertThat(count).isPositive();
                for (int i = 0; i < count; i++) {
                    stream.append((char) (buffer[i] & 0xFF));
                }
            }
            return new Heard(stream.toString(), "in good order");
        } catch (CloseReceived e) {
            return new Heard(stream.toString(), e.close().toString());
        } catch (IOException e) {
            assertThat(e.getMessage()).doesNotContainPattern("\\p{Cntrl}");
            return new Heard(stream.toString(), e.getMessage());
        }
    }

    /** Brings a piece at each read, or as much of it as fits. */
    private static final class Below implements Wire {
        private final List<byte[]> pieces;
        private int at;

        Below(List<byte[]> pieces) {
            this.pieces = new ArrayList<>(pieces);
            this.pieces.removeIf(bytes -> bytes.length == 0);
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            if (pieces.isEmpty()) {
                return -1;
            }
            byte[] bytes = pieces.get(0);
            int count = Math.min(length, bytes.length - at);
            System.arraycopy(bytes, at, into, offset, count);
            at += count;
            if (at == bytes.length) {
                pieces.remove(0);
                at = 0;
            }
            return count;
        }

        @Override
        public int write(ByteBuffer bytes) {
            assertThat(bytes.remaining()).isLessThanOrEqualTo(MAX_CONTROL_BYTES);
            int count = bytes.remaining();
            bytes.position(bytes.limit());
            return count;
        }

        @Override
        public void shutdownOutput() {
            // nothing is sent after a Close
        }
    }
}
