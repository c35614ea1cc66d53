package net.voltlane.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The contents that a server gives to a store, and its reading of whatever it gets back. */
final class RecordCodecTest {
    private static final long ID = 0x1F_FFFF_FFFF_FFFFL;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final byte[] CLIENT_KEY = filled(32, 1);
    private static final byte[] SESSION_KEY = filled(32, 2);
    private static final byte[] CREDENTIALS = "alice".getBytes(StandardCharsets.UTF_8);
    private static final SessionSecrets ALL =
            new SessionSecrets(3, CLIENT_KEY, SESSION_KEY, CREDENTIALS, Map.of("color", new byte[] {7}));

    private final RecordSeal seal = RecordSeal.ofRecords(filled(32, 9), RANDOM);
    private final RecordCodec codec = new RecordCodec(seal);

    @Test
    void everythingComesBackAsItWas() throws Exception {
        SessionSecrets opened = codec.open(ID, codec.seal(ID, ALL));
        assertThat(opened.clientProtocol()).isEqualTo(3);
        assertThat(opened.clientKey()).isEqualTo(CLIENT_KEY);
        assertThat(opened.sessionKey()).isEqualTo(SESSION_KEY);
        assertThat(opened.credentials()).isEqualTo(CREDENTIALS);
        assertThat(opened.attributes()).containsOnlyKeys("color");
        assertThat(opened.attributes().get("color")).containsExactly(7);
    }

    @Test
    void whatThereIsNotComesBackAsNull() throws Exception {
        SessionSecrets opened = codec.open(ID, codec.seal(ID, new SessionSecrets(2, new byte[91], null, null)));
        assertThat(opened.clientProtocol()).isEqualTo(2);
        assertThat(opened.clientKey()).isEqualTo(new byte[91]);
        assertThat(opened.sessionKey()).isNull();
        assertThat(opened.credentials()).isNull();
        assertThat(opened.attributes()).isEmpty();
    }

    @Test
    void theBytesInsideAreThoseOfTheFormat() throws Exception {
        SessionSecrets secrets = new SessionSecrets(3, new byte[] {1, 2}, null, new byte[] {3});
        assertThat(hex(seal.open(ID, codec.seal(ID, secrets))))
                .isEqualTo("01" + "03" + "02000102" + "0000" + "010003" + "0000");
        byte[] withAttribute = seal.open(ID, codec.seal(ID, ALL));
        assertThat(hex(withAttribute))
                .endsWith("0100" + "0500" + hex("color".getBytes(StandardCharsets.UTF_8)) + "010007");
    }

    @Test
    void bytesOfALaterVersionBehindItAreSkipped() throws Exception {
        byte[] content = HexFormat.of().parseHex("01" + "03" + "02000102" + "0000" + "0000" + "0000" + "ffff");
        assertThat(codec.open(ID, seal.seal(ID, content)).clientKey()).containsExactly(1, 2);
    }

    @Test
    void theSameSecretsNeverLookTheSame() {
        assertThat(codec.seal(ID, ALL)).isNotEqualTo(codec.seal(ID, ALL));
    }

    @Test
    void anotherKeyOpensNothing() {
        byte[] sealed = codec.seal(ID, ALL);
        RecordCodec other = new RecordCodec(RecordSeal.ofRecords(filled(32, 8), RANDOM));
        assertUnreadable(() -> other.open(ID, sealed), "another key");
        RecordSeal handOvers = RecordSeal.ofHandOvers(filled(32, 9), RANDOM);
        assertUnreadable(() -> handOvers.open(ID, sealed), "another key");
    }

    @Test
    void theSameSecretOpensItInAnotherProcess() throws Exception {
        RecordCodec next = new RecordCodec(RecordSeal.ofRecords(filled(32, 9), RANDOM));
        assertThat(next.open(ID, codec.seal(ID, ALL)).clientKey()).isEqualTo(CLIENT_KEY);
    }

    @Test
    void aRecordIsOfNoUseForAnotherSession() {
        byte[] sealed = codec.seal(ID, ALL);
        assertUnreadable(() -> codec.open(ID - 1, sealed), "another session");
    }

    @Test
    void noBitCanBeFlipped() {
        byte[] sealed = codec.seal(ID, ALL);
        for (int bit = 0; bit < sealed.length * 8; bit++) {
            byte[] changed = sealed.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertUnreadable(() -> codec.open(ID, changed), "it was changed");
        }
    }

    @Test
    void nothingCanBeCutOffOrAdded() {
        byte[] sealed = codec.seal(ID, ALL);
        for (int length = 0; length <= sealed.length + 1; length++) {
            if (length != sealed.length) {
                byte[] changed = Arrays.copyOf(sealed, length);
                assertUnreadable(() -> codec.open(ID, changed), "it ");
            }
        }
    }

    @Test
    void contentThatEndsEarlyIsRefused() throws Exception {
        byte[] content = seal.open(ID, codec.seal(ID, ALL));
        for (int length = 0; length < content.length; length++) {
            byte[] cut = Arrays.copyOf(content, length);
            assertUnreadable(() -> codec.open(ID, seal.seal(ID, cut)), "its content ends early");
        }
    }

    @Test
    void aFormatOfALaterVersionIsRefused() {
        assertUnreadable(() -> codec.open(ID, seal.seal(ID, new byte[] {2, 3})), "format 2 (expected: 1)");
    }

    @Test
    void aSessionKeyOfAnotherLengthIsRefused() {
        SessionSecrets secrets = new SessionSecrets(3, CLIENT_KEY, new byte[31], null);
        assertUnreadable(() -> codec.open(ID, codec.seal(ID, secrets)), "31 bytes (expected: 32)");
    }

    @Test
    void aRecordThatNoStoreTakesIsNotMade() {
        SessionSecrets large = new SessionSecrets(3, CLIENT_KEY, null, new byte[StoredRecord.MAX_SEALED_BYTES]);
        assertThatThrownBy(() -> codec.seal(ID, large)).isInstanceOf(IllegalArgumentException.class);
        SessionSecrets tooLongForItsLength = new SessionSecrets(3, CLIENT_KEY, null, new byte[65_536 + 10]);
        assertThatThrownBy(() -> codec.seal(ID, tooLongForItsLength)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void noSecretIsInAnyText() {
        assertThat(ALL + " " + seal + " " + new StoredRecord(ID, 1, "ab", codec.seal(ID, ALL), 1))
                .doesNotContain("alice")
                .contains("SessionSecrets[client protocol 3]", "RecordSeal[secret]");
    }

    private static void assertUnreadable(ThrowingCallable opening, String why) {
        assertThatThrownBy(opening)
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageContaining(why)
                .hasNoCause();
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
