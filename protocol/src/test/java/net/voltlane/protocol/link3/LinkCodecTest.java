package net.voltlane.protocol.link3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import net.voltlane.protocol.CloseCode;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.MalformedPacketException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every frame of version 3 as literal bytes, in both directions, and what is no frame. */
final class LinkCodecTest {

    private static final String KEY = "a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebf";
    private static final String PARAMETERS = "1400 f7ff7f00 2c010000";
    private static final Parameters TERMS = new Parameters(20, 8_388_599, 300);

    /** A frame, its bytes, and how many of them are needed. */
    static Stream<Arguments> frames() {
        return Stream.of(
                row(new Data(hex("")), "00", 1),
                row(new Data(hex("68656c6c6f")), "00 68656c6c6f", 1),
                row(new Ack(0), "01 0000000000000000", 9),
                row(new Ack(0x0102030405L), "01 0504030201000000", 9),
                row(new Ack(Limits.MAX_COUNT), "01 ffffffffffff1f00", 9),
                row(new Ping(hex("")), "02", 1),
                row(new Ping(hex("000102030405060708090a0b0c0d0e0f")), "02 000102030405060708090a0b0c0d0e0f", 1),
                row(new Pong(hex("")), "03", 1),
                row(new Pong(hex("ff")), "03 ff", 1),
                row(new Leave(), "04", 1),
                row(new Close(1, 0, ""), "05 0100 00000000 0000", 9),
                row(new Close(65535, 4294967295L, "für"), "05 ffff ffffffff 0400 66c3bc72", 13),
                row(new GoAway(0), "06 00000000", 5),
                row(new GoAway(30_000), "06 30750000", 5),
                row(new GoAway(4294967295L), "06 ffffffff", 5),
                row(new GoAway(1000, "b:42"), "06 e8030000 0400 623a3432", 5),
                row(new Open(hex(KEY), 0, hex("")), "10" + KEY + "0000 0000", 37),
                row(new Open(hex(KEY), 30, hex("746f6b656e")), "10" + KEY + "1e00 0500 746f6b656e", 42),
                row(new Opened(hex(KEY), -2, TERMS), "11" + KEY + "feffffffffffffff" + PARAMETERS, 51),
                row(
                        new Resume(7, 8, 9, hex(KEY), 65535),
                        "12 0700000000000000 0800000000000000 0900000000000000" + KEY + "ffff",
                        59),
                row(new Challenge(hex(KEY)), "13" + KEY, 33),
                row(new Answer(hex(KEY)), "14" + KEY, 33),
                row(new Resumed(hex(KEY), 259, TERMS), "15" + KEY + "0301000000000000" + PARAMETERS, 51));
    }

    @ParameterizedTest
    @MethodSource("frames")
    void aFrameBecomesItsBytes(LinkFrame frame, byte[] payload, int needed) {
        assertThat(LinkCodec.encode(frame)).isEqualTo(payload);
        byte[] whole = LinkCodec.frame(frame);
        assertThat(ByteBuffer.wrap(whole)
                        .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                        .getInt())
                .isEqualTo(payload.length);
        assertThat(Arrays.copyOfRange(whole, 4, whole.length)).isEqualTo(payload);
    }

    @ParameterizedTest
    @MethodSource("frames")
    void theBytesBecomeTheFrame(LinkFrame frame, byte[] payload, int needed) throws Exception {
        assertThat(LinkCodec.decode(payload)).isEqualTo(frame).hasSameHashCodeAs(frame);
        ByteBuffer inside = ByteBuffer.allocate(payload.length + 8).position(3).put(payload);
        inside.flip().position(3);
        assertThat(LinkCodec.decode(inside)).isEqualTo(frame);
        assertThat(inside.remaining()).isZero();
    }

