package net.voltlane.client;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.voltlane.protocol.Frame;
import net.voltlane.testkit.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class WebSocketWireTest {

    private static final int MAX_BYTES = 1_000;

    /** A wire with an input in pieces, and an output that takes some bytes at a time and fails in the end. */
    private static final class Fake implements Wire {
        private final byte[] input;
        private final Random random;
        private int at;
        private final ByteArrayOutputStream output = new ByteArrayOutputStream();
        private int room = Integer.MAX_VALUE;

        Fake(byte[] input, Random random) {
            this.input = input;
            this.random = random;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            if (at == input.length) {
                return -1;
            }
            int count = 1 + random.nextInt(Math.min(length, input.length - at));
            System.arraycopy(input, at, into, offset, count);
            at += count;
            return count;
        }

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            if (room == 0) {
                throw new IOException("broken");
            }
            int count = Math.min(room, 1 + random.nextInt(bytes.remaining()));
            for (int i = 0; i < count; i++) {
                output.write(bytes.get());
            }
            room -= count;
            return count;
        }

        @Override
        public void shutdownOutput() {}
    }

    private static WebSocketWire over(Fake below) {
        return new WebSocketWire(below, nanos -> {}, new SecureRandom(), new byte[0], MAX_BYTES);
    }

    private static List<byte[]> packets(Random random) {
        List<byte[]> packets = new ArrayList<>();
        for (int i = random.nextInt(30); i >= 0; i--) {
            int[] sizes = {0, 1, 4, 125, 126, 127, 65_535, 65_536, 40_000, random.nextInt(1_000)};
            byte[] packet = new byte[sizes[random.nextInt(random.nextInt(8) == 0 ? 10 : 5)]];
            random.nextBytes(packet);
            packets.add(packet);
        }
        return packets;
    }

    private static byte[] stream(List<byte[]> packets) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        packets.forEach(packet -> out.writeBytes(Frame.of(packet)));
        return out.toByteArray();
    }

    // ---- input

    /** Messages in one piece and in several, with pings between, split anywhere. */
    @Test
    void messagesBecomeFrames() {
        Seeds.run(seed -> {
            Random random = new Random(seed);
            for (int run = 0; run < 100; run++) {
                List<byte[]> packets = packets(random);
                ByteArrayOutputStream input = new ByteArrayOutputStream();
                for (byte[] packet : packets) {
                    boolean whole = packet.length > MAX_BYTES || random.nextBoolean();
                    input.writeBytes(Gateway.message(packet, whole ? 0 : 1 + random.nextInt(40)));
                }
                input.writeBytes(close(1000, ""));
                WebSocketWire wire = over(new Fake(input.toByteArray(), random));
                wire.onControl(() -> {}); // there is a writer, so pings are not bounded
                assertThat(readAll(wire, random)).isEqualTo(stream(packets));
            }
        });
    }

    private static byte[] readAll(Wire wire, Random random) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] buffer = new byte[20_000];
        while (true) {
            int count = wire.read(buffer, 100, 1 + random.nextInt(buffer.length - 100));
            if (count < 0) {
                return all.toByteArray();
            }
            all.write(buffer, 100, count);
        }
    }

    private static byte[] close(int code, String text) {
        byte[] payload = new byte[2 + text.length()];
        payload[0] = (byte) (code >>> 8);
        payload[1] = (byte) code;
        System.arraycopy(text.getBytes(US_ASCII), 0, payload, 2, text.length());
        return Gateway.frame(0x88, payload, 0, payload.length);
    }

    @Test
    void anInputThatIsCutIsNoEndInGoodOrder() {
        byte[] whole = concat(Gateway.message(new byte[300], 100), Gateway.message(new byte[3], 0), close(1000, "bye"));
        for (int cut = 0; cut < whole.length; cut++) {
            byte[] input = Arrays.copyOf(whole, cut);
            assertThatThrownBy(() -> readAll(over(new Fake(input, new Random(1))), new Random(2)))
                    .as("%d bytes", cut)
                    .isExactlyInstanceOf(IOException.class)
                    .hasMessage("the connection ended without the end of the WebSocket");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "81 01 61", // text
                "01 01 61", // text, the first piece
                "82 81 00 00 00 00 61", // masked
                "C2 01 61", // compressed
                "A2 01 61",
                "92 01 61",
                "80 01 61", // a continuation of nothing
                "02 01 61 82 01 61", // a message within a message
                "83 01 61", // unknown kinds
                "8B 01 61",
                "89 7E 00 7E", // a long ping
                "09 01 61", // a ping in pieces
                "82 7F 80 00 00 00 00 00 00 00", // endless messages
                "82 7F 00 00 00 00 80 00 00 00",
                "88 01 03", // half a code
                "02 7E 03 E9" // too long to be put together
            })
    void whatNoServerSendsIsRefused(String hex) {
        byte[] input = net.voltlane.testkit.Bytes.hex(hex.replace(" ", ""));
        assertThatThrownBy(() -> readAll(over(new Fake(input, new Random(1))), new Random(2)))
                .isInstanceOf(ProtocolViolationException.class)
                .hasMessageStartingWith("the server's WebSocket sent ");
    }

    @ParameterizedTest
    @CsvSource({
        "1000, ", "1001, ", "1002, VIOLATION", "1003, VIOLATION", "1007, VIOLATION", "1009, FRAME_TOO_LARGE",
        "4001, KICKED", "4002, SESSION_GONE", "4003, GAP", "4004, OVERFLOW", "4006, MEMORY", "4007, FRAME_TOO_LARGE",
        "4008, VIOLATION", "4009, RATE", "4010, STOPPING", "4011, BUSY", "4012, TAKEN_OVER", "4013, TIMED_OUT",
        "4014, VERSION", "4015, SESSION_GONE", "4099, HUNG_UP"
    })
    void aCodeOfACloseHasAMeaning(int code, CloseReason reason) {
        Fake below = new Fake(close(code, "why"), new Random(1));
        Throwable end = catchThrowable(() -> readAll(over(below), new Random(2)));
        if (reason == null) {
            assertThat(end).isNull();
        } else {
            assertThat(end).isInstanceOfSatisfying(CloseReceived.class, e -> {
                assertThat(CloseCodes.exception(e.close()).reason()).isEqualTo(reason);
                assertThat(e.close().text()).isEqualTo("why");
            });
        }
        assertThat(unmasked(below.output.toByteArray())).isEqualTo(Gateway.frame(0x88, ushort(code), 0, 2));
    }

    @ParameterizedTest
    @ValueSource(ints = {1005, 1006, 1008, 1011, 1012, 1013, 3000, 3999, 5000, 0})
    void anyOtherCodeEndsTheLinkAlone(int code) {
        byte[] input = close(code, "w\u001Bhy");
        if (code == 1005) {
            assertThat(catchThrowable(() -> readAll(over(new Fake(input, new Random(1))), new Random(2))))
                    .isNull();
        } else {
            assertThatThrownBy(() -> readAll(over(new Fake(input, new Random(1))), new Random(2)))
                    .isExactlyInstanceOf(IOException.class)
                    .hasMessage("the server closed the WebSocket with code " + code + ": w hy");
        }
    }

    private static byte[] ushort(int code) {
        return new byte[] {(byte) (code >>> 8), (byte) code};
    }

    // ---- output

    /** The bytes that count as taken make up all messages that have left whole, and not one more. */
    @Test
    void framesBecomeMessagesAndOnlyWholeOnesCount() {
        Seeds.run(seed -> {
            Random random = new Random(seed);
            for (int run = 0; run < 200; run++) {
                List<byte[]> packets = packets(random);
                byte[] stream = stream(packets);
                Fake below = new Fake(new byte[0], random);
                below.room = random.nextBoolean() ? Integer.MAX_VALUE : 1 + random.nextInt(stream.length + 40);
                int taken = writeAll(over(below), stream, random);
                List<byte[]> left = messages(below.output.toByteArray());
                assertThat(stream(left)).isEqualTo(stream(packets.subList(0, left.size())));
                assertThat(taken).isBetween(stream(left).length, stream.length);
                boolean all = left.size() == packets.size();
                assertThat(taken == stream.length).isEqualTo(all);
                if (!all) {
                    assertThat(taken).isLessThan(stream(packets.subList(0, left.size() + 1)).length);
                }
            }
        });
    }

    /** Returns how many bytes were taken until the wire has failed. */
    private static int writeAll(Wire wire, byte[] stream, Random random) {
        int at = 0;
        try {
            while (at < stream.length) {
                ByteBuffer batch =
                        ByteBuffer.wrap(stream, at, Math.min(stream.length - at, 1 + random.nextInt(16_384)));
                while (batch.hasRemaining()) {
                    int before = batch.position();
                    int count = wire.write(batch);
                    assertThat(batch.position()).isEqualTo(before + count);
                    at += count;
                }
            }
        } catch (IOException e) {
            assertThat(e).hasMessage("broken");
        }
        return at;
    }

    /** Returns the messages that are whole. */
    private static List<byte[]> messages(byte[] output) {
        List<byte[]> all = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(output);
        while (in.remaining() >= 6) {
            assertThat(in.get()).isEqualTo((byte) 0x82);
            long length = in.get() & 0xFF;
            assertThat(length).isGreaterThanOrEqualTo(0x80);
            length -= 0x80;
            int more = length == 126 ? 2 : length == 127 ? 8 : 0;
            if (in.remaining() < more + 4) {
                break;
            }
            length = length == 126 ? in.getShort() & 0xFFFF : length == 127 ? in.getLong() : length;
            byte[] mask = new byte[4];
            in.get(mask);
            if (in.remaining() < length) {
                break;
            }
            byte[] payload = new byte[(int) length];
            in.get(payload);
            for (int i = 0; i < payload.length; i++) {
                payload[i] ^= mask[i % 4];
            }
            all.add(payload);
        }
        return all;
    }

    private static byte[] unmasked(byte[] control) {
        for (int i = 6; i < control.length; i++) {
            control[i] ^= control[2 + (i - 6) % 4];
        }
        return concat(
                new byte[] {control[0], (byte) (control[1] & 0x7F)}, Arrays.copyOfRange(control, 6, control.length));
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /** Behind a Close nothing may follow, not even the answer to the server's. */
    @Test
    void nothingFollowsAClose() throws IOException {
        Fake below = new Fake(concat(Gateway.frame(0x89, new byte[0], 0, 0), close(1000, "")), new Random(1));
        WebSocketWire wire = over(below);
        wire.onControl(() -> {});
        wire.shutdownOutput();
        byte[] sent = below.output.toByteArray();
        assertThat(unmasked(sent.clone())).isEqualTo(Gateway.frame(0x88, ushort(1000), 0, 2));
        assertThat(wire.read(new byte[10], 0, 10)).isEqualTo(-1);
        assertThat(wire.hasControl()).isFalse();
        wire.sendControl();
        wire.shutdownOutput();
        assertThat(below.output.toByteArray()).isEqualTo(sent);
    }

    /** Data behind the answer to a Close would be lost, and count as sent. */
    @Test
    void noDataFollowsTheAnswerToAClose() throws IOException {
        Fake below = new Fake(close(1001, ""), new Random(1));
        WebSocketWire wire = over(below);
        wire.onControl(() -> {});
        assertThat(wire.read(new byte[10], 0, 10)).isEqualTo(-1);
        wire.sendControl();
        byte[] sent = below.output.toByteArray();
        assertThat(unmasked(sent.clone())).isEqualTo(Gateway.frame(0x88, ushort(1001), 0, 2));
        assertThatThrownBy(() -> wire.write(ByteBuffer.wrap(Frame.of(new byte[5]))))
                .isInstanceOf(IOException.class);
        assertThat(below.output.toByteArray()).isEqualTo(sent);
    }

    /** The server may not make the thread that reads write for ever, before there is a writer. */
    @Test
    void aFloodOfPingsBeforeThereIsAWriterIsRefused() {
        byte[] ping = Gateway.frame(0x89, new byte[125], 0, 125);
        ByteArrayOutputStream flood = new ByteArrayOutputStream();
        for (int i = 0; i < 500; i++) {
            flood.writeBytes(ping);
        }
        Fake below = new Fake(flood.toByteArray(), new Random(1));
        assertThatThrownBy(() -> readAll(over(below), new Random(2)))
                .isInstanceOf(ProtocolViolationException.class)
                .hasMessage("the server's WebSocket sent too many pings in a handshake");
        assertThat(below.output.size()).isLessThan(10_000);
    }

    /** Only the newest ping is answered, and not in the middle of a message. */
    @Test
    void aPingIsAnsweredByTheWriterBetweenMessages() throws IOException {
        Fake below = new Fake(
                concat(Gateway.frame(0x89, "one".getBytes(US_ASCII), 0, 3), Gateway.frame(0x89, new byte[] {5}, 0, 1)),
                new Random(1));
        WebSocketWire wire = over(below);
        int[] woken = {0};
        wire.onControl(() -> woken[0]++);
        byte[] frame = Frame.of(new byte[200]);
        ByteBuffer half = ByteBuffer.wrap(frame, 0, 100);
        while (half.hasRemaining()) {
            wire.write(half);
        }
        assertThatThrownBy(() -> wire.read(new byte[10], 0, 10)).isInstanceOf(IOException.class);
        assertThat(woken[0]).isEqualTo(2);
        assertThat(wire.hasControl()).isTrue();
        int before = below.output.size();
        wire.sendControl();
        assertThat(below.output.size()).isEqualTo(before);
        ByteBuffer rest = ByteBuffer.wrap(frame, 100, 104);
        while (rest.hasRemaining()) {
            wire.write(rest);
        }
        before = below.output.size();
        wire.sendControl();
        byte[] pong = Arrays.copyOfRange(below.output.toByteArray(), before, below.output.size());
        assertThat(unmasked(pong)).isEqualTo(Gateway.frame(0x8A, new byte[] {5}, 0, 1));
        assertThat(wire.hasControl()).isFalse();
    }
}
