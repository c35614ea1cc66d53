package net.voltlane.protocol;

import static net.voltlane.protocol.Bytes.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cases beyond the vectors: hostile lengths, buffers in unusual states, random bytes, error messages. */
final class HandshakeCodecTest {

    private static final int ROUNDS = 20_000;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "02 FD 00 00 00 00 00 00 00 40", // 2^62
                "02 FD FF FF FF FF FF FF FF FF", // 2^64 - 1, negative as a long
                "02 FD 00 00 00 00 00 00 00 80", // 2^63
                "02 FD 01 00 00 00 01 00 00 00 AA", // 2^32 + 1, which is 1 once cut to an int
                "02 FC FF FF FF 7F", // 2 GiB - 1
                "02 FC FF FF FF FF", // 4 GiB - 1
                "02 FB FF FF 00", // 65535 with one byte there
                "04 02 00", // one more than there is
                "05 FD 00 00 00 00 00 00 00 40",
            })
    void aLengthOverTheBytesThatArrivedIsRefusedBeforeAnythingIsAllocated(String payload) {
        assertThat(refusal(hex(payload))).hasMessageContaining("length is over the");
    }

    @Test
    void errorsTellThePlaceButRepeatNoByteAndHaveNoStackTrace() {
        assertThat(refusal(hex(""))).hasMessage("packet type is cut off (at byte 0)");
        assertThat(refusal(hex("47 45 54"))).hasMessage("unknown packet type (at byte 0)");
        assertThat(refusal(hex("01 FE")))
                .hasMessage("ProtocolVersion starts with a byte that no number starts with (at byte 1)");
        assertThat(refusal(hex("01 FD 02 00 00 00 00 00 00 00")))
                .hasMessage("ProtocolVersion is wider than 32 bits (at byte 1)");
        assertThat(refusal(hex("03 FC 01 02"))).hasMessage("ClientId is cut off (at byte 1)");
        assertThat(refusal(hex("02 05 DE AD"))).hasMessage("PubKey length is over the 2 bytes left (at byte 1)");
        assertThat(refusal(hex("02")).getStackTrace()).isEmpty();
    }

    @Test
    void aVariantThatEqualsAKnownOneInItsLowBitsOnlyIsRefused() {
        refusal(hex("FB 00 01")); // 256
        refusal(hex("FC 02 00 01 00 00"));
        refusal(hex("FC FF FF FF FF"));
    }

    @Test
    void aBufferIsReadFromPositionToLimitWhateverItsByteOrder() throws Exception {
        byte[] payload = hex("03 FD 01 02 03 04 05 06 07 00");
        ByteBuffer buffer = ByteBuffer.allocateDirect(32).order(ByteOrder.BIG_ENDIAN);
        buffer.position(5).put(payload).put((byte) 99).flip().position(5);

        assertThat(HandshakeCodec.decode(buffer)).isEqualTo(new ClientId(0x0007060504030201L));
        assertThat(buffer.remaining()).isZero();
        assertThat(buffer.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
    }

    @Test
    void aRefusedBufferIsConsumedAsWell() {
        ByteBuffer buffer = ByteBuffer.wrap(hex("06 01 02 03"));

        assertThat(catchThrowableOfType(MalformedPacketException.class, () -> HandshakeCodec.decode(buffer)))
                .isNotNull();
        assertThat(buffer.remaining()).isZero();
    }

    @Test
    void aReadOnlyBufferCanBeDecoded() throws Exception {
        assertThat(HandshakeCodec.decode(ByteBuffer.wrap(hex("02 01 07")).asReadOnlyBuffer()))
                .isEqualTo(new PubKey(hex("07")));
    }

    @Test
    void packetsAmongRandomBytesSurviveARoundTripAndOtherBytesAreRefused() throws Exception {
        long seed = ThreadLocalRandom.current().nextLong();
        Random random = new Random(seed);
        int read = 0;
        for (int i = 0; i < ROUNDS; i++) {
            byte[] payload = randomPayload(random);
            String context = "seed " + seed + ", payload " + HexFormat.of().formatHex(payload);
            HandshakePacket packet;
            try {
                packet = HandshakeCodec.decode(payload);
            } catch (MalformedPacketException refused) {
                continue;
            } catch (RuntimeException e) {
                throw new AssertionError(context, e);
            }
            read++;
            assertThat(HandshakeCodec.decode(HandshakeCodec.encode(packet)))
                    .as(context)
                    .isEqualTo(packet);
        }
        assertThat(read).as("seed %d: packets among the random bytes", seed).isBetween(1, ROUNDS - 1);
    }

    /** Returns random bytes of which the first is often a packet type and the second often starts a number. */
    private static byte[] randomPayload(Random random) {
        byte[] payload = new byte[random.nextInt(80)];
        random.nextBytes(payload);
        if (payload.length > 1 && random.nextInt(4) > 0) {
            payload[0] = (byte) random.nextInt(7);
            payload[1] = (byte) (random.nextBoolean() ? random.nextInt(80) : 248 + random.nextInt(8));
        }
        return payload;
    }

    private static MalformedPacketException refusal(byte[] payload) {
        MalformedPacketException refusal =
                catchThrowableOfType(MalformedPacketException.class, () -> HandshakeCodec.decode(payload));
        assertThat(refusal).as(HexFormat.of().formatHex(payload)).isNotNull();
        return refusal;
    }
}
