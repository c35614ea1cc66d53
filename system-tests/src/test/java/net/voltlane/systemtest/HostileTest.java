package net.voltlane.systemtest;

import static net.voltlane.testkit.Bytes.concat;
import static net.voltlane.testkit.Bytes.hex;
import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.voltlane.proof.KeyPair;
import net.voltlane.protocol.Challenge;
import net.voltlane.protocol.ChallengeResponse;
import net.voltlane.protocol.ClientId;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.HandshakeCodec;
import net.voltlane.protocol.HandshakePacket;
import net.voltlane.protocol.Ping;
import net.voltlane.protocol.ProtocolVersion;
import net.voltlane.protocol.PubKey;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.Closing;
import net.voltlane.testkit.LinkEnded;
import net.voltlane.testkit.ScriptedClient;
import net.voltlane.testkit.Seeds;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Section 6: bad input closes the link that it came on, and that is all. After each case an honest newcomer and an
 * honest client of old are served, and the master has heard of nobody else.
 */
class HostileTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final byte[] VERSION = hex("02000000 0102");
    /** Less than the handshake timeout: what is wrong is refused at once, not only when the time is over. */
    private static final Duration AT_ONCE = Duration.ofMillis(1500);

    private static final int SERVER_KEY_FRAME_BYTES = 4 + 2 + 33;
    private static final int CHALLENGE_FRAME_BYTES = 4 + 2 + 72;

    /** Version 3's Close without a text: type, code, time to wait, and the length of the text. */
    private static final int CLOSE_FRAME_BYTES = 4 + 1 + 2 + 4 + 2;

    private static World world;

    @BeforeAll
    static void start() {
        world = World.setup().with("listener.handshake_timeout_secs", 3).start();
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    @AfterEach
    void honestClientsAreServed() {
        world.serveHonestClientsAndNobodyElse();
    }

    // ---- in place of the version

    static Stream<Named<byte[]>> wrongBeginnings() {
        return Stream.of(
                Named.of("HTTP", utf8("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")),
                Named.of("TLS", hex("16 03 01 00 f8 01 00 00 f4 03 03" + "5a".repeat(200))),
                Named.of("SSH", utf8("SSH-2.0-OpenSSH_9.2\r\n")),
                Named.of("PROXY", utf8("PROXY TCP4 127.0.0.1 127.0.0.1 1 2\r\n")),
                Named.of("zeros", new byte[64]),
                Named.of("ones", hex("ff".repeat(64))),
                Named.of("an empty frame", hex("00000000")),
                Named.of("version 0", frame(new ProtocolVersion(0))),
                Named.of("version 1", frame(new ProtocolVersion(1))),
                Named.of("a version of 64 bits", hex("0a000000 01 fd 0200000000000000")),
                Named.of("Ping first", frame(new Ping())),
                Named.of(
                        "PubKey first",
                        frame(new PubKey(KeyPair.generate(RANDOM).publicKey()))),
                Named.of("ClientId first", frame(new ClientId(7))),
                Named.of("Challenge first", frame(new Challenge(new byte[72]))),
                Named.of("ChallengeResponse first", frame(new ChallengeResponse(new byte[72]))),
                Named.of("an unknown variant", hex("02000000 0602")),
                Named.of("a variant of 64 bits", hex("0a000000 fd 0100000000000000 02")),
                Named.of("varint 254", hex("02000000 01fe")),
                Named.of("varint 255", hex("02000000 01ff")),
                Named.of("a version without its number", hex("01000000 01")),
                Named.of("a number cut short", hex("03000000 01fb02")));
    }

    @ParameterizedTest
    @MethodSource("wrongBeginnings")
    void aWrongBeginningIsRefused(byte[] bytes) {
        ScriptedClient client = world.connect();
        client.write(bytes);
        assertThat(client.readUntilClosed(AT_ONCE).rest()).isEmpty();
    }

    /** From version 3 on there is a frame that tells the client. */
    @ParameterizedTest
    @ValueSource(ints = {4, 1000, -1})
    void aVersionOfTheFutureIsToldThatItIsNotServed(int version) {
        ScriptedClient client = world.connect();
        client.write(frame(new ProtocolVersion(version)));
        assertThat(client.readUntilClosed(AT_ONCE).rest()).isEqualTo(hex("09000000 05 0e00 00000000 0000"));
    }

    // ---- in place of the key

    static Stream<Named<byte[]>> wrongSecondPackets() {
        byte[] good = KeyPair.generate(RANDOM).publicKey();
        return Stream.of(
                Named.of("ProtocolVersion again", VERSION),
                Named.of("Ping", frame(new Ping())),
                Named.of("Challenge", frame(new Challenge(new byte[72]))),
                Named.of("ChallengeResponse", frame(new ChallengeResponse(new byte[72]))),
                Named.of("an empty frame", hex("00000000")),
                Named.of("the varint bomb", hex("0a000000 02 fd 0000000000000040")),
                Named.of("a vector longer than its frame", hex("05000000 02 21 000000")),
                Named.of("a vector of 2^32", hex("06000000 02 fc ffffffff")),
                Named.of("ClientId cut short", hex("02000000 03fb")),
                key("no key", new byte[0]),
                key("infinity", new byte[1]),
                key("infinity in 33 bytes", new byte[33]),
                key("infinity in 65 bytes", new byte[65]),
                key("infinity as 04", concat(new byte[] {4}, new byte[64])),
                key("32 bytes", Arrays.copyOf(good, 32)),
                key("34 bytes", Arrays.copyOf(good, 34)),
                key("64 bytes", Arrays.copyOf(Points.uncompressed(good), 64)),
                key("66 bytes", Arrays.copyOf(Points.uncompressed(good), 66)),
                key("33 bytes with the mark 04", mark(good, 4)),
                key("33 bytes with the mark 05", mark(good, 5)),
                key("65 bytes with the mark 02", mark(Points.uncompressed(good), 2)),
                key("a hybrid key", Points.hybrid(good)),
                key("a compressed key off the curve", Points.compressedOffTheCurve()),
                key("an uncompressed key off the curve", Points.uncompressedOffTheCurve(good)),
                key("a compressed key over the field", Points.compressedOverTheField()),
                key("an uncompressed key over the field", Points.uncompressedOverTheField()),
                key("all ones", hex("02" + "ff".repeat(32))));
    }

    @ParameterizedTest
    @MethodSource("wrongSecondPackets")
    void aWrongSecondPacketIsRefused(byte[] bytes) {
        ScriptedClient client = world.connect();
        client.write(VERSION);
        client.expect(PubKey.class);
        client.write(bytes);
        assertThat(client.readUntilClosed(AT_ONCE).rest()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("wrongSecondPackets")
    void dataSentAheadBehindAWrongPacketIsNotForwarded(byte[] bytes) {
        ScriptedClient client = world.connect();
        client.write(VERSION, bytes, Frame.of(utf8("smuggled")));
        client.expect(PubKey.class);
        assertThat(client.readUntilClosed(AT_ONCE).rest()).isEmpty();
    }

    // ---- in place of the response

    static Stream<Named<byte[]>> wrongResponses() {
        return Stream.of(
                Named.of("Ping", frame(new Ping())),
                Named.of("ProtocolVersion", VERSION),
                Named.of("PubKey", frame(new PubKey(KeyPair.generate(RANDOM).publicKey()))),
                Named.of("ClientId", frame(new ClientId(1))),
                Named.of("Challenge", frame(new Challenge(new byte[72]))),
                Named.of("an empty response", frame(new ChallengeResponse(new byte[0]))),
                Named.of("a short response", frame(new ChallengeResponse(new byte[39]))),
                Named.of("a long response", frame(new ChallengeResponse(new byte[1000]))),
                Named.of("a bomb", hex("0a000000 05 fd 0000000000000040")),
                Named.of("data", Frame.of(utf8("let me in"))));
    }

    @ParameterizedTest
    @MethodSource("wrongResponses")
    void aWrongResponseIsRefused(byte[] bytes) {
        ScriptedClient client = world.connect();
        client.requestChallenge(4711);
        client.write(bytes);
        assertThat(client.readUntilClosed(AT_ONCE).rest()).isEmpty();
    }

    // ---- time

    @Test
    void aSilentHandshakeIsClosedWhenItsTimeIsOver() {
        try (World hasty =
                World.setup().with("listener.handshake_timeout_secs", 1).start()) {
            hasty.serveHonestClientsAndNobodyElse();
            long startNanos = System.nanoTime();
            List<ScriptedClient> silent = new ArrayList<>();
            for (String begun : List.of("", "0200", "02000000 01", "02000000 0102", "02000000 0102 23000000 0221")) {
                ScriptedClient client = hasty.connect();
                client.write(hex(begun));
                silent.add(client);
            }
            for (ScriptedClient client : silent) {
                Closing closing = client.readUntilClosed(Duration.ofMillis(2_500));
                assertThat(closing.rest().length).isIn(0, SERVER_KEY_FRAME_BYTES);
                assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isGreaterThan(Duration.ofMillis(900));
            }
            hasty.serveHonestClientsAndNobodyElse();
        }
    }

    @Test
    void aDrippingHandshakeIsClosedWhenItsTimeIsOver() {
        try (World hasty =
                World.setup().with("listener.handshake_timeout_secs", 1).start()) {
            ScriptedClient client = hasty.connect();
            byte[] endless = concat(hex("ff030000 0102"), new byte[1021]);
            long startNanos = System.nanoTime();
            int sent = 0;
            while (isOpenAfter(client, Duration.ofMillis(50))) {
                assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(Duration.ofMillis(2_500));
                tryWrite(client, new byte[] {endless[sent++]});
            }
            assertThat(sent).isGreaterThan(10);
            hasty.serveHonestClientsAndNobodyElse();
        }
    }

    @Test
    void theTimeRunsFromTheAcceptThroughAllSteps() {
        try (World hasty =
                World.setup().with("listener.handshake_timeout_secs", 1).start()) {
            ScriptedClient client = hasty.connect();
            client.expectSilence(Duration.ofMillis(700));
            client.requestChallenge(4711);
            assertThat(client.readUntilClosed(Duration.ofMillis(800)).rest()).isEmpty();
        }
    }

    @Test
    void theTimeDoesNotRunOnceASessionIsThere() {
        try (World hasty =
                World.setup().with("listener.handshake_timeout_secs", 1).start()) {
            ScriptedClient client = hasty.open();
            client.expectSilence(Duration.ofMillis(1_800));
            hasty.roundTrip(client);
        }
    }

    @Test
    void manySilentStrangersKeepNobodyOut() {
        List<ScriptedClient> strangers = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            ScriptedClient stranger = world.connect();
            if (i % 3 == 1) {
                stranger.write(VERSION);
            } else if (i % 3 == 2) {
                stranger.write(hex("00040000 01"));
            }
            strangers.add(stranger);
        }
        world.serveHonestClientsAndNobodyElse();
        strangers.forEach(stranger -> stranger.readUntilClosed(Duration.ofSeconds(6)));
    }

    // ---- random and cut off

    @Test
    void randomBytesAreRefusedOrTimeOut() {
        Seeds.run(seed -> {
            Random random = new Random(seed);
            Map<ScriptedClient, Boolean> clients = new LinkedHashMap<>();
            for (int i = 0; i < 200; i++) {
                ScriptedClient client = world.connect();
                byte[] bytes = new byte[1 + random.nextInt(3_000)];
                random.nextBytes(bytes);
                byte[] lead = i % 2 == 0 ? new byte[0] : VERSION;
                if (random.nextBoolean()) {
                    byte[] prefix = Bytes.u32(random.nextInt(1_025));
                    System.arraycopy(prefix, 0, bytes, 0, Math.min(4, bytes.length));
                }
                tryWrite(client, concat(lead, bytes));
                boolean namesAVersion = lead.length == 0 && bytes.length > 4 && bytes[4] == 1;
                clients.put(client, namesAVersion);
            }
            clients.forEach((client, namesAVersion) -> {
                // Nothing, the server's key, or a challenge as well where the bytes happen to ask for some session.
                // A Close only where they happen to name version 3 or a later one: one first byte of 256 does.
                assertThat(client.readUntilClosed(Duration.ofSeconds(6)).rest().length)
                        .isIn(
                                0,
                                SERVER_KEY_FRAME_BYTES,
                                SERVER_KEY_FRAME_BYTES + CHALLENGE_FRAME_BYTES,
                                namesAVersion ? CLOSE_FRAME_BYTES : 0);
            });
        });
    }

    @Test
    void linksThatEndAtEveryByteOfAHandshakeLeaveNothingBehind() {
        byte[] handshake =
                concat(VERSION, frame(new PubKey(KeyPair.generate(RANDOM).publicKey())));
        for (int length = 0; length < handshake.length; length++) {
            try (ScriptedClient client = ScriptedClient.connect(world.address())) {
                client.write(Arrays.copyOf(handshake, length));
                if (length % 2 == 0) {
                    client.cut();
                } else {
                    client.shutdownOutput();
                    client.readUntilClosed(AT_ONCE);
                }
            }
        }
    }

    @Test
    void theEndInsideTheFirstDataFrameForwardsNothing() {
        byte[] handshake =
                concat(VERSION, frame(new PubKey(KeyPair.generate(RANDOM).publicKey())));
        byte[] data = Frame.of(utf8("never whole"));
        for (int length = 0; length < data.length; length++) {
            try (ScriptedClient client = ScriptedClient.connect(world.address())) {
                client.write(handshake, Arrays.copyOf(data, length));
                client.expect(PubKey.class);
                client.expect(ClientId.class);
                client.shutdownOutput();
                assertThat(client.readUntilClosed(AT_ONCE).rest()).isEmpty();
            }
        }
    }

    private static byte[] frame(HandshakePacket packet) {
        return HandshakeCodec.frame(packet);
    }

    private static Named<byte[]> key(String name, byte[] key) {
        return Named.of(name, frame(new PubKey(key)));
    }

    private static byte[] mark(byte[] key, int mark) {
        byte[] marked = key.clone();
        marked[0] = (byte) mark;
        return marked;
    }

    private static void tryWrite(ScriptedClient client, byte[] bytes) {
        try {
            client.write(bytes);
        } catch (LinkEnded e) {
            // the server has refused it already
        }
    }

    private static boolean isOpenAfter(ScriptedClient client, Duration pause) {
        try {
            client.readUntilClosed(pause);
            return false;
        } catch (AssertionError e) {
            return true;
        }
    }
}
