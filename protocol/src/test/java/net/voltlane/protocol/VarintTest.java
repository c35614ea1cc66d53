package net.voltlane.protocol;

import static net.voltlane.protocol.Bytes.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class VarintTest {

    @ParameterizedTest
    @CsvSource({
        "0, 00",
        "250, FA",
        "251, FBFB00",
        "65535, FBFFFF",
        "65536, FC00000100",
        "4294967295, FCFFFFFFFF",
        "4294967296, FD0000000001000000",
        "9007199254740991, FDFFFFFFFFFFFF1F00",
        "18446744073709551615, FDFFFFFFFFFFFFFFFF",
    })
    void aNumberIsWrittenInItsShortestForm(String number, String bytes) throws Exception {
        long value = Long.parseUnsignedLong(number);

        assertThat(write(value)).isEqualTo(hex(bytes));
        assertThat(Varint.bytes(value)).isEqualTo(hex(bytes).length);
        assertThat(Varint.readU64(littleEndian(hex(bytes)), "number")).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"05", "FB0500", "FC05000000", "FD0500000000000000"})
    void aNumberIsReadInALongerFormToo(String bytes) throws Exception {
        assertThat(Varint.readU64(littleEndian(hex(bytes)), "number")).isEqualTo(5);
    }

    @Test
    void aNarrowNumberMayNotComeInTheWidestFormEvenIfItWouldFit() throws Exception {
        assertThat(Varint.readU32(littleEndian(hex("FCFFFFFFFF")), "number")).isEqualTo(-1);
        assertThatExceptionOfType(MalformedPacketException.class)
                .isThrownBy(() -> Varint.readU32(littleEndian(hex("FD0500000000000000")), "number"));
    }

    @Test
    void readingStopsRightBehindTheNumber() throws Exception {
        ByteBuffer in = littleEndian(hex("FB0100 07"));

        assertThat(Varint.readU64(in, "number")).isEqualTo(1);
        assertThat(in.position()).isEqualTo(3);
    }

    @Test
    void numbersOfEverySizeSurviveARoundTrip() throws Exception {
        long seed = ThreadLocalRandom.current().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            long value = random.nextLong() >>> random.nextInt(Long.SIZE);
            assertThat(Varint.readU64(littleEndian(write(value)), "number"))
                    .as("seed %d", seed)
                    .isEqualTo(value);
        }
    }

    private static byte[] write(long value) {
        ByteBuffer out = littleEndian(new byte[9]);
        Varint.write(out, value);
        byte[] written = new byte[out.flip().remaining()];
        out.get(written);
        return written;
    }

    private static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
