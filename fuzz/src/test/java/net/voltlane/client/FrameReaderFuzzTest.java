package net.voltlane.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import net.voltlane.fuzz.Frames;
import net.voltlane.fuzz.Script;

/**
 * Fuzzes the client's {@code FrameReader}: the same bytes give the same frames however they are split, and a frame over
 * the limit is reported as a protocol violation.
 */
final class FrameReaderFuzzTest {
    private static final int MAX_FRAME_BYTES = 40_000;

    @FuzzTest
    void anyStream(byte[] input) throws IOException {
        List<byte[]> pieces = new Script(input).pieces();
        Frames expected = Frames.of(pieces, MAX_FRAME_BYTES);
        FrameReader reader = new FrameReader(new Stream(pieces));
        List<byte[]> frames = new ArrayList<>();
        boolean violated = false;
        try {
            for (byte[] frame = reader.next(MAX_FRAME_BYTES); frame != null; frame = reader.next(MAX_FRAME_BYTES)) {
                frames.add(frame);
            }
        } catch (ProtocolViolationException e) {
            violated = true;
        }
        assertThat(frames).containsExactlyElementsOf(expected.payloads());
        assertThat(violated).isEqualTo(expected.isOverLimit());
    }

    /** Brings a piece at each read, or as much of it as fits. */
    private static final class Stream implements FrameReader.Source {
        private final List<byte[]> pieces;
        private int piece;
        private int at;

        Stream(List<byte[]> pieces) {
            this.pieces = pieces.stream().filter(bytes -> bytes.length > 0).toList();
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            if (piece == pieces.size()) {
                return -1;
            }
            byte[] bytes = pieces.get(piece);
            int n = Math.min(length, bytes.length - at);
            System.arraycopy(bytes, at, into, offset, n);
            at += n;
            if (at == bytes.length) {
                piece++;
                at = 0;
            }
            return n;
        }
    }
}
