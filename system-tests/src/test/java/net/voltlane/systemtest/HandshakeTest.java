package net.voltlane.systemtest;

import static net.voltlane.testkit.Bytes.concat;
import static net.voltlane.testkit.Bytes.hex;
import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.voltlane.proof.KeyPair;
import net.voltlane.protocol.Challenge;
import net.voltlane.protocol.ChallengeResponse;
import net.voltlane.protocol.ClientId;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.HandshakeCodec;
import net.voltlane.protocol.HandshakePacket;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.Ping;
import net.voltlane.protocol.ProtocolVersion;
import net.voltlane.protocol.PubKey;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.ClientIdentity;
import net.voltlane.testkit.ScriptedClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 2: how sessions are opened and resumed by clients that behave well, however their bytes arrive. */
class HandshakeTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final byte[] VERSION = hex("02000000 0102");

    private static World world;

    @BeforeAll
    static void start() {
        world = World.setup().with("clients.missed_packets_buffer_size", 10).start();
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    @Test
    void aNewSessionStepByStep() {
        ScriptedClient client = world.connect();
        KeyPair keys = KeyPair.generate(RANDOM);
        client.expectSilence(Duration.ofMillis(50));

        client.write(VERSION);
        byte[] serverKey = client.read(4 + 2 + 33);
        assertThat(Arrays.copyOf(serverKey, 6)).isEqualTo(hex("23000000 02 21"));
        assertThat(serverKey[6]).isIn((byte) 2, (byte) 3);
        client.expectSilence(Duration.ofMillis(50));

        client.write(hex("23000000 02 21"), keys.publicKey());
        long id = client.expect(ClientId.class).id();

        client.send(utf8("up"));
        assertThat(world.master().dataOf(id)).isEqualTo(utf8("up"));
        world.master().send(id, utf8("down"));
        assertThat(client.receive()).isEqualTo(utf8("down"));
    }

    @Test
    void aClientMaySendEverythingAheadInOneSegment() {
        ScriptedClient client = world.connect();
        client.write(VERSION, ownKey(), Frame.of(utf8("one")), Frame.of(new byte[0]), Frame.of(utf8("three")));
        client.expect(PubKey.class);
        long id = client.expect(ClientId.class).id();
        assertThat(world.master().dataOf(id)).isEqualTo(utf8("one"));
        assertThat(world.master().dataOf(id)).isEmpty();
        assertThat(world.master().dataOf(id)).isEqualTo(utf8("three"));
    }

    @Test
    void aHandshakeMayComeByteByByte() {
        ScriptedClient client = world.connect();
        client.drip(concat(VERSION, ownKey(), Frame.of(utf8("data"))));
        client.expect(PubKey.class);
        long id = client.expect(ClientId.class).id();
        assertThat(world.master().dataOf(id)).isEqualTo(utf8("data"));
    }

    @Test
    void aResumeMayComeByteByByte() {
        ClientIdentity who = lost();
        ScriptedClient client = world.connect();
        client.drip(VERSION);
        client.expect(PubKey.class);
        client.drip(HandshakeCodec.frame(new ClientId(who.id())));
        byte[] box = client.expect(Challenge.class).box();
        client.drip(concat(
                HandshakeCodec.frame(new ChallengeResponse(ScriptedClient.answer(box, who))),
                HandshakeCodec.frame(new Ping()),
                Frame.of(utf8("data"))));
        client.expect(Ping.class);
        world.master().expectReconnection(who.id());
        assertThat(world.master().dataOf(who.id())).isEqualTo(utf8("data"));
    }

    @Test
    void aResumingClientMaySendAheadWhateverItKnows() {
        ClientIdentity who = lost();
        world.master().send(who.id(), utf8("missed"));
        world.settle();
        ScriptedClient client = world.connect();
        client.send(new ProtocolVersion(2), new ClientId(who.id()));
        client.expect(PubKey.class);
        byte[] box = client.expect(Challenge.class).box();
        client.write(
                HandshakeCodec.frame(new ChallengeResponse(ScriptedClient.answer(box, who))),
                HandshakeCodec.frame(new Ping()),
                Frame.of(utf8("one")),
                Frame.of(utf8("two")));
        client.expect(Ping.class);
        assertThat(client.receive()).isEqualTo(utf8("missed"));
        world.master().expectReconnection(who.id());
        assertThat(world.master().dataOf(who.id())).isEqualTo(utf8("one"));
        assertThat(world.master().dataOf(who.id())).isEqualTo(utf8("two"));
    }

    @Test
    void anUncompressedKeyOpensASessionThatCanBeResumed() {
        ScriptedClient client = world.connect();
        KeyPair keys = KeyPair.generate(RANDOM);
        client.send(new ProtocolVersion(2));
        byte[] serverKey = client.expect(PubKey.class).key();
        client.send(new PubKey(Points.uncompressed(keys.publicKey())));
        ClientIdentity who = new ClientIdentity(client.expect(ClientId.class).id(), keys, serverKey);
        client.send(utf8("hello"));
        assertThat(world.master().dataOf(who.id())).isEqualTo(utf8("hello"));
        world.lose(client);
        world.roundTripAfterReconnection(world.resumed(who));
    }

    @Test
    void bytesLeftOverAfterAPacketAreIgnored() {
        ScriptedClient client = world.connect();
        KeyPair keys = KeyPair.generate(RANDOM);
        client.write(padded(new ProtocolVersion(2), 3));
        byte[] serverKey = client.expect(PubKey.class).key();
        client.write(padded(new PubKey(keys.publicKey()), 5));
        ClientIdentity who = new ClientIdentity(client.expect(ClientId.class).id(), keys, serverKey);
        client.send(utf8("hello"));
        assertThat(world.master().dataOf(who.id())).isEqualTo(utf8("hello"));
        world.lose(client);

        ScriptedClient again = world.connect();
        again.write(padded(new ProtocolVersion(2), 1), padded(new ClientId(who.id()), 1));
        again.expect(PubKey.class);
        byte[] box = again.expect(Challenge.class).box();
        again.write(padded(new ChallengeResponse(ScriptedClient.answer(box, who)), 9), padded(new Ping(), 2));
        again.expect(Ping.class);
        again.adopt(who);
        world.roundTripAfterReconnection(again);
    }

    @Test
    void aHandshakeFrameOfExactlyTheLimitIsTaken() {
        ScriptedClient client = world.connect();
        client.write(filled(new ProtocolVersion(2), Limits.MAX_HANDSHAKE_FRAME_BYTES));
        client.expect(PubKey.class);
        client.write(filled(new PubKey(KeyPair.generate(RANDOM).publicKey()), Limits.MAX_HANDSHAKE_FRAME_BYTES));
        client.expect(ClientId.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {1025, 8192, 8_388_599, 8_388_600, Integer.MAX_VALUE, Integer.MIN_VALUE, -1})
    void aHandshakeFrameOverTheLimitIsRefusedByItsLengthAlone(int length) {
        byte[] prefix = Bytes.u32(length);
        ScriptedClient first = world.connect();
        first.write(prefix);
        first.readUntilClosed();

        ScriptedClient second = world.connect();
        second.write(VERSION);
        second.expect(PubKey.class);
        second.write(prefix);
        assertThat(second.readUntilClosed().rest()).isEmpty();
        world.serveHonestClients();
    }

    @Test
    void theHandshakeLimitHoldsUpToThePing() {
        ClientIdentity who = lost();
        ScriptedClient client = world.connect();
        byte[] box = client.requestChallenge(who.id());
        client.write(filled(new ChallengeResponse(ScriptedClient.answer(box, who)), 1025));
        client.readUntilClosed();

        ScriptedClient late = world.connect();
        box = late.requestChallenge(who.id());
        late.send(new ChallengeResponse(ScriptedClient.answer(box, who)));
        late.write(filled(new Ping(), 1025));
        late.readUntilClosed();

        world.roundTripAfterReconnection(world.resumed(who));
    }

    @Test
    void dataSentAheadMayBeLargerThanAHandshakeFrame() {
        byte[] large = new byte[200_000];
        ScriptedClient client = world.connect();
        client.write(VERSION, ownKey(), Frame.of(large));
        client.expect(PubKey.class);
        assertThat(world.master().dataOf(client.expect(ClientId.class).id())).isEqualTo(large);

        ClientIdentity who = lost();
        ScriptedClient again = world.connect();
        byte[] box = again.requestChallenge(who.id());
        again.write(
                HandshakeCodec.frame(new ChallengeResponse(ScriptedClient.answer(box, who))),
                HandshakeCodec.frame(new Ping()),
                Frame.of(large));
        again.expect(Ping.class);
        world.master().expectReconnection(who.id());
        assertThat(world.master().dataOf(who.id())).isEqualTo(large);
    }

    @Test
    void everyClientGetsTheSameServerKey() {
        assertThat(world.open().identity().serverKey())
                .isEqualTo(world.open().identity().serverKey());
    }

    @Test
    void idsAreDistinctAndSpreadOverThe53Bits() {
        List<Long> ids = new ArrayList<>();
        KeyPair keys = KeyPair.generate(RANDOM);
        for (int i = 0; i < 200; i++) {
            try (ScriptedClient client = ScriptedClient.connect(world.address())) {
                ids.add(client.openSession(keys).id());
            }
        }
        assertThat(ids).doesNotHaveDuplicates().allMatch(id -> id > 0 && id < 1L << 53);
        // Of 200 random ones, each bit is set in 100, give or take 50 (seven standard deviations).
        for (int bit = 0; bit < 53; bit++) {
            long mask = 1L << bit;
            assertThat(ids.stream().filter(id -> (id & mask) != 0).count())
                    .as("ids with bit %d set", bit)
                    .isBetween(50L, 150L);
        }
        assertThat(ids).isNotEqualTo(ids.stream().sorted().toList());
    }

    /** A session that the master has heard of and whose link is lost. */
    private static ClientIdentity lost() {
        ScriptedClient client = world.openHeard();
        world.lose(client);
        return client.identity();
    }

    private static byte[] ownKey() {
        return HandshakeCodec.frame(new PubKey(KeyPair.generate(RANDOM).publicKey()));
    }

    private static byte[] padded(HandshakePacket packet, int extraBytes) {
        byte[] payload = HandshakeCodec.encode(packet);
        return Frame.of(Arrays.copyOf(payload, payload.length + extraBytes));
    }

    private static byte[] filled(HandshakePacket packet, int frameBytes) {
        return Frame.of(Arrays.copyOf(HandshakeCodec.encode(packet), frameBytes));
    }
}
