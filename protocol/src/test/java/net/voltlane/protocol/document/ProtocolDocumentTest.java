package net.voltlane.protocol.document;

import static java.nio.charset.StandardCharsets.UTF_8;
import static net.voltlane.protocol.document.Document.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import net.voltlane.protocol.Challenge;
import net.voltlane.protocol.ChallengeResponse;
import net.voltlane.protocol.ClientId;
import net.voltlane.protocol.FirehosePacket;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.HandshakeCodec;
import net.voltlane.protocol.HandshakePacket;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.MalformedPacketException;
import net.voltlane.protocol.ProtocolVersion;
import net.voltlane.protocol.PubKey;
import net.voltlane.protocol.Reason;
import net.voltlane.protocol.Tag;
import org.junit.jupiter.api.Test;

/**
 * Compares every byte in docs/PROTOCOL.md with the code, since readers copy from that page. The proof module checks the
 * keys and boxes.
 */
final class ProtocolDocumentTest {

    private final Document document = new Document("PROTOCOL.md");

    @Test
    void everyFrameOfAClientLinkIsAsDescribed() throws Exception {
        List<Document.Example> examples = document.examples("wire");
        assertThat(examples).hasSize(15);

        for (Document.Example example : examples) {
            byte[] payload = example.payload();
            if (example.what().startsWith("data ")) {
                assertThat("data " + quoted(payload)).isEqualTo(example.what());
            } else {
                HandshakePacket packet = HandshakeCodec.decode(payload);
                assertThat(described(packet)).isEqualTo(example.what());
                assertThat(HandshakeCodec.frame(packet)).as(example.what()).isEqualTo(example.frame());
            }
        }
    }

    @Test
    void everyFrameOfTheFirehoseIsAsDescribed() throws Exception {
        List<Document.Example> examples = document.examples("firehose");
        assertThat(examples).hasSize(6);

        for (Document.Example example : examples) {
            FirehosePacket packet = FirehosePacket.decode(example.payload());
            assertThat(described(packet)).isEqualTo(example.what());
            assertThat(packet.frame()).as(example.what()).isEqualTo(example.frame());
        }
    }

    @Test
    void everyNumberIsAsDescribed() throws Exception {
        for (String line : document.lines("varint")) {
            Matcher parts = Document.parts(line);
            ClientId packet = new ClientId(Long.parseUnsignedLong(parts.group(2)));
            assertThat(HandshakeCodec.encode(packet)).as(line).isEqualTo(hex("03" + parts.group(1)));
            assertThat(HandshakeCodec.decode(hex("03" + parts.group(1))))
                    .as(line)
                    .isEqualTo(packet);
        }
    }

    @Test
    void everyLongerFormIsTheNumberInItsRemark() throws Exception {
        for (String line : document.lines("varint-long")) {
            Matcher parts = Document.parts(line);
            ClientId packet = new ClientId(Long.parseUnsignedLong(parts.group(2)));
            assertThat(HandshakeCodec.decode(hex("03" + parts.group(1))))
                    .as(line)
                    .isEqualTo(packet);
            assertThat(HandshakeCodec.encode(packet)).as(line).isNotEqualTo(hex("03" + parts.group(1)));
        }
    }

    @Test
    void everyPayloadListedAsRefusedIsRefused() {
        for (String line : document.lines("refused")) {
            byte[] payload = hex(Document.parts(line).group(1));
            assertThatExceptionOfType(MalformedPacketException.class)
                    .as(line)
                    .isThrownBy(() -> HandshakeCodec.decode(payload));
        }
    }

    @Test
    void theReasonsAreThoseOfTheCode() {
        List<String> rows = document.lines().stream()
                .dropWhile(line -> !line.equals("### Reasons"))
                .takeWhile(line -> !line.startsWith("## "))
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split("`")[1])
                .toList();

        assertThat(rows)
                .isEqualTo(Arrays.stream(Reason.values()).map(Reason::text).toList());
    }

    @Test
    void theFlagsAreThoseOfTheCode() {
        List<String> rows = document.lines().stream()
                .dropWhile(line -> !line.startsWith("| flag |"))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> line.split("\\|")[1].strip() + " "
                        + line.split("\\|")[2].strip().toUpperCase(Locale.ROOT))
                .toList();

        assertThat(rows)
                .isEqualTo(Arrays.stream(Flag.values())
                        .map(f -> f.code() + " " + f)
                        .toList());
    }

    @Test
    void theLimitsAreThoseOfTheCode() {
        String text = String.join("\n", document.lines()).replaceAll("(?<=\\d) (?=\\d{3})", "");

        assertThat(text).contains("| " + Limits.MAX_HANDSHAKE_FRAME_BYTES + " bytes |");
        assertThat(text).contains("| " + Limits.DEFAULT_MAX_FRAME_BYTES + " bytes | `listener.max_frame_size` |");
        assertThat(text)
                .contains("| " + Tag.BYTES + " more than client frames, and " + Limits.MIN_MASTER_FRAME_LIMIT_BYTES);
    }

    private static String described(HandshakePacket packet) {
        if (packet instanceof ProtocolVersion hello) {
            return "ProtocolVersion(" + Integer.toUnsignedString(hello.version()) + ")";
        }
        if (packet instanceof ClientId clientId) {
            return "ClientId(" + Long.toUnsignedString(clientId.id()) + ")";
        }
        if (packet instanceof PubKey pubKey) {
            return "PubKey(" + pubKey.key().length + " bytes)";
        }
        if (packet instanceof Challenge challenge) {
            return "Challenge(" + challenge.box().length + " bytes)";
        }
        if (packet instanceof ChallengeResponse response) {
            return "ChallengeResponse(" + response.box().length + " bytes)";
        }
        return "Ping";
    }

    private static String described(FirehosePacket packet) {
        String id = Long.toUnsignedString(packet.id());
        return switch (packet.flag()) {
            case DATA -> "Data(" + id + ", " + quoted(packet.data()) + ")";
            case FAILURE -> "Failure(" + id + ", " + quoted(packet.data()) + ")";
            case KICK -> "Kick(" + id + ")";
            case RECONNECTION -> "Reconnection(" + id + ")";
        };
    }

    private static String quoted(byte[] data) {
        return '"' + new String(data, UTF_8) + '"';
    }
}
