package net.voltlane.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

final class SecretBoxTest {

    private final SecureRandom random = new SecureRandom();
    private final byte[] key = bytes(32);

    @Test
    void aSealedTextOfAnyLengthIsOpened() {
        for (int length = 0; length < 300; length++) {
            byte[] text = bytes(length);
            byte[] box = SecretBox.seal(key, text, random);

            assertThat(box).hasSize(length + SecretBox.OVERHEAD_BYTES);
            assertThat(SecretBox.open(key, box)).isEqualTo(text);
        }
    }

    @Test
    void theSameTextIsSealedDifferentlyEachTime() {
        byte[] text = bytes(32);

        assertThat(SecretBox.seal(key, text, random)).isNotEqualTo(SecretBox.seal(key, text, random));
    }

    @Test
    void aBoxWithAnyBitChangedDoesNotOpen() {
        byte[] box = SecretBox.seal(key, bytes(32), random);
        for (int bit = 0; bit < box.length * Byte.SIZE; bit++) {
            byte[] changed = box.clone();
            changed[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            assertThat(SecretBox.open(key, changed)).as("bit %d", bit).isNull();
        }
    }

    @Test
    void aBoxThatIsCutOrPaddedDoesNotOpen() {
        byte[] box = SecretBox.seal(key, bytes(32), random);
        for (int length = 0; length < box.length; length++) {
            assertThat(SecretBox.open(key, Arrays.copyOf(box, length)))
                    .as("first %d", length)
                    .isNull();
            assertThat(SecretBox.open(key, Arrays.copyOfRange(box, box.length - length, box.length)))
                    .as("last %d", length)
                    .isNull();
        }
        assertThat(SecretBox.open(key, Arrays.copyOf(box, box.length + 1))).isNull();
    }

    @Test
    void aBoxOfAnotherKeyDoesNotOpen() {
        assertThat(SecretBox.open(bytes(32), SecretBox.seal(key, bytes(32), random)))
                .isNull();
    }

    @Test
    void randomBytesDoNotOpenAndNeverThrow() {
        long seed = ThreadLocalRandom.current().nextLong();
        Random source = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            byte[] box = new byte[source.nextInt(120)];
            source.nextBytes(box);
            assertThat(SecretBox.open(key, box))
                    .as("seed %d, box %s", seed, HexFormat.of().formatHex(box))
                    .isNull();
        }
    }

    @Test
    void aKeyOfAnotherLengthIsOurOwnMistakeAndSaidLoudly() {
        byte[] box = SecretBox.seal(key, bytes(1), random);

        assertThatIllegalArgumentException().isThrownBy(() -> SecretBox.open(bytes(31), box));
        assertThatIllegalArgumentException().isThrownBy(() -> SecretBox.open(bytes(33), new byte[0]));
        assertThatIllegalArgumentException().isThrownBy(() -> SecretBox.seal(bytes(16), bytes(1), random));
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
