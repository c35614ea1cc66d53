package net.voltlane.server.websocket;

import static net.voltlane.testkit.websocket.ClientFrames.BINARY;
import static net.voltlane.testkit.websocket.ClientFrames.CLOSE;
import static net.voltlane.testkit.websocket.ClientFrames.CONTINUATION;
import static net.voltlane.testkit.websocket.ClientFrames.FIN;
import static net.voltlane.testkit.websocket.ClientFrames.PING;
import static net.voltlane.testkit.websocket.ClientFrames.PONG;
import static net.voltlane.testkit.websocket.ClientFrames.TEXT;
import static net.voltlane.testkit.websocket.ClientFrames.frame;
import static net.voltlane.testkit.websocket.ClientFrames.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import net.voltlane.protocol.Frame;
import net.voltlane.server.link.Bufs;
import net.voltlane.server.link.Layer;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.Seeds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes in, bytes out, in one read and in many. */
@ExtendWith(LeakCheck.class)
final class MessageDecoderTest {
    private static final byte[] FAULT = Bytes.u32(Layer.FAULT_LENGTH);

    private final AtomicLong held = new AtomicLong();
    private final Fragments fragments = new Fragments(ByteBufAllocator.DEFAULT, held::addAndGet);
    private final List<String> controls = new ArrayList<>();
    private final MessageDecoder decoder =
            new MessageDecoder(ByteBufAllocator.DEFAULT, fragments, new MessageDecoder.Controls() {
                @Override
                public void ping(ByteBuf buf, int index, int length) {
                    controls.add("ping " + Bytes.text(Bufs.bytes(buf, index, length)));
                }

                @Override
                public void close(int status) {
                    controls.add("close " + status);
                }
            });

    @AfterEach
    void nothingIsHeld() {
        decoder.end();
        assertThat(held).hasValue(0);
    }

    private byte[] decode(byte[] read) {
        return Bufs.bytes(decoder.decode(Bufs.buf(read)));
    }

    private byte[] decodeInPieces(byte[] wire, int... ends) {
        byte[] frames = new byte[0];
        int from = 0;
        for (int end : ends) {
            frames = Bytes.concat(frames, decode(Arrays.copyOfRange(wire, from, end)));
            from = end;
        }
        return Bytes.concat(frames, decode(Arrays.copyOfRange(wire, from, wire.length)));
    }

