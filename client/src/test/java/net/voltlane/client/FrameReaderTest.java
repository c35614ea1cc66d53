package net.voltlane.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.voltlane.protocol.Frame;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.Seeds;
import org.junit.jupiter.api.Test;

final class FrameReaderTest {

    private static final int LIMIT = 1 << 20;

    /** Returns a reader of {@code bytes}, which arrive in pieces of at most {@code piece} bytes. */
    private static FrameReader reader(byte[] bytes, int piece) {
        ByteArrayInputStream in = new ByteArrayInputStream(bytes);
        return new FrameReader((into, offset, length) -> in.read(into, offset, Math.min(length, piece)));
    }

    private static List<byte[]> all(FrameReader reader) throws IOException {
        List<byte[]> payloads = new ArrayList<>();
        for (byte[] next = reader.next(LIMIT); next != null; next = reader.next(LIMIT)) {
            payloads.add(next);
        }
        return payloads;
    }

    private static byte[] payload(int length) {
        byte[] payload = new byte[length];
        new Random(length).nextBytes(payload);
        return payload;
    }

    @Test
    void framesComeWholeHoweverTheyAreCut() throws IOException {
        int b = FrameReader.BUFFER_BYTES;
        int[] lengths = {0, 1, 5, 0, 300, b - 5, b - 4, b - 3, b, 3 * b + 1, 2, 2 * b, 7};
        byte[][] frames = new byte[lengths.length][];
        for (int i = 0; i < lengths.length; i++) {
            frames[i] = Frame.of(payload(lengths[i]));
        }
        for (int piece : new int[] {1, 3, 4, 7, 1000, b - 1, b, Integer.MAX_VALUE}) {
            List<byte[]> payloads = all(reader(Bytes.concat(frames), piece));
            assertThat(payloads).hasSameSizeAs(lengths);
            for (int i = 0; i < lengths.length; i++) {
                assertThat(payloads.get(i)).as("piece %d, frame %d", piece, i).isEqualTo(payload(lengths[i]));
            }
        }
    }

    @Test
    void anyFramesInAnyPieces() {
        Seeds.run(seed -> {
            Random random = new Random(seed);
            List<byte[]> sent = new ArrayList<>();
            List<byte[]> frames = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                byte[] payload = new byte[random.nextInt(10) == 0 ? random.nextInt(60_000) : random.nextInt(200)];
                random.nextBytes(payload);
                sent.add(payload);
                frames.add(Frame.of(payload));
            }
            ByteArrayInputStream in = new ByteArrayInputStream(Bytes.concat(frames.toArray(byte[][]::new)));
            FrameReader reader = new FrameReader(
                    (into, offset, length) -> in.read(into, offset, Math.min(length, 1 + random.nextInt(5_000))));
            assertThat(all(reader))
                    .usingElementComparator(java.util.Arrays::compare)
                    .isEqualTo(sent);
        });
    }

    @Test
    void halfAFrameAtTheEndCountsForNothing() throws IOException {
        for (int payloadBytes : new int[] {9, 20_000}) {
            byte[] frame = Frame.of(payload(payloadBytes));
            for (int cut : new int[] {1, 3, 4, 5, frame.length - 1}) {
                byte[] stream = Bytes.concat(Frame.of(Bytes.utf8("whole")), java.util.Arrays.copyOf(frame, cut));
                assertThat(all(reader(stream, Integer.MAX_VALUE))).hasSize(1);
            }
        }
    }

    @Test
    void aFrameOverTheLimitIsRefusedByItsLengthAlone() throws IOException {
        assertThat(reader(Frame.of(payload(10)), 100).next(10)).hasSize(10);
        assertThatThrownBy(() -> reader(Bytes.hex("0b000000"), 100).next(10))
                .isInstanceOf(ProtocolViolationException.class)
                .hasMessage("a frame of 11 bytes came (limit: 10)");
        assertThatThrownBy(() -> reader(Bytes.hex("ffffffff"), 100).next(Integer.MAX_VALUE))
                .isInstanceOf(ProtocolViolationException.class)
                .hasMessageStartingWith("a frame of 4294967295 bytes");
    }

    @Test
    void aLengthAloneTakesNoMemory() throws IOException {
        // No virtual machine has that much memory: allocating an array of that length would be an error.
        byte[] promise = Bytes.concat(Bytes.hex("f0ffff7f"), payload(100));
        assertThat(reader(promise, 100).next(Integer.MAX_VALUE)).isNull();
    }
}
