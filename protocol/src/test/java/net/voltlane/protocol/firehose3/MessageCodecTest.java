package net.voltlane.protocol.firehose3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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

/** Every packet of firehose 3 as literal bytes, in both directions, and what is no packet. */
final class MessageCodecTest {

    private static final int TAG = 9;
    private static final String LINK = "0000000000000000";
    private static final String ID = "feffffffffffffff";
    private static final String ME = "00112233445566778899aabbccddeeff";
    private static final String YOU = "0f0e0d0c0b0a09080706050403020100";
    private static final String NONE = "00000000000000000000000000000000";
    private static final String COUNT = "0201000000000000";
    private static final String MAP = "0200 0600 72656d6f7465 0700 312e323a333030 0000 0000";
    private static final Attributes SOME =
            Attributes.EMPTY.with(Attributes.REMOTE, "1.2:300").with("", new byte[0]);

    /** A packet, who sends it (s, b, or both), its bytes behind the frame's length, and how many of them are needed. */
    static Stream<Arguments> packets() {
        return Stream.concat(packetsOfLinks(), packetsOfSessions());
    }

    private static Stream<Arguments> packetsOfLinks() {
        return Stream.of(
                row(
                        new Hello(3, hex(ME), hex(NONE), 0, Attributes.EMPTY),
                        "s",
                        LINK + "10 0300" + ME + NONE + LINK + "0000",
                        53),
                row(
                        new Hello(3, hex(ME), hex(YOU), 258, SOME),
                        "s",
                        LINK + "10 0300" + ME + YOU + "0201000000000000" + MAP,
                        74),
                row(
                        new Welcome(3, hex(YOU), 258, 3, Attributes.EMPTY),
                        "b",
                        LINK + "11 0300" + YOU + "0201000000000000 0300 0000",
                        39),
                row(new Welcome(4, hex(YOU), 0, 65535, SOME), "b", LINK + "11 0400" + YOU + LINK + "ffff" + MAP, 60),
                row(new Ack(Limits.MAX_COUNT), "sb", LINK + "12 ffffffffffff1f00", 17),
                row(new Ping(hex("")), "sb", LINK + "13", 9),
                row(new Ping(new byte[16]), "sb", LINK + "13" + NONE, 9),
                row(new Pong(hex("01")), "sb", LINK + "14 01", 9));
    }

    private static Stream<Arguments> packetsOfSessions() {
        return Stream.of(
                row(new Data(hex("")), "sb", ID + "00", 9),
                row(new Data(hex("68656c6c6f")), "sb", ID + "00 68656c6c6f", 9),
                row(
                        new Ended(10, 3, 2, "Server stopping"),
                        "s",
                        ID + "01 0a00 0300000000000000 0200000000000000 0f00 53657276657220 73746f7070696e67",
                        44),
                row(new Kick(""), "b", ID + "02", 9),
                row(new Kick("für"), "b", ID + "02 0400 66c3bc72", 15),
                row(new Resumed(false, "1.2:300"), "s", ID + "03 00 0700 312e323a333030", 19),
                row(new Resumed(true, ""), "s", ID + "03 01 0000", 12),
                row(
                        new Opened(false, false, false, 1, 1, Attributes.EMPTY),
                        "s",
                        ID + "04 00" + one() + one() + "0000",
                        28),
                row(new Opened(true, false, false, 1, 258, SOME), "s", ID + "04 01" + one() + COUNT + MAP, 49),
                row(new Opened(false, true, false, 1, 1, SOME), "s", ID + "04 02" + one() + one() + MAP, 49),
                row(new Opened(false, false, true, 1, 1, SOME), "s", ID + "04 04" + one() + one() + MAP, 49),
                row(new Suspended("reset"), "s", ID + "05 0500 7265736574", 16),
                row(new Delivered(258), "s", ID + "06 0201000000000000", 17),
                row(new Position(258), "b", ID + "07 0201000000000000", 17),
                row(new Slow(258), "s", ID + "08 0201000000000000", 17),
                row(new Position(2, 258), "b", ID + "07 0200000000000000 0201000000000000", 17),
                row(new Position(2, 258, 3), "b", ID + "07 0200000000000000 0201000000000000 0300000000000000", 17),
                row(new Ready(258), "s", ID + "09 0201000000000000", 17),
                row(new Elsewhere(258), "b", ID + "0a 0201000000000000", 17),
                row(new Gap(), "b", ID + "0b", 9));
    }