    private static byte[] numbered(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 7 + 3);
        }
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 4, 5, 7, 8, 9, 125, 126, 127, 65_535, 65_536, 70_001})
    void aMessageBecomesAFrame(int length) {
        assertThat(decode(message(numbered(length)))).isEqualTo(Frame.of(numbered(length)));
    }

    /** The example of RFC 6455, section 5.7, as a binary message. */
    @Test
    void theMaskIsTakenOff() {
        assertThat(decode(Bytes.hex("82 85 37 fa 21 3d 7f 9f 4d 51 58"))).isEqualTo(Frame.of(Bytes.utf8("Hello")));
    }

    @Test
    void messagesOfOneReadBecomeOneBuffer() {
        byte[] wire = Bytes.concat(message(numbered(5)), message(numbered(0)), message(numbered(200)));
        assertThat(decode(wire))
                .isEqualTo(Bytes.concat(Frame.of(numbered(5)), Frame.of(numbered(0)), Frame.of(numbered(200))));
    }

    @Test
    void framesMayEndAtAnyByte() {
        byte[] wire = Bytes.concat(
                message(numbered(3)),
                frame(FIN | PING, Bytes.utf8("hi")),
                frame(BINARY, numbered(9)),
                frame(FIN | PONG, new byte[0]),
                frame(FIN | CONTINUATION, numbered(130)),
                message(numbered(300)));
        byte[] frames = Bytes.concat(
                Frame.of(numbered(3)), Frame.of(Bytes.concat(numbered(9), numbered(130))), Frame.of(numbered(300)));
        for (int end = 0; end <= wire.length; end++) {
            assertThat(decodeInPieces(wire, end)).as("cut at %s", end).isEqualTo(frames);
        }
        int[] everyByte = java.util.stream.IntStream.range(1, wire.length).toArray();
        assertThat(decodeInPieces(wire, everyByte)).isEqualTo(frames);
        assertThat(controls).containsOnly("ping hi").hasSize(wire.length + 2);
    }

    /** Random messages in random fragments, with control frames between, in random reads. */
    @Test
    void whateverIsSentComesOut() {
        Seeds.run(seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            fragments.limit(1 << 20);
            List<byte[]> wire = new ArrayList<>();
            List<byte[]> expected = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                byte[] payload = numbered(random.nextInt(random.nextInt(1, 3_000)));
                expected.add(Frame.of(payload));
                int from = 0;
                int head = BINARY;
                while (random.nextInt(3) == 0) {
                    int to = random.nextInt(from, payload.length + 1);
                    wire.add(frame(head, Arrays.copyOfRange(payload, from, to)));
                    wire.add(random.nextBoolean() ? frame(FIN | PING, numbered(random.nextInt(126))) : new byte[0]);
                    head = CONTINUATION;
                    from = to;
                }
                wire.add(frame(FIN | head, Arrays.copyOfRange(payload, from, payload.length)));
            }
            byte[] all = Bytes.concat(wire.toArray(byte[][]::new));
            int[] ends = random.ints(random.nextInt(40), 0, all.length).sorted().toArray();
            assertThat(decodeInPieces(all, ends)).isEqualTo(Bytes.concat(expected.toArray(byte[][]::new)));
        });
    }

    private void expectFault(MessageFault fault, byte[] wire) {
        byte[] before = message(numbered(10));
        assertThat(decode(Bytes.concat(before, wire, message(numbered(1)))))
                .isEqualTo(Bytes.concat(Frame.of(numbered(10)), FAULT));
        assertThat(decoder.fault()).isEqualTo(fault);
        assertThat(decode(message(numbered(1))))
                .as("nothing is decoded behind it")
                .isEmpty();
    }

    @Test
    void textIsNotSupported() {
        expectFault(MessageFault.TEXT, frame(FIN | TEXT, Bytes.utf8("hi")));
    }

    @Test
    void aFrameWithoutAMaskIsAFault() {
        expectFault(MessageFault.UNMASKED, Bytes.hex("82 01 00"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x40 | BINARY, 0x20 | BINARY, 0x10 | BINARY, 3, 7, 11, 15})
    void reservedBitsAndTypesAreFaults(int head) {
        expectFault(MessageFault.RESERVED, frame(FIN | head, new byte[0]));
    }

    @Test
    void aContinuationOfNothingIsAFault() {
        expectFault(MessageFault.CONTINUATION, frame(FIN | CONTINUATION, numbered(3)));
    }

    @Test
    void aMessageInTheMiddleOfAnotherIsAFault() {
        expectFault(MessageFault.CONTINUATION, Bytes.concat(frame(BINARY, numbered(3)), message(numbered(3))));
    }

    @Test
    void aControlFrameInFragmentsIsAFault() {
        expectFault(MessageFault.CONTROL, frame(PING, new byte[0]));
    }

    @Test
    void aLongControlFrameIsAFault() {
        expectFault(MessageFault.CONTROL, frame(FIN | PING, numbered(126)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "82 fe 00 7d 00000000", // 125 in two bytes
                "82 ff 000000000000ffff 00000000", // 65535 in eight
                "82 ff 8000000000000000 00000000"
            })
    void aLengthThatIsNotInItsShortestFormIsAFault(String hex) {
        expectFault(MessageFault.LENGTH, Bytes.hex(hex));
    }

    @ParameterizedTest
    @ValueSource(strings = {"82 ff 0000000080000000 00000000", "82 ff 7fffffffffffffff 00000000"})
    void aLengthThatNoFrameCanHaveIsAFaultAtOnce(String hex) {
        expectFault(MessageFault.TOO_LARGE, Bytes.hex(hex));
    }

    @Test
    void fragmentsOverTheLimitAreAFaultBeforeTheyAreTaken() {
        fragments.limit(100);
        expectFault(
                MessageFault.TOO_LARGE,
                Bytes.concat(frame(BINARY, numbered(60)), Bytes.hex("80 ff 0000000000100000 00000000")));
        assertThat(held).hasValue(0);
    }

    @Test
    void fragmentsUpToTheLimitAreTaken() {
        fragments.limit(100);
        assertThat(decode(Bytes.concat(frame(BINARY, numbered(60)), frame(FIN, numbered(40)))))
                .isEqualTo(Frame.of(Bytes.concat(numbered(60), numbered(40))));
    }

    /** A stranger's first message has the limit of the first frame. */
    @Test
    void beforeTheFirstMessageFragmentsHaveTheLimitOfTheHandshake() {
        assertThat(decode(frame(BINARY, numbered(1025)))).isEqualTo(FAULT);
        assertThat(decoder.fault()).isEqualTo(MessageFault.TOO_LARGE);
    }

    /** A buffer grows with what came, never by what was announced. */
    @Test
    void whatIsAnnouncedTakesNoMemory() {
        fragments.limit(1 << 24);
        byte[] wire = Bytes.hex("02 ff 0000000000ffffff 00000000 61");
        decode(wire);
        assertThat(held.get()).isBetween(1L, 1_000L);
    }

    @Test
    void aCloseFrameEndsTheDecodingAndTellsItsCode() {
        byte[] wire = Bytes.concat(
                message(numbered(4)),
                net.voltlane.testkit.websocket.ClientFrames.close(3999, "bye \u20ac"),
                message(numbered(4)));
        assertThat(decode(wire)).isEqualTo(Frame.of(numbered(4)));
        assertThat(controls).containsExactly("close 3999");
    }

    @Test
    void aCloseFrameMayBeEmpty() {
        assertThat(decode(frame(FIN | CLOSE, new byte[0]))).isEmpty();
        assertThat(controls).containsExactly("close 1005");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 65_535})
    void aCloseFrameWithACodeThatIsNeverSentIsAFault(int status) {
        expectFault(MessageFault.CLOSE, net.voltlane.testkit.websocket.ClientFrames.close(status, ""));
    }

    @Test
    void aCloseFrameOfOneByteIsAFault() {
        expectFault(MessageFault.CLOSE, frame(FIN | CLOSE, new byte[1]));
    }

    @Test
    void aCloseFrameWhoseTextIsNoUtf8IsAFault() {
        expectFault(MessageFault.CLOSE_TEXT, frame(FIN | CLOSE, Bytes.hex("03 e8 c3 28")));
    }

    @Test
    void bytesThatNoFrameShowsAreCounted() {
        decode(Bytes.concat(frame(FIN | PING, numbered(10)), message(numbered(20)), frame(BINARY, numbered(5))));
        assertThat(decoder.unseenBytes()).isEqualTo(16 + 6 + 5);
        decode(frame(CONTINUATION, numbered(200)));
        assertThat(decoder.unseenBytes()).isEqualTo(8 + 200);
        decode(frame(FIN, numbered(7)));
        assertThat(decoder.unseenBytes()).as("what its frame shows came before").isEqualTo(6 - 205);
    }

    /** A read full of messages in two fragments each is not copied again for each of them. */
    @Test
    void manyMessagesInFragmentsAreTakenInOneBuffer() {
        decode(message(new byte[1]));
        List<byte[]> wire = new ArrayList<>();
        List<byte[]> expected = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            wire.add(Bytes.concat(frame(BINARY, numbered(i % 5)), frame(FIN, numbered(i % 3))));
            expected.add(Frame.of(Bytes.concat(numbered(i % 5), numbered(i % 3))));
        }
        wire.add(message(numbered(9)));
        expected.add(Frame.of(numbered(9)));
        ByteBuf frames = decoder.decode(Bufs.buf(Bytes.concat(wire.toArray(byte[][]::new))));
        assertThat(Bufs.bytes(frames)).isEqualTo(Bytes.concat(expected.toArray(byte[][]::new)));
    }
}
