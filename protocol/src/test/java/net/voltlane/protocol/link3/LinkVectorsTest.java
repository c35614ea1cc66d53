package net.voltlane.protocol.link3;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import net.voltlane.protocol.HandshakeCodec;
import net.voltlane.protocol.ProtocolVersion;
import org.junit.jupiter.api.Test;

/** The vectors of version 3, which an implementation of its own made, in both directions. */
final class LinkVectorsTest {

    private final JsonObject vectors = read();

    @Test
    void framesBecomeTheBytesOfTheVectorsAndBack() throws Exception {
        Parameters terms = new Parameters(30, 8_388_599, 300);
        long id = Long.parseUnsignedLong(vectors.get("id").getAsString());
        Map<String, LinkFrame> frames = new LinkedHashMap<>();
        frames.put("open", new Open(hex("client_key"), 30, "token".getBytes(StandardCharsets.UTF_8)));
        frames.put("opened", new Opened(hex("server_key"), id, terms));
        frames.put("resume", new Resume(id, number("received"), number("kept"), hex("nonce_c"), 30));
        frames.put("challenge", new Challenge(hex("nonce_s")));
        frames.put("answer", new Answer(hex("proof_c")));
        frames.put("resumed", new Resumed(hex("proof_s"), number("accepted"), terms));
        frames.put("data", new Data("hello".getBytes(StandardCharsets.UTF_8)));
        frames.put("empty data", new Data(new byte[0]));
        frames.put("ack", new Ack(7));
        frames.put("leave", new Leave());
        frames.put("close", new Close(1, 0, "bye"));

        JsonObject known = vectors.getAsJsonObject("frames");
        assertThat(frames.keySet()).hasSize(known.size() - 1);
        for (Map.Entry<String, LinkFrame> each : frames.entrySet()) {
            byte[] frame = HexFormat.of().parseHex(known.get(each.getKey()).getAsString());
            byte[] payload = Arrays.copyOfRange(frame, 4, frame.length);
            assertThat(LinkCodec.frame(each.getValue())).as(each.getKey()).isEqualTo(frame);
            assertThat(LinkCodec.encode(each.getValue())).as(each.getKey()).isEqualTo(payload);
            assertThat(LinkCodec.decode(payload)).as(each.getKey()).isEqualTo(each.getValue());
        }
    }

    @Test
    void theFirstFrameIsThatOfVersion2WithAnotherNumber() throws Exception {
        byte[] first = HexFormat.of()
                .parseHex(vectors.getAsJsonObject("frames").get("first").getAsString());
        assertThat(HandshakeCodec.frame(new ProtocolVersion(3))).isEqualTo(first);
        assertThat(HandshakeCodec.decode(Arrays.copyOfRange(first, 4, first.length)))
                .isEqualTo(new ProtocolVersion(3));
    }

    @Test
    void thePayloadsThatProofsCoverAreThoseOfTheVectors() throws Exception {
        Resume resume = (Resume) Objects.requireNonNull(LinkCodec.decode(hex("resume")));
        assertThat(LinkCodec.encode(resume)).isEqualTo(hex("resume"));
        assertThat(resume.heartbeatSecs()).isEqualTo(number("heartbeat"));
        assertThat(LinkCodec.encode(new Challenge(hex("nonce_s")))).isEqualTo(hex("challenge"));
        assertThat(LinkCodec.behindProof(number("accepted"), new Parameters(30, 8_388_599, 300)))
                .isEqualTo(hex("behind_the_proof"));
    }

    private int number(String name) {
        return vectors.get(name).getAsInt();
    }

    private byte[] hex(String name) {
        return HexFormat.of().parseHex(vectors.get(name).getAsString());
    }

    private static JsonObject read() {
        try (InputStream in =
                        Objects.requireNonNull(LinkVectorsTest.class.getResourceAsStream("/vectors/protocol3.json"));
                Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
            return JsonParser.parseReader(reader).getAsJsonObject();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
