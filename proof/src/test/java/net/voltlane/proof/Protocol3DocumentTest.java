package net.voltlane.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Computes the worked example of docs/PROTOCOL3.md from its secrets, and compares. */
final class Protocol3DocumentTest {

    private static final Path DOCUMENT = Path.of("..", "docs", "PROTOCOL3.md");

    private List<String> document = List.of();
    private Map<String, byte[]> numbers = Map.of();

    @BeforeEach
    void read() throws Exception {
        document = Files.readAllLines(DOCUMENT);
        numbers = document.stream()
                .dropWhile(line -> !line.equals("```proof3"))
                .skip(1)
                .takeWhile(line -> !line.equals("```"))
                .filter(line -> !line.isBlank())
                .map(line -> line.split("\\s{2,}"))
                .collect(Collectors.toMap(
                        parts -> parts[0], parts -> HexFormat.of().parseHex(parts[1])));
    }

    @Test
    void theKeyFollowsFromTheSecrets() {
        assertThat(numbers).hasSize(12);
        X25519KeyPair server = X25519KeyPair.ofServerSecret(number("key file secret"));
        X25519KeyPair client = X25519KeyPair.ofPrivate(number("client private"));

        assertThat(server.privateKey()).isEqualTo(number("server private"));
        assertThat(server.publicKey()).isEqualTo(number("server public"));
        assertThat(client.publicKey()).isEqualTo(number("client public"));
        assertThat(server.shared(client.publicKey())).isEqualTo(number("shared"));
        long id = ByteBuffer.wrap(number("id")).order(ByteOrder.LITTLE_ENDIAN).getLong();
        assertThat(SessionKey.derive(number("shared"), id, client.publicKey(), server.publicKey())
                        .bytes())
                .isEqualTo(number("k"));
        assertThat(String.join("\n", document)).contains("(id " + Long.toUnsignedString(id) + ", received 7");
    }

    @Test
    void theProofsFollowFromTheFramesOfTheExample() {
        SessionKey key = SessionKey.of(number("k"));
        byte[] transcript = SessionKey.transcript(payload("12"), payload("13"));

        assertThat(transcript).isEqualTo(number("transcript"));
        assertThat(key.clientProof(transcript)).isEqualTo(number("proof c"));
        assertThat(key.serverProof(transcript, number("proof c"), number("behind proof s")))
                .isEqualTo(number("proof s"));
        assertThat(HexFormat.of().formatHex(payload("14")).substring(2))
                .isEqualTo(HexFormat.of().formatHex(number("proof c")));
        assertThat(HexFormat.of().formatHex(payload("15")).substring(2))
                .isEqualTo(HexFormat.of().formatHex(number("proof s"))
                        + HexFormat.of().formatHex(number("behind proof s")));
    }

    @Test
    void theSessionOfTheExampleIsOpenedWithTheSameKeys() {
        assertThat(HexFormat.of().formatHex(payload("10")))
                .startsWith("10" + HexFormat.of().formatHex(number("client public")));
        assertThat(HexFormat.of().formatHex(payload("11")))
                .startsWith("11" + HexFormat.of().formatHex(number("server public"))
                        + HexFormat.of().formatHex(number("id")));
    }

    /** Returns the payload of the first frame on the page that has this type. */
    private byte[] payload(String type) {
        String wire = document.stream().filter(line -> line.startsWith("  ")).collect(Collectors.joining("\n"));
        Matcher frame = Pattern.compile("(?m)^ +([0-9a-f]{8}) (" + type + "[0-9a-f\\s]*)$")
                .matcher(wire);
        assertThat(frame.find()).as(type).isTrue();
        int length = Integer.reverseBytes((int) Long.parseLong(frame.group(1), 16));
        String digits = frame.group(2).replaceAll("\\s", "");
        return HexFormat.of().parseHex(digits.substring(0, 2 * length));
    }

    private byte[] number(String name) {
        return Objects.requireNonNull(numbers.get(name), name).clone();
    }
}
