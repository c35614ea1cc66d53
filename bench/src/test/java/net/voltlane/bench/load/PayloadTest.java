package net.voltlane.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadTest {

    private static final int CLIENTS = 300;

    private static byte[] message(int size, int client, int sequence) {
        byte[] out = new byte[size];
        new Payload(size, CLIENTS).write(out, 0, client, sequence);
        return out;
    }

    private static int check(byte[] message, int size, int client, int expected) {
        return new Payload(size, CLIENTS).check(message, 0, message.length, client, expected);
    }

    @Test
    void theHeaderIsSequenceThenClientLittleEndian() {
        assertThat(Arrays.copyOf(message(64, 0x0102, 0x0A0B0C0D), 8))
                .containsExactly(0x0D, 0x0C, 0x0B, 0x0A, 0x02, 0x01, 0, 0);
        assertThat(message(4, 0x0102, 0x0A0B)).containsExactly(0x0B, 0x0A, 0x02, 0x01);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 7, 8, 9, 64, 5000})
    void theMessageThatIsNextIsRight(int size) {
        assertThat(check(message(size, 7, 41), size, 7, 41)).isZero();
        assertThat(check(message(size, 7, -1), size, 7, -1))
                .as("numbers wrap around")
                .isZero();
        assertThat(check(message(size, 7, 0), size, 7, 0)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 7, 8, 9, 64, 5000})
    void anotherOrderIsSeen(int size) {
        assertThat(check(message(size, 7, 44), size, 7, 41))
                .as("three left out")
                .isEqualTo(3);
        assertThat(check(message(size, 7, 40), size, 7, 41))
                .as("one that came before")
                .isEqualTo(-1);
        assertThat(check(message(size, 7, 0), size, 7, -1)).as("over the edge").isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 7, 8, 9, 64, 5000})
    void anotherClientsMessageIsSeen(int size) {
        assertThat(check(message(size, 8, 41), size, 7, 41)).isEqualTo(Payload.MISROUTED);
        assertThat(check(message(size, 8, 17), size, 7, 41)).isEqualTo(Payload.MISROUTED);
    }

    @ParameterizedTest
    @ValueSource(ints = {9, 64, 300})
    void everyBitOfTheFillerIsChecked(int size) {
        for (int bit = 64; bit < size * 8; bit++) {
            byte[] message = message(size, 7, 41);
            message[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(check(message, size, 7, 41)).as("bit %d", bit).isEqualTo(Payload.CORRUPTED);
        }
    }

    @Test
    void noBitOfTheHeaderCanChangeUnnoticed() {
        for (int bit = 0; bit < 64; bit++) {
            byte[] message = message(64, 7, 41);
            message[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(check(message, 64, 7, 41)).as("bit %d", bit).isNotZero();
        }
    }

    @Test
    void anotherLengthIsSeen() {
        assertThat(check(Arrays.copyOf(message(64, 7, 41), 63), 64, 7, 41)).isEqualTo(Payload.CORRUPTED);
        assertThat(check(Arrays.copyOf(message(64, 7, 41), 65), 64, 7, 41)).isEqualTo(Payload.CORRUPTED);
        assertThat(check(new byte[0], 64, 7, 41)).isEqualTo(Payload.CORRUPTED);
    }

    @Test
    void aSenderThatDoesNotExistIsRubbish() {
        assertThat(check(message(64, CLIENTS, 41), 64, 7, 41)).isEqualTo(Payload.CORRUPTED);
        assertThat(check(message(64, -1, 41), 64, 7, 41)).isEqualTo(Payload.CORRUPTED);
    }
}
