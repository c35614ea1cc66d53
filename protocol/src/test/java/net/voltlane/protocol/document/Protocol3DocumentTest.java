package net.voltlane.protocol.document;

import static net.voltlane.protocol.document.Document.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import net.voltlane.protocol.CloseCode;
import net.voltlane.protocol.HandshakeCodec;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.MalformedPacketException;
import net.voltlane.protocol.ProtocolVersion;
import net.voltlane.protocol.firehose3.Attributes;
import net.voltlane.protocol.firehose3.FirehoseMessage;
import net.voltlane.protocol.firehose3.Kick;
import net.voltlane.protocol.firehose3.MessageCodec;
import net.voltlane.protocol.firehose3.MessageFlag;
import net.voltlane.protocol.link3.FrameType;
import net.voltlane.protocol.link3.LinkCodec;
import net.voltlane.protocol.link3.LinkFrame;
import org.junit.jupiter.api.Test;

/**
 * Compares every byte in docs/PROTOCOL3.md with the code, since readers copy from that page. The proof module checks the
 * keys and proofs.
 */
final class Protocol3DocumentTest {

    private final Document document = new Document("PROTOCOL3.md");

    @Test
    void everyFrameOfAClientLinkIsAsDescribed() throws Exception {
        List<Document.Example> examples = document.examples("wire3");
        assertThat(examples).hasSize(22);

        for (Document.Example example : examples) {
            if (example.what().startsWith("ProtocolVersion")) {
                assertThat(HandshakeCodec.decode(example.payload())).isEqualTo(new ProtocolVersion(3));
                assertThat(example.what()).isEqualTo("ProtocolVersion(3)");
                continue;
            }
            LinkFrame frame = Objects.requireNonNull(LinkCodec.decode(example.payload()), example.what());
            assertThat(LinkText.of(frame)).isEqualTo(example.what());
            assertThat(LinkCodec.frame(frame)).as(example.what()).isEqualTo(example.frame());
            boolean fromClient = example.sender().equals("client");
            assertThat(fromClient ? FrameType.isFromClient(frame.type()) : FrameType.isFromServer(frame.type()))
                    .as(example.what())
                    .isTrue();
        }
    }

    @Test
    void everyPacketOfTheFirehoseIsAsDescribed() throws Exception {
        List<Document.Example> examples = document.examples("firehose3");
        assertThat(examples).hasSize(24);

        for (Document.Example example : examples) {
            ByteBuffer packet = ByteBuffer.wrap(example.payload()).order(ByteOrder.LITTLE_ENDIAN);
            long id = packet.getLong();
            int flag = packet.get() & 0xFF;
            boolean fromServer = example.sender().equals("server");
            FirehoseMessage message =
                    Objects.requireNonNull(MessageCodec.decode(id, flag, packet, fromServer), example.what());
            assertThat(FirehoseText.of(id, message)).isEqualTo(example.what());
            assertThat(MessageCodec.frame(id, message)).as(example.what()).isEqualTo(example.frame());
        }
    }

    @Test
    void everyPayloadListedAsRefusedIsRefused() {
        assertThat(document.lines("refused3")).hasSize(9);
        for (String line : document.lines("refused3")) {
            byte[] payload = hex(Document.parts(line).group(1));
            assertThatExceptionOfType(MalformedPacketException.class)
                    .as(line)
                    .isThrownBy(() -> LinkCodec.decode(payload));
        }
    }

    @Test
    void everyPayloadListedAsSkippedIsSkipped() throws Exception {
        assertThat(document.lines("skipped3")).hasSize(2);
        for (String line : document.lines("skipped3")) {
            assertThat(LinkCodec.decode(hex(Document.parts(line).group(1)))).isNull();
        }
    }

    @Test
    void theTableOfFramesIsThatOfTheCode() {
        List<String> types = new ArrayList<>();
        for (List<String> row : document.table("| type | frame |")) {
            int type = Integer.parseInt(row.get(0), 16);
            assertThat(FrameType.isFromClient(type))
                    .as(row.get(1))
                    .isEqualTo(!row.get(2).equals("server"));
            assertThat(FrameType.isFromServer(type))
                    .as(row.get(1))
                    .isEqualTo(!row.get(2).equals("client"));
            types.add(row.get(1));
        }
        assertThat(types)
                .containsExactlyElementsOf(Arrays.stream(LinkFrame.class.getPermittedSubclasses())
                        .map(frame -> "`" + frame.getSimpleName() + "`")
                        .toList());
    }

    @Test
    void theTableOfPacketsIsThatOfTheCode() {
        List<String> packets = new ArrayList<>();
        for (List<String> row : document.table("| id | flag | packet |")) {
            int flag = Integer.parseInt(row.get(1), 16);
            assertThat(MessageFlag.isFromServer(flag))
                    .as(row.get(2))
                    .isEqualTo(!row.get(3).equals("backend"));
            assertThat(MessageFlag.isFromBackend(flag))
                    .as(row.get(2))
                    .isEqualTo(!row.get(3).equals("server"));
            assertThat(row.get(0)).as(row.get(2)).isEqualTo(flag >= MessageFlag.HELLO ? "0" : "session");
            packets.add(row.get(2));
        }
        assertThat(packets)
                .containsExactlyElementsOf(Arrays.stream(FirehoseMessage.class.getPermittedSubclasses())
                        .map(message -> "`" + message.getSimpleName() + "`")
                        .toList());
    }

    @Test
    void theTableOfCloseCodesIsThatOfTheCode() {
        List<String> rows = document.table("| code | meaning |").stream()
                .map(row -> row.get(0) + " " + row.get(2))
                .toList();
        assertThat(rows)
                .containsExactlyElementsOf(Arrays.stream(CloseCode.values())
                        .map(code -> code.code() + " " + (code.endsSession() ? "yes" : "no"))
                        .toList());
    }

    @Test
    void theKeysOfOpenedAreThoseOfTheCode() {
        assertThat(document.table("| key of Opened's map |"))
                .extracting(row -> row.get(0).replace("`", ""))
                .containsExactly(
                        Attributes.REMOTE,
                        Attributes.LOCAL,
                        Attributes.TRANSPORT,
                        Attributes.PROTOCOL,
                        Attributes.CREDENTIALS,
                        Attributes.CERTIFICATE_SUBJECT,
                        Attributes.CERTIFICATE_NAMES,
                        Attributes.EPOCH);
    }

    @Test
    void theLimitsAreThoseOfTheCode() {
        String limits = document.table("| what | limit |").stream()
                .map(row -> row.get(0) + " | " + row.get(1).replaceAll("(?<=\\d) (?=\\d{3})", ""))
                .reduce("", (text, row) -> text + "\n" + row);

        assertThat(limits)
                .contains("first frame of a client link | " + Limits.MAX_HANDSHAKE_FRAME_BYTES + " bytes")
                .contains("other than Data | " + Limits.MAX_CONTROL_FRAME_BYTES + " bytes")
                .contains("without its type byte | " + Limits.DEFAULT_MAX_FRAME_BYTES + " bytes")
                .contains("credentials | " + Limits.MAX_CREDENTIALS_BYTES + " bytes")
                .contains("Ping and Pong | " + LinkFrame.MAX_PING_BYTES + " bytes")
                .contains("text of a Kick | " + Kick.MAX_TEXT_BYTES + " bytes");
    }
}