    @ParameterizedTest
    @MethodSource("frames")
    void aFrameThatIsCutOffAnywhereIsMalformed(LinkFrame frame, byte[] payload, int needed) {
        for (int length = 0; length < needed; length++) {
            refuses(Arrays.copyOf(payload, length));
        }
    }

    @ParameterizedTest
    @MethodSource("frames")
    void bytesBehindTheFieldsAreIgnored(LinkFrame frame, byte[] payload, int needed) throws Exception {
        boolean takesAll = frame instanceof Data || frame instanceof Ping || frame instanceof Pong;
        LinkFrame longer = LinkCodec.decode(Arrays.copyOf(payload, payload.length + (takesAll ? 0 : 3)));
        assertThat(longer).isEqualTo(frame);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "01 0000000000002000",
                "01 ffffffffffffffff",
                "12 0700000000000000 0000000000002000 0100000000000000" + KEY + "0000",
                "12 0700000000000000 0000000000000000 0000000000000080" + KEY + "0000",
                "15" + KEY + "0000000000002000" + PARAMETERS
            })
    void aCountOf2To53OrMoreIsMalformed(String digits) {
        refuses(hex(digits));
    }

    @Test
    void aPingOrPongOfOver16BytesIsMalformed() throws Exception {
        assertThat(LinkCodec.decode(new byte[] {2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}))
                .isEqualTo(new Ping(new byte[16]));
        byte[] longer = new byte[18];
        longer[0] = 2;
        refuses(longer);
        longer[0] = 3;
        refuses(longer);
    }

    @Test
    void credentialsOf4096BytesAreTheLongest() throws Exception {
        byte[] longest = LinkCodec.encode(new Open(hex(KEY), 0, new byte[4096]));
        assertThat(LinkCodec.decode(longest)).isEqualTo(new Open(hex(KEY), 0, new byte[4096]));
        assertThat(longest.length).isLessThan(Limits.MAX_CONTROL_FRAME_BYTES);
        byte[] longer = Arrays.copyOf(longest, longest.length + 1);
        longer[35]++; // 4097
        refuses(longer);
    }

    @Test
    void unknownTypesAreSkippedFrom40OnAndMalformedBelow() throws Exception {
        for (int type = 0; type <= 0xFF; type++) {
            byte[] payload = {(byte) type, 1, 2};
            boolean known = type <= 0x06 || type >= 0x10 && type <= 0x15;
            assertThat(FrameType.isSkippable(type)).as("%02x", type).isEqualTo(type >= 0x40);
            assertThat(FrameType.isFromClient(type) || FrameType.isFromServer(type))
                    .as("%02x", type)
                    .isEqualTo(known);
            if (type >= 0x40) {
                assertThat(LinkCodec.decode(payload)).isNull();
            } else if (!known) {
                refuses(payload);
            }
        }
        assertThat(FrameType.isSkippable(0x100)).isFalse();
        assertThat(FrameType.isSkippable(-1)).isFalse();
    }

    @Test
    void eachSideSendsItsTypes() {
        assertThat(sentBy(true)).isEqualTo("00 01 02 04 10 12 14");
        assertThat(sentBy(false)).isEqualTo("00 01 03 05 06 11 13 15");
    }

    @Test
    void valuesThatDoNotFitAreNotEncoded() {
        refusesToEncode(new Ack(-1));
        refusesToEncode(new Ack(1L << 53));
        refusesToEncode(new Ping(new byte[17]));
        refusesToEncode(new Pong(new byte[17]));
        refusesToEncode(new Close(65536, 0, ""));
        refusesToEncode(new Close(-1, 0, ""));
        refusesToEncode(new Close(1, 1L << 32, ""));
        refusesToEncode(new Close(1, 0, "x".repeat(65536)));
        refusesToEncode(new GoAway(-1));
        refusesToEncode(new Open(new byte[31], 0, hex("")));
        refusesToEncode(new Open(new byte[33], 0, hex("")));
        refusesToEncode(new Open(new byte[32], 65536, hex("")));
        refusesToEncode(new Open(new byte[32], 0, new byte[4097]));
        refusesToEncode(new Resume(0, -1, 0, new byte[32], 0));
        refusesToEncode(new Resume(0, 0, -1, new byte[32], 0));
        refusesToEncode(new Opened(new byte[32], 1, new Parameters(0, 0, 1L << 32)));
        refusesToEncode(new Resumed(new byte[32], 1L << 53, TERMS));
    }

    @Test
    void textThatIsNoUtf8IsReadNevertheless() throws Exception {
        assertThat(LinkCodec.decode(hex("05 0100 00000000 0200 ff41"))).isEqualTo(new Close(1, 0, "\uFFFDA"));
    }

    @Test
    void aProofCoversAllThatFollowsIt() throws Exception {
        byte[] payload = hex("15" + KEY + "0301000000000000" + PARAMETERS);
        assertThat(LinkCodec.behindProof(259, TERMS)).isEqualTo(hex("0301000000000000" + PARAMETERS));
        assertThat(LinkCodec.behindProof(payload)).isEqualTo(hex("0301000000000000" + PARAMETERS));
        assertThat(LinkCodec.behindProof(Arrays.copyOf(payload, payload.length + 1)))
                .isEqualTo(hex("0301000000000000" + PARAMETERS + "00"));
        assertThatExceptionOfType(MalformedPacketException.class).isThrownBy(() -> LinkCodec.behindProof(new byte[32]));
    }

    @Test
    void closeCodesAreKnownOrNot() {
        assertThat(new Close(12, 0, "").known()).isEqualTo(CloseCode.TAKEN_OVER);
        assertThat(new Close(18, 0, "").known()).isNull();
    }

    @Test
    void framesShowNoneOfTheirBytes() {
        assertThat(new Data(new byte[3])).hasToString("Data[payload=3 bytes]");
        assertThat(new Open(hex(KEY), 5, new byte[9]))
                .hasToString("Open[key=32 bytes, heartbeatSecs=5, credentials=9 bytes]");
        assertThat(new Resume(-1, 2, 3, hex(KEY), 5))
                .hasToString("Resume[id=18446744073709551615, received=2, kept=3, nonce=32 bytes, heartbeatSecs=5]");
        assertThat(new Answer(hex(KEY))).hasToString("Answer[proof=32 bytes]");
        assertThat(new Challenge(hex(KEY))).hasToString("Challenge[nonce=32 bytes]");
        assertThat(new Ping(hex("01"))).hasToString("Ping[bytes=1 bytes]");
        assertThat(new Opened(hex(KEY), -1, TERMS).toString())
                .startsWith("Opened[serverKey=32 bytes, id=18446744073709551615, parameters=");
        assertThat(new Resumed(hex(KEY), 1, TERMS).toString()).startsWith("Resumed[proof=32 bytes, accepted=1, ");
    }

    private static String sentBy(boolean client) {
        StringBuilder types = new StringBuilder();
        for (int type = 0; type <= 0xFF; type++) {
            if (client ? FrameType.isFromClient(type) : FrameType.isFromServer(type)) {
                types.append("%02x ".formatted(type));
            }
        }
        return types.toString().strip();
    }

    private static Arguments row(LinkFrame frame, String digits, int needed) {
        return Arguments.of(frame, hex(digits), needed);
    }

    private static void refuses(byte[] payload) {
        ByteBuffer buffer = ByteBuffer.wrap(payload);
        assertThatExceptionOfType(MalformedPacketException.class)
                .as("payload %s", HexFormat.of().formatHex(payload))
                .isThrownBy(() -> LinkCodec.decode(buffer));
        assertThat(buffer.remaining()).isZero();
    }

    private static void refusesToEncode(LinkFrame frame) {
        assertThatIllegalArgumentException().as(frame.toString()).isThrownBy(() -> LinkCodec.encode(frame));
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }
}