    @ParameterizedTest
    @MethodSource("packets")
    void aPacketBecomesItsBytes(FirehoseMessage message, String senders, byte[] packet, int needed) {
        byte[] frame = MessageCodec.frame(id(packet), message);
        assertThat(ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN).getInt())
                .isEqualTo(packet.length);
        assertThat(Arrays.copyOfRange(frame, 4, frame.length)).isEqualTo(packet);
    }

    @ParameterizedTest
    @MethodSource("packets")
    void theBytesBecomeThePacketIfTheRightSideSentThem(
            FirehoseMessage message, String senders, byte[] packet, int needed) throws Exception {
        for (boolean fromServer : new boolean[] {true, false}) {
            boolean right = senders.contains(fromServer ? "s" : "b");
            assertThat(decode(packet, fromServer)).isEqualTo(right ? message : null);
        }
        assertThat(decode(packet, senders.contains("s"))).hasSameHashCodeAs(message);
    }

    @ParameterizedTest
    @MethodSource("packets")
    void aPacketThatIsCutOffAnywhereIsSkipped(FirehoseMessage message, String senders, byte[] packet, int needed)
            throws Exception {
        for (int length = TAG; length < needed; length++) {
            byte[] cut = Arrays.copyOf(packet, length);
            FirehoseMessage decoded = decode(cut, senders.contains("s"));
            if (!(message instanceof Kick) || length > TAG) { // its text may be missing
                assertThat(decoded).as("%d bytes", length).isNull();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("packets")
    void bytesBehindTheFieldsAreIgnored(FirehoseMessage message, String senders, byte[] packet, int needed)
            throws Exception {
        boolean takesAll = message instanceof Data || message instanceof Ping || message instanceof Pong;
        boolean isBare = message.equals(new Kick(""));
        byte[] longer = Arrays.copyOf(packet, packet.length + (takesAll || isBare ? 0 : 3));
        assertThat(decode(longer, senders.contains("s"))).isEqualTo(message);
    }

    @ParameterizedTest
    @MethodSource("packets")
    void aPacketAboutTheLinkHasTheId0AndNoOtherHasIt(FirehoseMessage message, String senders, byte[] packet, int needed)
            throws Exception {
        long wrong = id(packet) == 0 ? 1 : 0;
        ByteBuffer.wrap(packet).putLong(0, wrong);
        assertThat(decode(packet, senders.contains("s"))).isNull();
        assertThatIllegalArgumentException().isThrownBy(() -> MessageCodec.frame(wrong, message));
    }

    @Test
    void unknownFlagsAreSkipped() throws Exception {
        for (int flag = 0; flag <= 0xFF; flag++) {
            boolean known = flag <= 0x0B || flag >= 0x10 && flag <= 0x14;
            assertThat(MessageFlag.isFromServer(flag) || MessageFlag.isFromBackend(flag))
                    .as("%02x", flag)
                    .isEqualTo(known);
            if (!known) {
                for (long id : new long[] {0, 1}) {
                    assertThat(MessageCodec.decode(id, flag, ByteBuffer.allocate(99), true))
                            .isNull();
                    assertThat(MessageCodec.decode(id, flag, ByteBuffer.allocate(99), false))
                            .isNull();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s" + LINK + "10 0300" + ME + NONE + "0000000000002000 0000",
                "b" + LINK + "11 0300" + YOU + "0000000000002000 0300 0000",
                "s" + LINK + "12 0000000000002000",
                "b" + LINK + "12 ffffffffffffffff",
                "s" + ID + "01 0a00 0000000000002000 0200000000000000 0000",
                "s" + ID + "01 0a00 0200000000000000 0000000000002000 0000",
                "s" + ID + "04 00 0000000000002000 0100000000000000 0000",
                "s" + ID + "04 00 0100000000000000 0000000000002000 0000",
                "s" + ID + "06 0000000000002000",
                "b" + ID + "07 0000000000002000",
                "b" + ID + "07 0000000000000000 0000000000002000",
                "s" + ID + "08 0000000000002000",
                "s" + ID + "09 0000000000002000",
                "b" + ID + "0a 0000000000002000"
            })
    void aCountOf2To53OrMoreIsMalformed(String digits) {
        byte[] packet = hex(digits.substring(1));
        assertThatExceptionOfType(MalformedPacketException.class)
                .isThrownBy(() -> decode(packet, digits.startsWith("s")));
    }

    @Test
    void aBackendWithoutANameIsMalformed() {
        byte[] packet = hex(LINK + "11 0300" + NONE + "0000000000000000 0300 0000");
        assertThatExceptionOfType(MalformedPacketException.class).isThrownBy(() -> decode(packet, false));
    }

    @Test
    void aPingOrPongOfOver16BytesIsSkipped() throws Exception {
        assertThat(decode(hex(LINK + "13" + NONE + "00"), true)).isNull();
        assertThat(decode(hex(LINK + "14" + NONE + "00"), false)).isNull();
    }

    @Test
    void aKicksTextIsCutAtTheEndOfACharacter() throws Exception {
        byte[] packet = hex(ID + "02 0304" + "61".repeat(1023) + "c3bc" + "6262");
        assertThat(packet.length).isEqualTo(TAG + 2 + 1027);
        assertThat(decode(packet, false)).isEqualTo(new Kick("a".repeat(1023)));
        byte[] full = hex(ID + "02 0304" + "61".repeat(1022) + "c3bc" + "626262");
        assertThat(decode(full, false)).isEqualTo(new Kick("a".repeat(1022) + "ü"));
        assertThat(decode(hex(ID + "02 0004" + "61".repeat(1024)), false)).isEqualTo(new Kick("a".repeat(1024)));
        assertThat(decode(hex(ID + "02 0104" + "80".repeat(1025)), false)).isEqualTo(new Kick(""));
    }

    @Test
    void anyByteBut0IsATakeover() throws Exception {
        assertThat(decode(hex(ID + "03 80 0000"), true)).isEqualTo(new Resumed(true, ""));
    }

    @Test
    void unknownFlagsOfOpenedAreIgnored() throws Exception {
        assertThat(decode(hex(ID + "04 fd" + one() + one() + "0000"), true))
                .isEqualTo(new Opened(true, false, true, 1, 1, Attributes.EMPTY));
    }

    @Test
    void aMapWithFewerEntriesThanItClaimsIsTooShort() throws Exception {
        assertThat(decode(hex(ID + "04 00" + one() + one() + "ffff 0100 61 0000"), true))
                .isNull();
        assertThat(decode(hex(ID + "04 00" + one() + one() + "0100 ffff 61"), true))
                .isNull();
        assertThat(decode(hex(ID + "04 00" + one() + one() + "0100 0100 61 ffff 00"), true))
                .isNull();
    }

    @Test
    void theLaterOfTwoEqualNamesCounts() throws Exception {
        Opened opened = (Opened)
                decode(hex(ID + "04 00" + one() + one() + "0300 0100 61 0100 31 0100 62 0000 0100 61 0100 32"), true);
        assertThat(opened.attributes().text("a")).isEqualTo("2");
        assertThat(opened.attributes().names()).containsExactly("a", "b");
    }

    @Test
    void valuesThatDoNotFitAreNotEncoded() {
        refusesToEncode(0, new Hello(3, new byte[15], new byte[16], 0, Attributes.EMPTY));
        refusesToEncode(0, new Hello(3, new byte[16], new byte[17], 0, Attributes.EMPTY));
        refusesToEncode(0, new Hello(-1, new byte[16], new byte[16], 0, Attributes.EMPTY));
        refusesToEncode(0, new Welcome(3, new byte[16], 0, 0, Attributes.EMPTY));
        refusesToEncode(0, new Welcome(3, hex(ME), 0, 65536, Attributes.EMPTY));
        refusesToEncode(0, new Ack(1L << 53));
        refusesToEncode(0, new Ping(new byte[17]));
        refusesToEncode(0, new Pong(new byte[17]));
        refusesToEncode(1, new Kick("a".repeat(1025)));
        refusesToEncode(1, new Delivered(-1));
        refusesToEncode(1, new Ended(65536, 0, 0, ""));
        refusesToEncode(1, new Opened(false, false, false, 1, 1, Attributes.EMPTY.with("a", new byte[65536])));
    }

    @Test
    void wishesAndInstancesAreReadable() {
        assertThat(new Welcome(3, hex(ME), 0, 1, Attributes.EMPTY).wishesDelivered())
                .isTrue();
        assertThat(new Welcome(3, hex(ME), 0, 1, Attributes.EMPTY).wishesSlow()).isFalse();
        assertThat(new Welcome(3, hex(ME), 0, 0xFFFE, Attributes.EMPTY).wishesDelivered())
                .isFalse();
        assertThat(new Welcome(3, hex(ME), 0, 0xFFFE, Attributes.EMPTY).wishesSlow())
                .isTrue();
        assertThat(new Hello(3, hex(ME), hex(NONE), 0, Attributes.EMPTY).isFirst())
                .isTrue();
        assertThat(new Hello(3, hex(ME), hex(YOU), 0, Attributes.EMPTY).isFirst())
                .isFalse();
        assertThat(new Ended(3, 0, 0, "").known()).isEqualTo(CloseCode.GAP);
        assertThat(new Ended(99, 0, 0, "").known()).isNull();
    }

    @Test
    void packetsShowNothingSecret() {
        Attributes secret =
                Attributes.EMPTY.with(Attributes.CREDENTIALS, "token").with("x", "yz");
        assertThat(secret).hasToString("Attributes[credentials=5 bytes, x=2 bytes]");
        assertThat(new Opened(true, false, false, 1, 2, secret).toString()).doesNotContain("token");
        assertThat(new Data(hex("61"))).hasToString("Data[payload=1 bytes]");
        assertThat(new Hello(3, hex(ME), hex(NONE), 5, secret))
                .hasToString("Hello[version=3, server=" + ME + ", backend=" + NONE + ", received=5, attributes="
                        + secret + "]");
    }

    @Test
    void anOlderBackendDoesNotTellItsNextNumber() throws Exception {
        Position older = (Position) decode(hex(ID + "07 0201000000000000"), false);
        assertThat(older.isNextKnown()).isFalse();
        assertThat(decode(hex(ID + "07 0201000000000000 01000000000000"), false))
                .isEqualTo(older);
        assertThat(new Position(0, 1).isNextKnown()).isTrue();
        assertThat(new Position(0, 1).answers(7)).isTrue();
        assertThat(new Position(0, 1, 7).answers(7)).isTrue();
        assertThat(new Position(0, 1, 6).answers(7)).isFalse();
    }

    @Test
    void theWishToAdoptIsTheThirdBit() {
        assertThat(new Welcome(3, hex(ME), 0, 4, Attributes.EMPTY).wishesAdoption())
                .isTrue();
        assertThat(new Welcome(3, hex(ME), 0, 0xFFFB, Attributes.EMPTY).wishesAdoption())
                .isFalse();
    }

    private static FirehoseMessage decode(byte[] packet, boolean fromServer) throws MalformedPacketException {
        ByteBuffer data = ByteBuffer.wrap(packet).position(TAG);
        try {
            return MessageCodec.decode(id(packet), packet[8] & 0xFF, data, fromServer);
        } finally {
            assertThat(data.remaining()).isZero();
        }
    }

    private static long id(byte[] packet) {
        return ByteBuffer.wrap(packet).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    private static void refusesToEncode(long id, FirehoseMessage message) {
        assertThatIllegalArgumentException().as(message.toString()).isThrownBy(() -> MessageCodec.frame(id, message));
    }

    private static Arguments row(FirehoseMessage message, String senders, String digits, int needed) {
        return Arguments.of(message, senders, hex(digits), needed);
    }

    private static String one() {
        return "0100000000000000";
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }
}
