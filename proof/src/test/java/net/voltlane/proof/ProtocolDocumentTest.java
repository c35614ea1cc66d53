package net.voltlane.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Computes the worked example of docs/PROTOCOL.md from its secrets, and compares. */
final class ProtocolDocumentTest {

    private static final Path DOCUMENT = Path.of("..", "docs", "PROTOCOL.md");

    private List<String> document = List.of();
    private Map<String, byte[]> numbers = Map.of();

    @BeforeEach
    void read() throws Exception {
        document = Files.readAllLines(DOCUMENT);
        numbers = document.stream()
                .dropWhile(line -> !line.equals("```proof"))
                .skip(1)
                .takeWhile(line -> !line.equals("```"))
                .filter(line -> !line.isBlank())
                .map(line -> line.split("\\s{2,}"))
                .collect(Collectors.toMap(
                        parts -> parts[0], parts -> HexFormat.of().parseHex(parts[1])));
    }

    @Test
    void theNumbersAreAllThere() {
        assertThat(numbers).hasSize(16);
        assertThat(number("shared x")[0])
                .as("the first byte of x, whose loss the example is to show")
                .isZero();
    }

    @Test
    void theKeyFollowsFromTheSecrets() throws Exception {
        KeyPair server = KeyPair.ofSecret(number("server secret"));
        KeyPair client = KeyPair.ofSecret(number("client secret"));

        assertThat(server.publicKey()).isEqualTo(number("server public"));
        assertThat(client.publicKey()).isEqualTo(number("client public"));
        assertThat(SharedKey.x(server, client.publicKey())).isEqualTo(number("shared x"));
        assertThat(SharedKey.x(client, server.publicKey())).isEqualTo(number("shared x"));
        assertThat(hmac("VOLTLANE.NET".getBytes(StandardCharsets.US_ASCII), number("shared x")))
                .isEqualTo(number("hkdf prk"));
        assertThat(SharedKey.derive(server, client.publicKey())).isEqualTo(number("key"));
    }

    @Test
    void theBoxesFollowFromKeyAndNonces() {
        for (String step : List.of("challenge", "response")) {
            byte[] nonce = number(step + " nonce");
            byte[] inner = new byte[12];
            System.arraycopy(nonce, 16, inner, 4, 8);

            assertThat(HChaCha20.subkey(number("key"), nonce)).isEqualTo(number(step + " subkey"));
            assertThat(inner).isEqualTo(number(step + " inner"));
            assertThat(SecretBox.seal(number("key"), number("challenge text"), nonce))
                    .isEqualTo(number(step + " box"));
        }
    }

    @Test
    void theResponseIsAcceptedForTheChallenge() {
        ScriptedRandom draws = new ScriptedRandom(number("challenge text"), number("challenge nonce"));

        assertThat(IssuedChallenge.issue(number("key"), draws).accepts(number("response box")))
                .isTrue();
    }

    @Test
    void theHandshakesOnTheWireAreMadeOfTheSameNumbers() {
        String wire = String.join("", document).replace(" ", "");

        for (String name : List.of("server public", "client public")) {
            assertThat(wire).as(name).contains("230000000221" + hex(number(name)));
        }
        assertThat(wire).contains("4a0000000448" + hex(number("challenge box")));
        assertThat(wire).contains("4a0000000548" + hex(number("response box")));
    }

    @Test
    void theLongFormOfTheClientsKeyIsTheSameKey() throws Exception {
        String wire = String.join("", document).replace(" ", "");
        int start = wire.indexOf("430000000241") + "430000000241".length();
        byte[] longForm = HexFormat.of().parseHex(wire.substring(start, start + 130));

        assertThat(PublicKeys.validate(longForm)).isEqualTo(number("client public"));
    }

    private byte[] number(String name) {
        byte[] number = numbers.get(name);
        assertThat(number).as(name).isNotNull();
        return Arrays.copyOf(number, number.length);
    }

    private static byte[] hmac(byte[] key, byte[] text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
