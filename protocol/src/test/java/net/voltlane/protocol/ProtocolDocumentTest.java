package net.voltlane.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static net.voltlane.protocol.Bytes.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Compares every byte in docs/PROTOCOL.md with the code, since readers copy from that page. The proof module checks the
 * keys and boxes.
 */
final class ProtocolDocumentTest {

    private static final Path DOCUMENT = Path.of("..", "docs", "PROTOCOL.md");

    private static final String FENCE = "```";

    /** A frame on the page: its sender, its description, its bytes. */
    private record Example(String sender, String what, byte[] frame) {}

    /** Matches bytes in hex, at least two blanks, and a remark. */
    private static final Pattern HEX_AND_REMARK = Pattern.compile("((?:[0-9a-f]+ ?)*?)\\s{2,}(\\S.*)");

    @Test
    void everyFrameOfAClientLinkIsAsDescribed() throws Exception {
        List<Example> examples = examples("wire");
        assertThat(examples).hasSize(15);

        for (Example example : examples) {
            byte[] payload = payload(example.frame());
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
        List<Example> examples = examples("firehose");
        assertThat(examples).hasSize(6);

        for (Example example : examples) {
            FirehosePacket packet = FirehosePacket.decode(payload(example.frame()));
            assertThat(described(packet)).isEqualTo(example.what());
            assertThat(packet.frame()).as(example.what()).isEqualTo(example.frame());
        }
    }

    @Test
    void everyNumberIsAsDescribed() throws Exception {
        for (String line : lines("varint")) {
            Matcher parts = parts(line);
            ClientId packet = new ClientId(Long.parseUnsignedLong(parts.group(2)));
            assertThat(HandshakeCodec.encode(packet)).as(line).isEqualTo(hex("03" + parts.group(1)));
            assertThat(HandshakeCodec.decode(hex("03" + parts.group(1))))
                    .as(line)
                    .isEqualTo(packet);
        }
    }

    @Test
    void everyLongerFormIsTheNumberInItsRemark() throws Exception {
        for (String line : lines("varint-long")) {
            Matcher parts = parts(line);
            ClientId packet = new ClientId(Long.parseUnsignedLong(parts.group(2)));
            assertThat(HandshakeCodec.decode(hex("03" + parts.group(1))))
                    .as(line)
                    .isEqualTo(packet);
            assertThat(HandshakeCodec.encode(packet)).as(line).isNotEqualTo(hex("03" + parts.group(1)));
        }
    }

    @Test
    void everyPayloadListedAsRefusedIsRefused() {
        for (String line : lines("refused")) {
            byte[] payload = hex(parts(line).group(1));
            assertThatExceptionOfType(MalformedPacketException.class)
                    .as(line)
                    .isThrownBy(() -> HandshakeCodec.decode(payload));
        }
    }

    @Test
    void theReasonsAreThoseOfTheCode() {
        List<String> rows = document().stream()
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
        List<String> rows = document().stream()
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
        String text = String.join("\n", document()).replaceAll("(?<=\\d) (?=\\d{3})", "");

        assertThat(text).contains("| " + Limits.MAX_HANDSHAKE_FRAME_BYTES + " bytes |");
        assertThat(text).contains("| " + Limits.DEFAULT_MAX_FRAME_BYTES + " bytes | `listener.max_frame_size` |");
        assertThat(text)
                .contains("| " + Tag.BYTES + " more than client frames, and " + Limits.MIN_MASTER_FRAME_LIMIT_BYTES);
    }

    private static List<Example> examples(String kind) {
        List<Example> examples = new ArrayList<>();
        for (String line : lines(kind)) {
            if (line.startsWith(" ")) {
                Example last = examples.remove(examples.size() - 1);
                examples.add(new Example(last.sender(), last.what(), joined(last.frame(), hex(line))));
            } else {
                String[] parts = line.split("\\s+", 2);
                assertThat(parts[0]).isIn("client", "server", "backend");
                examples.add(new Example(parts[0], parts[1], new byte[0]));
            }
        }
        return examples;
    }

    /** Returns the lines of all fenced blocks of one kind, of which there is at least one. */
    private static List<String> lines(String kind) {
        List<String> lines = new ArrayList<>();
        boolean inside = false;
        for (String line : document()) {
            if (line.startsWith(FENCE)) {
                inside = line.equals(FENCE + kind);
            } else if (inside && !line.isBlank()) {
                lines.add(line);
            }
        }
        assertThat(lines).as(kind).isNotEmpty();
        return lines;
    }

    private static List<String> document() {
        try {
            return Files.readAllLines(DOCUMENT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Matcher parts(String line) {
        Matcher parts = HEX_AND_REMARK.matcher(line);
        assertThat(parts.matches()).as(line).isTrue();
        return parts;
    }

    private static byte[] payload(byte[] frame) {
        assertThat(Frame.length(frame, 0)).isEqualTo(frame.length - Frame.PREFIX_BYTES);
        return Arrays.copyOfRange(frame, Frame.PREFIX_BYTES, frame.length);
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

    private static byte[] joined(byte[] head, byte[] tail) {
        return ByteBuffer.allocate(head.length + tail.length)
                .put(head)
                .put(tail)
                .array();
    }
}
