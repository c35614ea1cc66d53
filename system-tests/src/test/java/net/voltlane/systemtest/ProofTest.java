package net.voltlane.systemtest;

import static net.voltlane.testkit.Bytes.concat;
import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import net.voltlane.proof.KeyPair;
import net.voltlane.proof.SecretBox;
import net.voltlane.protocol.Challenge;
import net.voltlane.protocol.ChallengeResponse;
import net.voltlane.protocol.ClientId;
import net.voltlane.protocol.HandshakePacket;
import net.voltlane.protocol.Ping;
import net.voltlane.protocol.ProtocolVersion;
import net.voltlane.protocol.PubKey;
import net.voltlane.testkit.ClientIdentity;
import net.voltlane.testkit.Closing;
import net.voltlane.testkit.ScriptedClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Section 3: only the owner of a session's key resumes it, and whoever tries in vain changes nothing: after each
 * attempt here the owner resumes and gets what it missed.
 */
class ProofTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BOX_BYTES = 32 + SecretBox.OVERHEAD_BYTES;
    private static final Duration SHORT = Duration.ofMillis(100);

    private static World world;

    @BeforeAll
    static void start() {
        world = World.setup().with("clients.missed_packets_buffer_size", 10).start();
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    /** A response made from the challenge's box and what its owner knows. */
    interface Forgery extends BiFunction<byte[], ClientIdentity, byte[]> {}

    static Stream<Named<Forgery>> forgeries() {
        return Stream.of(
                forgery("the challenge itself", (box, who) -> box),
                forgery("no bytes", (box, who) -> new byte[0]),
                forgery("one byte", (box, who) -> new byte[1]),
                forgery("one byte less than an empty box has", (box, who) -> new byte[39]),
                forgery("zeros", (box, who) -> new byte[BOX_BYTES]),
                forgery(
                        "a stranger's key",
                        (box, who) -> seal(
                                new ClientIdentity(who.id(), KeyPair.generate(RANDOM), who.serverKey()),
                                text(box, who))),
                forgery("an empty text", (box, who) -> seal(who, new byte[0])),
                forgery("another text", (box, who) -> seal(who, new byte[32])),
                forgery("the text cut short", (box, who) -> seal(who, Arrays.copyOf(text(box, who), 31))),
                forgery("the text padded", (box, who) -> seal(who, Arrays.copyOf(text(box, who), 33))),
                forgery("the box padded at its end", (box, who) -> concat(right(box, who), new byte[1])),
                forgery("the box padded at its start", (box, who) -> concat(new byte[1], right(box, who))),
                forgery("the box cut short", (box, who) -> Arrays.copyOf(right(box, who), BOX_BYTES - 1)),
                forgery("a flipped bit of the text", (box, who) -> flip(right(box, who), 0)),
                forgery("a flipped bit of the tag", (box, who) -> flip(right(box, who), 32)),
                forgery("a flipped bit of the nonce", (box, who) -> flip(right(box, who), BOX_BYTES - 1)));
    }

    @ParameterizedTest
    @MethodSource("forgeries")
    void aWrongResponseIsRefusedAndChangesNothing(Forgery forgery) {
        ClientIdentity who = lostWithOneMissed();
        ScriptedClient stranger = world.connect();
        byte[] box = stranger.requestChallenge(who.id());
        stranger.send(new ChallengeResponse(forgery.apply(box, who)), new Ping());
        assertThat(stranger.readUntilClosed().rest()).isEmpty();
        world.master().expectSilenceOf(who.id(), SHORT);
        expectOwnerResumes(who);
    }

    @Test
    void aWrongResponseDoesNotDisturbALiveSession() {
        ScriptedClient owner = world.openHeard();
        ScriptedClient stranger = world.connect();
        byte[] box = stranger.requestChallenge(owner.id());
        stranger.send(new ChallengeResponse(box), new Ping());
        assertThat(stranger.readUntilClosed().rest()).isEmpty();
        world.roundTrip(owner);
    }

    @Test
    void aReplayedResponseIsRefused() {
        ClientIdentity who = lostWithOneMissed();
        ScriptedClient owner = world.connect();
        byte[] answer = ScriptedClient.answer(owner.requestChallenge(who.id()), who);
        owner.send(new ChallengeResponse(answer), new Ping());
        owner.expect(Ping.class);
        assertThat(owner.receive()).isEqualTo(utf8("missed"));
        world.master().expectReconnection(who.id());

        ScriptedClient eavesdropper = world.connect();
        eavesdropper.requestChallenge(who.id());
        eavesdropper.send(new ChallengeResponse(answer), new Ping());
        assertThat(eavesdropper.readUntilClosed().rest()).isEmpty();
        owner.send(utf8("still mine"));
        assertThat(world.master().dataOf(who.id())).isEqualTo(utf8("still mine"));
    }

    @Test
    void theResponseToOneAttemptIsNoGoodForAnother() {
        ClientIdentity who = lostWithOneMissed();
        ScriptedClient first = world.connect();
        ScriptedClient second = world.connect();
        byte[] firstBox = first.requestChallenge(who.id());
        byte[] secondBox = second.requestChallenge(who.id());
        assertThat(firstBox).isNotEqualTo(secondBox);

        second.send(new ChallengeResponse(ScriptedClient.answer(firstBox, who)), new Ping());
        assertThat(second.readUntilClosed().rest()).isEmpty();
        first.send(new ChallengeResponse(ScriptedClient.answer(firstBox, who)), new Ping());
        first.expect(Ping.class);
        assertThat(first.receive()).isEqualTo(utf8("missed"));
    }

    @Test
    void concurrentAttemptsBothSucceedTheLaterOneTakingOver() {
        ClientIdentity who = lostWithOneMissed();
        ScriptedClient first = world.connect();
        ScriptedClient second = world.connect();
        byte[] firstBox = first.requestChallenge(who.id());
        byte[] secondBox = second.requestChallenge(who.id());

        first.send(new ChallengeResponse(ScriptedClient.answer(firstBox, who)), new Ping());
        first.expect(Ping.class);
        assertThat(first.receive()).isEqualTo(utf8("missed"));
        world.master().expectReconnection(who.id());

        second.send(new ChallengeResponse(ScriptedClient.answer(secondBox, who)), new Ping());
        second.expect(Ping.class);
        world.master().expectReconnection(who.id());
        assertThat(first.readUntilClosed(Duration.ofSeconds(7)).rest()).isEmpty();
        second.send(utf8("mine now"));
        assertThat(world.master().dataOf(who.id())).isEqualTo(utf8("mine now"));
    }

    @Test
    void anUnfinishedAttemptHoldsNoLock() {
        ClientIdentity who = lostWithOneMissed();
        world.connect().requestChallenge(who.id());
        ScriptedClient proven = world.connect();
        byte[] box = proven.requestChallenge(who.id());
        proven.send(new ChallengeResponse(ScriptedClient.answer(box, who)));
        world.connect().send(new ProtocolVersion(2), new ClientId(who.id()));
        expectOwnerResumes(who);
    }

    @Test
    void nothingChangesBeforeThePing() {
        ScriptedClient old = world.openHeard();
        ScriptedClient proven = world.connect();
        byte[] box = proven.requestChallenge(old.id());
        proven.send(new ChallengeResponse(ScriptedClient.answer(box, old.identity())));
        proven.expectSilence(SHORT);
        world.roundTrip(old);
        proven.send(new Ping());
        proven.expect(Ping.class);
        world.master().expectReconnection(old.id());
    }

    static Stream<Named<HandshakePacket>> notAPing() {
        return Stream.of(
                Named.of("ProtocolVersion", new ProtocolVersion(2)),
                Named.of("PubKey", new PubKey(KeyPair.generate(RANDOM).publicKey())),
                Named.of("ClientId", new ClientId(1)),
                Named.of("ChallengeResponse", new ChallengeResponse(new byte[BOX_BYTES])));
    }

    @ParameterizedTest
    @MethodSource("notAPing")
    void anotherPacketInPlaceOfThePingEndsTheAttempt(HandshakePacket wrong) {
        ClientIdentity who = lostWithOneMissed();
        ScriptedClient client = world.connect();
        byte[] box = client.requestChallenge(who.id());
        client.send(new ChallengeResponse(ScriptedClient.answer(box, who)), wrong);
        assertThat(client.readUntilClosed().rest()).isEmpty();
        world.master().expectSilenceOf(who.id(), SHORT);
        expectOwnerResumes(who);
    }

    @Test
    void anUnfinishedAttemptIsClosedByTheHandshakeTimeout() {
        try (World hasty = World.setup()
                .with("listener.handshake_timeout_secs", 1)
                .with("clients.missed_packets_buffer_size", 10)
                .start()) {
            ScriptedClient owner = hasty.openHeard();
            hasty.cut(owner);
            ScriptedClient silent = hasty.connect();
            silent.requestChallenge(owner.id());
            ScriptedClient proven = hasty.connect();
            byte[] box = proven.requestChallenge(owner.id());
            proven.send(new ChallengeResponse(ScriptedClient.answer(box, owner.identity())));
            assertThat(silent.readUntilClosed(Duration.ofSeconds(3)).rest()).isEmpty();
            assertThat(proven.readUntilClosed(Duration.ofSeconds(3)).rest()).isEmpty();
            hasty.roundTripAfterReconnection(hasty.resumed(owner.identity()));
        }
    }

    @Test
    void manyAttemptsAtOnceWaitTheirTurn() {
        ClientIdentity who = lostWithOneMissed();
        List<ScriptedClient> crowd = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            ScriptedClient stranger = world.connect();
            stranger.send(new ProtocolVersion(2), new ClientId(i % 2 == 0 ? who.id() : i));
            crowd.add(stranger);
        }
        for (ScriptedClient stranger : crowd) {
            stranger.expect(PubKey.class);
            assertThat(stranger.expect(Challenge.class).box()).hasSize(BOX_BYTES);
        }
        expectOwnerResumes(who);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 4_711, (1L << 53) - 1, 1L << 53, Long.MAX_VALUE, -1})
    void anUnknownIdCantBeToldFromAKnownOne(long unknown) {
        ClientIdentity who = lostWithOneMissed();
        ScriptedClient known = world.connect();
        ScriptedClient stranger = world.connect();
        byte[] knownBox = known.requestChallenge(who.id());
        byte[] strangerBox = stranger.requestChallenge(unknown);
        assertThat(strangerBox).hasSameSizeAs(knownBox).hasSize(BOX_BYTES);
        assertThat(SecretBox.open(who.sharedKey(), strangerBox)).isNull();

        byte[] guess = new byte[BOX_BYTES];
        known.send(new ChallengeResponse(guess), new Ping());
        stranger.send(new ChallengeResponse(guess), new Ping());
        Closing knownEnd = known.readUntilClosed();
        Closing strangerEnd = stranger.readUntilClosed();
        assertThat(strangerEnd.rest()).isEqualTo(knownEnd.rest()).isEmpty();
        assertThat(strangerEnd.orderly()).isEqualTo(knownEnd.orderly());
        expectOwnerResumes(who);
    }

    @Test
    void anUnknownIdGetsAnotherChallengeEachTime() {
        assertThat(world.connect().requestChallenge(99))
                .isNotEqualTo(world.connect().requestChallenge(99));
    }

    @Test
    void anEchoedDecoyIsRefused() {
        ScriptedClient stranger = world.connect();
        byte[] box = stranger.requestChallenge(98);
        stranger.send(new ChallengeResponse(box), new Ping());
        assertThat(stranger.readUntilClosed().rest()).isEmpty();
    }

    private static ClientIdentity lostWithOneMissed() {
        ScriptedClient client = world.openHeard();
        world.lose(client);
        world.master().send(client.id(), utf8("missed"));
        world.settle();
        return client.identity();
    }

    private static void expectOwnerResumes(ClientIdentity who) {
        ScriptedClient owner = world.resumed(who);
        assertThat(owner.receive()).isEqualTo(utf8("missed"));
        world.roundTripAfterReconnection(owner);
    }

    private static Named<Forgery> forgery(String name, Forgery forgery) {
        return Named.of(name, forgery);
    }

    private static byte[] text(byte[] box, ClientIdentity who) {
        byte[] text = SecretBox.open(who.sharedKey(), box);
        assertThat(text).hasSize(32);
        return text;
    }

    private static byte[] seal(ClientIdentity who, byte[] text) {
        return SecretBox.seal(who.sharedKey(), text, RANDOM);
    }

    private static byte[] right(byte[] box, ClientIdentity who) {
        return ScriptedClient.answer(box, who);
    }

    private static byte[] flip(byte[] bytes, int index) {
        bytes[index] ^= 1;
        return bytes;
    }
}
