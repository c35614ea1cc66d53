package net.voltlane.server.edge;

import static net.voltlane.server.edge.EdgeClient.VERSION;
import static net.voltlane.server.edge.EdgeClient.frames;
import static net.voltlane.testkit.Bytes.concat;
import static net.voltlane.testkit.Bytes.hex;
import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import net.voltlane.proof.KeyPair;
import net.voltlane.protocol.Challenge;
import net.voltlane.protocol.ChallengeResponse;
import net.voltlane.protocol.ClientId;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.HandshakePacket;
import net.voltlane.protocol.Ping;
import net.voltlane.protocol.ProtocolVersion;
import net.voltlane.protocol.PubKey;
import net.voltlane.server.link.Bufs;
import net.voltlane.server.metrics.Metric;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.Seeds;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakCheck.class)
final class HandshakeHandlerTest {
    private EdgeHarness harness = new EdgeHarness();

    @AfterEach
    void close() {
        harness.close();
    }

    // ---- new sessions

    @Test
    void aNewSessionStepByStep() {
        EdgeClient client = harness.connect();
        assertThat(client.rest()).as("the client speaks first").isEmpty();
        client.send(hex("02000000 0102"));
        assertThat(client.expect(PubKey.class).key()).isEqualTo(harness.serverKey.publicKey());
        assertThat(client.rest()).isEmpty();
        client.send(concat(hex("23000000 02 21"), client.keys.publicKey()));
        assertThat(client.adopt().id).isBetween(1L, (1L << 53) - 1);
        assertThat(client.rest()).isEmpty();
        assertThat(harness.sessions.size()).isOne();
        assertThat(harness.count(Metric.SESSIONS_OPENED)).isOne();
        assertThat(harness.master.received())
                .as("the master hears of it with its first data")
                .isEmpty();
    }

    @Test
    void anUncompressedKeyIsTakenAsTheSamePoint() {
        EdgeClient client = harness.connect();
        byte[] key = CustomNamedCurves.getByName("secp256k1")
                .getCurve()
                .decodePoint(client.keys.publicKey())
                .getEncoded(false);
        assertThat(key).hasSize(65);
        client.send(VERSION, new PubKey(key));
        client.expect(PubKey.class);
        client.adopt();
        client.again().resume();
    }

    @Test
    void everythingMayBeSentAhead() {
        EdgeClient client = harness.connect();
        client.send(concat(
                frames(VERSION, new PubKey(client.keys.publicKey())),
                Frame.of(utf8("first")),
                Frame.of(utf8("second"))));
        client.expect(PubKey.class);
        client.adopt();
        assertThat(harness.master.dataOf(client.id)).containsExactly(utf8("first"), utf8("second"));
    }

    @Test
    void aNewSessionSplitAtEveryByte() {
        KeyPair keys = KeyPair.generate(EdgeHarness.RANDOM);
        byte[] all = concat(frames(VERSION, new PubKey(keys.publicKey())), Frame.of(utf8("data")));
        for (int at = 0; at <= all.length; at++) {
            EdgeClient client = new EdgeClient(harness, keys);
            client.send(Arrays.copyOf(all, at));
            client.send(Arrays.copyOfRange(all, at, all.length));
            client.expect(PubKey.class);
            client.adopt();
            assertThat(harness.master.dataOf(client.id)).as("split at %d", at).containsExactly(utf8("data"));
        }
    }

    @Test
    void handshakesOfManyPieces() {
        Seeds.run(seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            for (int round = 0; round < 30; round++) {
                EdgeClient client = harness.connect();
                byte[] all = concat(frames(VERSION, new PubKey(client.keys.publicKey())), Frame.of(utf8("data")));
                Bufs.split(all, random.nextInt(1, 20), random).forEach(client::send);
                client.expect(PubKey.class);
                client.adopt();
                assertThat(harness.master.dataOf(client.id)).containsExactly(utf8("data"));
            }
        });
    }

    @Test
    void aTruncatedHandshakeOpensNothing() {
        KeyPair keys = KeyPair.generate(EdgeHarness.RANDOM);
        byte[] all = frames(VERSION, new PubKey(keys.publicKey()));
        for (int length = 0; length < all.length; length++) {
            EdgeClient client = new EdgeClient(harness, keys);
            client.send(Arrays.copyOf(all, length));
            client.channel.finished();
            harness.run();
            assertThat(client.channel.isOpen()).isFalse();
        }
        assertThat(harness.sessions.size()).isZero();
        assertThat(harness.count(Metric.HANDSHAKES_ABANDONED)).isEqualTo(all.length);
    }

    @Test
    void bytesBehindAPacketAreIgnoredUpToTheLimitOfAFrame() {
        EdgeClient client = harness.connect();
        byte[] key = concat(hex("02 21"), client.keys.publicKey());
        client.send(frames(VERSION));
        client.send(Frame.of(Arrays.copyOf(key, 1024)));
        client.expect(PubKey.class);
        client.adopt();
    }

    @Test
    void theLimitOfHandshakesEndsWithThePubKey() {
        EdgeClient client = harness.connect();
        client.send(concat(frames(VERSION, new PubKey(client.keys.publicKey())), Frame.of(new byte[5000])));
        client.expect(PubKey.class);
        client.adopt();
        assertThat(harness.master.dataOf(client.id)).containsExactly(new byte[5000]);
    }

    // ---- bad input

    static Stream<byte[]> oversized() {
        return Stream.of(
                hex("01040000"), hex("FFFFFF7F"), hex("00000080"), hex("FFFFFFFF"), utf8("GET / HTTP/1.1\r\n"));
    }

    @ParameterizedTest
    @MethodSource("oversized")
    void aFrameOverTheLimitIsRefusedByItsLengthAlone(byte[] prefix) {
        EdgeClient first = harness.connect();
        first.send(prefix);
        assertThat(first.isClosed()).isTrue();
        assertThat(first.rest()).isEmpty();
        EdgeClient second = harness.connect();
        second.send(concat(frames(VERSION), prefix));
        assertThat(second.isClosed()).isTrue();
        assertThat(harness.count(Metric.REJECTED_FRAME_TOO_LARGE)).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "02 FD 00 00 00 00 00 00 00 40", // a key of 2^62 bytes
                "02 FD FF FF FF FF FF FF FF FF",
                "02 FC FF FF FF FF",
                "02 22 02 03", // longer than what is left
                "02", // without a length
                "FE", // no number begins so
                "FF",
                "FD 02 00 00 00 00 00 00 00", // too wide for a variant
                "06", // no such variant
                "01", // cut off
                "01 FB 02",
                "01 FD 02 00 00 00 00 00 00 00", // too wide for a version
                "" // not even a variant
            })
    void whatCanNotBeReadClosesTheLinkAlone(String payload) {
        EdgeClient other = harness.open();
        EdgeClient first = harness.connect();
        first.send(Frame.of(hex(payload)));
        assertThat(first.isClosed()).isTrue();
        EdgeClient second = harness.connect();
        second.send(concat(frames(VERSION), Frame.of(hex(payload)), Frame.of(utf8("ahead"))));
        assertThat(second.isClosed()).isTrue();
        assertThat(harness.count(Metric.REJECTED_MALFORMED)).isEqualTo(2);
        other.send(Frame.of(utf8("still here")));
        assertThat(harness.master.dataOf(other.id)).containsExactly(utf8("still here"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, -1})
    void onlyVersion2IsSpoken(int version) {
        EdgeClient client = harness.connect();
        client.send(new ProtocolVersion(version), new PubKey(client.keys.publicKey()));
        assertThat(client.isClosed()).isTrue();
        assertThat(client.rest()).isEmpty();
        assertThat(harness.count(Metric.REJECTED_VERSION)).isOne();
    }

    @Test
    void packetsThatHaveNoPlaceInAState() {
        PubKey key = new PubKey(KeyPair.generate(EdgeHarness.RANDOM).publicKey());
        List<HandshakePacket> all = List.of(
                new Ping(),
                VERSION,
                key,
                new ClientId(7),
                new Challenge(new byte[72]),
                new ChallengeResponse(new byte[72]));
        int refused = 0;
        for (HandshakePacket packet : all) {
            if (!packet.equals(VERSION)) {
                refused += refuses(harness.connect(), packet);
            }
            if (!packet.equals(key) && !(packet instanceof ClientId)) {
                EdgeClient inIdentity = harness.connect();
                inIdentity.send(VERSION);
                refused += refuses(inIdentity, packet);
            }
            EdgeClient owner = harness.open();
            if (!(packet instanceof ChallengeResponse)) {
                EdgeClient inAnswer = owner.again();
                inAnswer.challenge();
                refused += refuses(inAnswer, packet);
            }
            if (!packet.equals(new Ping())) {
                EdgeClient inPing = owner.again();
                inPing.send(new ChallengeResponse(inPing.answerTo(inPing.challenge())));
                refused += refuses(inPing, packet);
            }
            assertThat(owner.channel.isOpen()).as("the session's own link").isTrue();
        }
        assertThat(refused).isEqualTo(5 + 4 + 5 + 5);
        assertThat(harness.count(Metric.REJECTED_UNEXPECTED)).isEqualTo(refused);
        assertThat(harness.master.received()).isEmpty();
    }

    private static int refuses(EdgeClient client, HandshakePacket packet) {
        client.rest();
        client.send(packet);
        assertThat(client.isClosed()).as("closed upon %s", packet).isTrue();
        assertThat(client.rest()).isEmpty();
        return 1;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00", // infinity
                "02",
                "05 79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798", // no such form
                "02 0000000000000000000000000000000000000000000000000000000000000005", // not on the curve
                "02 FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFC30", // 1, over the field
                "02 79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798 00" // a byte too long
            })
    void whatIsNoPointIsRefused(String key) {
        EdgeClient client = harness.connect();
        client.send(VERSION, new PubKey(hex(key)));
        client.expect(PubKey.class);
        assertThat(client.isClosed()).isTrue();
        assertThat(client.rest()).isEmpty();
        assertThat(harness.count(Metric.REJECTED_KEY)).isOne();
        assertThat(harness.sessions.size()).isZero();
    }

    @Test
    void randomBytesNeitherOpenNorBreakAnything() {
        Seeds.run(seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            for (int round = 0; round < 300; round++) {
                EdgeClient client = harness.connect();
                byte[] rubbish = new byte[random.nextInt(1, 2000)];
                random.nextBytes(rubbish);
                boolean framed = random.nextBoolean(); // else most are refused by their length
                byte[] all = framed ? Frame.of(Arrays.copyOf(rubbish, Math.min(1024, rubbish.length))) : rubbish;
                client.send(random.nextBoolean() ? concat(frames(VERSION), all) : all);
                client.channel.finished();
                harness.run();
                assertThat(client.channel.isOpen()).isFalse();
            }
            assertThat(harness.sessions.size()).isZero();
        });
    }

    @Test
    void faultsAreWarnedOfAtABoundedRateAndWithoutAStackTrace() {
        for (int i = 0; i < 100; i++) {
            harness.connect().send(hex("FFFFFFFF"));
        }
        assertThat(harness.log.lines())
                .containsExactly(
                        "WARN Rejected 1 client: handshake frame too large, or another protocol such as HTTP or TLS"
                                + " (last: 192.0.2.1)");
        harness.advance(Duration.ofSeconds(10));
        harness.connect().send(hex("FFFFFFFF"));
        assertThat(harness.log.lines()).hasSize(2).last().asString().startsWith("WARN Rejected 100 clients: ");
    }

    @Test
    void aClosedHandshakeReadsNothingMore() {
        EdgeClient client = harness.connect();
        client.send(concat(frames(VERSION, new Ping()), frames(VERSION, new PubKey(client.keys.publicKey()))));
        client.expect(PubKey.class);
        client.send(frames(VERSION));
        assertThat(client.rest()).isEmpty();
        assertThat(harness.sessions.size()).isZero();
    }

    // ---- how a refused link closes

    @Test
    void aLinkOnWhichSomethingWasSentWaitsForThePeersFin() {
        EdgeClient client = harness.connect();
        client.send(concat(frames(VERSION, new Ping()), new byte[2000]));
        client.expect(PubKey.class);
        assertThat(client.channel.isOutputShutdown()).isTrue();
        assertThat(client.channel.isOpen()).isTrue();
        assertThat(client.channel.unreadBytes())
                .as("read and dropped: else the close would be a reset")
                .isZero();
        client.channel.finished();
        harness.run();
        assertThat(client.channel.isOpen()).isFalse();
        assertThat(harness.count(Metric.LINKS_RESET)).isZero();
    }

    @Test
    void andIsResetWhenThatDoesNotCome() {
        EdgeClient client = harness.connect();
        client.send(VERSION, new Ping());
        harness.advance(Duration.ofSeconds(5));
        assertThat(client.channel.wasReset()).isTrue();
        assertThat(harness.count(Metric.LINKS_RESET)).isOne();
    }

    @Test
    void aLinkOnWhichNothingWasSentClosesAtOnce() {
        EdgeClient client = harness.connect();
        client.send(new Ping());
        assertThat(client.channel.isOpen()).isFalse();
    }

    // ---- time

    @Test
    void aSilentClientIsClosedAtItsTime() {
        EdgeClient client = harness.connect();
        harness.advance(EdgeHarness.HANDSHAKE_TIMEOUT.minusNanos(1));
        assertThat(client.channel.isOpen()).isTrue();
        harness.advance(Duration.ofNanos(1));
        assertThat(client.channel.isOpen()).isFalse();
        assertThat(harness.count(Metric.REJECTED_TIMEOUT)).isOne();
    }

    @Test
    void drippingBuysNoTime() {
        EdgeClient client = harness.connect();
        byte[] all = frames(VERSION, new PubKey(client.keys.publicKey()));
        for (int i = 0; i < 9; i++) {
            harness.advance(Duration.ofSeconds(1));
            client.send(new byte[] {all[i]});
        }
        assertThat(client.isClosed()).isFalse();
        harness.advance(Duration.ofSeconds(1));
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void theTimeRunsInEveryState() {
        EdgeClient owner = harness.open();
        EdgeClient identity = harness.connect();
        identity.send(VERSION);
        EdgeClient answer = owner.again();
        byte[] box = answer.challenge();
        EdgeClient ping = owner.again();
        ping.send(new ChallengeResponse(ping.answerTo(ping.challenge())));
        harness.computations.hold(2);
        EdgeClient checking = harness.connect();
        checking.send(VERSION, new PubKey(checking.keys.publicKey()));
        EdgeClient challenging = owner.again();
        challenging.send(VERSION, new ClientId(owner.id));
        assertThat(harness.computations.waiting()).isEqualTo(2);

        harness.advance(EdgeHarness.HANDSHAKE_TIMEOUT);
        assertThat(Stream.of(identity, answer, ping, checking, challenging)).allMatch(EdgeClient::isClosed);
        assertThat(harness.count(Metric.REJECTED_TIMEOUT)).isEqualTo(5);
        answer.send(new ChallengeResponse(answer.answerTo(box)), new Ping());
        harness.computations.runAll();
        harness.run();
        assertThat(harness.sessions.size())
                .as("nothing came of what was under way")
                .isOne();
        assertThat(owner.channel.isOpen()).isTrue();
        assertThat(harness.master.received()).isEmpty();
    }

    @Test
    void anOpenSessionHasNoMoreTimeToKeep() {
        EdgeClient client = harness.open();
        harness.advance(EdgeHarness.HANDSHAKE_TIMEOUT.multipliedBy(10));
        assertThat(client.channel.isOpen()).isTrue();
        assertThat(harness.count(Metric.REJECTED_TIMEOUT)).isZero();
    }

    // ---- the proof

    @Test
    void aSessionIsResumedByTheProofAndThePing() {
        EdgeClient owner = harness.openHeard();
        EdgeClient back = owner.again();
        byte[] box = back.challenge();
        assertThat(box).hasSize(72);
        back.send(new ChallengeResponse(back.answerTo(box)));
        assertThat(owner.channel.isOutputShutdown()).as("not before the Ping").isFalse();
        assertThat(harness.count(Metric.SESSIONS_RESUMED)).isZero();
        assertThat(harness.master.received()).isEmpty();
        back.send(new Ping());
        back.expect(Ping.class);
        assertThat(harness.count(Metric.SESSIONS_RESUMED)).isOne();
        assertThat(owner.isClosed()).isTrue();
        assertThat(harness.master.received()).containsExactly(EdgeHarness.Master.reconnected(owner.id));
    }

    @Test
    void aResumeSplitAtEveryByte() {
        EdgeClient owner = harness.openHeard();
        int length = frames(new ChallengeResponse(new byte[72]), new Ping()).length + 8;
        for (int at = 0; at <= length; at++) {
            EdgeClient back = owner.again();
            byte[] first = frames(VERSION, new ClientId(owner.id));
            int firstAt = at % first.length;
            back.send(Arrays.copyOf(first, firstAt));
            back.send(Arrays.copyOfRange(first, firstAt, first.length));
            back.expect(PubKey.class);
            byte[] answer = back.answerTo(back.expect(Challenge.class).box());
            byte[] second = concat(frames(new ChallengeResponse(answer), new Ping()), Frame.of(utf8("data")));
            assertThat(second).hasSize(length);
            back.send(Arrays.copyOf(second, at));
            back.send(Arrays.copyOfRange(second, at, length));
            back.expect(Ping.class);
            assertThat(harness.master.received())
                    .as("split at %d", at)
                    .containsExactly(
                            EdgeHarness.Master.reconnected(owner.id), EdgeHarness.Master.data(owner.id, utf8("data")));
        }
    }

    @Test
    void aClientIdMayBeSentAheadAndWhatFollowsWaits() {
        EdgeClient owner = harness.open();
        EdgeClient back = owner.again();
        harness.computations.hold(1);
        back.send(concat(frames(VERSION, new ClientId(owner.id)), hex("4A0000")));
        assertThat(back.rest()).as("both answers go out together").isEmpty();
        harness.computations.runAll();
        harness.run();
        back.expect(PubKey.class);
        byte[] answer = back.answerTo(back.expect(Challenge.class).box());
        byte[] rest = frames(new ChallengeResponse(answer), new Ping());
        assertThat(Arrays.copyOf(rest, 3)).isEqualTo(hex("4A0000"));
        back.send(Arrays.copyOfRange(rest, 3, rest.length));
        back.expect(Ping.class);
    }

    static Stream<String> wrongAnswers() {
        return Stream.of("reflected", "empty", "short", "39 bytes", "zeros", "flipped", "padded", "other key");
    }

    @ParameterizedTest
    @MethodSource("wrongAnswers")
    void aWrongAnswerClosesTheLinkAndLeavesTheSessionAsItWas(String how) {
        EdgeClient owner = harness.open();
        EdgeClient thief = owner.again();
        byte[] box = thief.challenge();
        byte[] right = thief.answerTo(box);
        byte[] wrong = switch (how) {
            case "reflected" -> box;
            case "empty" -> new byte[0];
            case "short" -> Arrays.copyOf(right, right.length - 1);
            case "39 bytes" -> new byte[39];
            case "zeros" -> new byte[72];
            case "flipped" -> flipped(right);
            case "padded" -> Arrays.copyOf(right, right.length + 1);
            default -> harness.open().sealedByOwnKey();
        };
        refusesTheProof(owner, thief, wrong);
        owner.again().resume();
    }

    private static byte[] flipped(byte[] box) {
        byte[] flipped = box.clone();
        flipped[0] ^= 1;
        return flipped;
    }

    @Test
    void anAnswerToAnotherChallengeIsRefused() {
        EdgeClient owner = harness.open();
        EdgeClient first = owner.again();
        byte[] answer = first.answerTo(first.challenge());
        EdgeClient second = owner.again();
        second.challenge();
        refusesTheProof(owner, second, answer);
    }

    @Test
    void anAnswerThatWasUsedIsRefused() {
        EdgeClient owner = harness.open();
        EdgeClient first = owner.again();
        byte[] answer = first.answerTo(first.challenge());
        first.send(new ChallengeResponse(answer), new Ping());
        first.expect(Ping.class);
        harness.master.received();
        EdgeClient replay = owner.again();
        replay.challenge();
        refusesTheProof(first, replay, answer);
    }

    @Test
    void thereIsOneTry() {
        EdgeClient owner = harness.open();
        EdgeClient thief = owner.again();
        byte[] right = thief.answerTo(thief.challenge());
        refusesTheProof(owner, thief, flipped(right));
        thief.send(new ChallengeResponse(right), new Ping());
        assertThat(thief.rest()).isEmpty();
        assertThat(harness.count(Metric.SESSIONS_RESUMED)).isZero();
    }

    @Test
    void anUnknownIdIsChallengedLikeAKnownOneAndNoAnswerIsRight() {
        EdgeClient stranger = harness.connect();
        stranger.id = 42;
        byte[] box = stranger.challenge();
        assertThat(box).hasSize(72);
        stranger.send(new ChallengeResponse(box), new Ping());
        assertThat(stranger.isClosed()).isTrue();
        assertThat(stranger.rest()).isEmpty();
        assertThat(harness.count(Metric.REJECTED_PROOF)).isOne();
    }

    private void refusesTheProof(EdgeClient owner, EdgeClient thief, byte[] answer) {
        long before = harness.count(Metric.REJECTED_PROOF);
        thief.send(new ChallengeResponse(answer), new Ping());
        assertThat(thief.isClosed()).isTrue();
        assertThat(thief.rest()).isEmpty();
        assertThat(harness.count(Metric.REJECTED_PROOF)).isEqualTo(before + 1);
        assertThat(harness.master.received()).isEmpty();
        assertThat(owner.channel.isOutputShutdown()).isFalse();
        harness.send(owner.id, utf8("yours"));
        harness.run();
        assertThat(owner.data()).containsExactly(utf8("yours"));
    }

    @Test
    void anAttemptHoldsNoLockOnASession() {
        EdgeClient owner = harness.open();
        EdgeClient slow = owner.again();
        byte[] box = slow.challenge();
        EdgeClient fast = owner.again().resume();
        assertThat(fast.isClosed()).isFalse();
        slow.send(new ChallengeResponse(slow.answerTo(box)), new Ping());
        slow.expect(Ping.class);
        assertThat(fast.isClosed()).as("taken over in its turn").isTrue();
    }

    @Test
    void aSessionThatEndsBetweenProofAndPingIsNotResumed() {
        EdgeClient owner = harness.open();
        EdgeClient back = owner.again();
        back.send(new ChallengeResponse(back.answerTo(back.challenge())));
        harness.sessions.kick(owner.id);
        harness.run();
        back.send(new Ping());
        assertThat(back.isClosed()).isTrue();
        assertThat(back.rest()).isEmpty();
        assertThat(harness.count(Metric.RESUMES_REFUSED)).isOne();
    }

    // ---- the executor

    @Test
    void whatTheExecutorHasNoPlaceForWaitsInTurn() {
        harness.computations.hold(1);
        List<EdgeClient> clients = Stream.generate(harness::connect).limit(3).toList();
        for (EdgeClient client : clients) {
            client.send(VERSION, new PubKey(client.keys.publicKey()));
        }
        assertThat(harness.count(Metric.PROOFS_DEFERRED)).isEqualTo(2);
        for (EdgeClient client : clients) {
            assertThat(client.rest()).isEmpty();
            assertThat(harness.computations.waiting()).isOne();
            harness.computations.runOne();
            harness.run();
            client.expect(PubKey.class);
            client.adopt();
        }
    }

    @Test
    void placesThatOthersGaveBackAreFoundByTheSweep() {
        harness.computations.hold(0);
        EdgeClient client = harness.connect();
        client.send(VERSION, new PubKey(client.keys.publicKey()));
        harness.computations.hold(1);
        harness.advance(Duration.ofMillis(100));
        harness.computations.runAll();
        harness.run();
        client.expect(PubKey.class);
        client.adopt();
    }

    @Test
    void nothingIsComputedForAClientThatHasGone() {
        harness.computations.hold(1);
        EdgeClient gone = harness.connect();
        gone.send(VERSION, new PubKey(new byte[33]));
        EdgeClient next = harness.connect();
        next.send(VERSION, new PubKey(next.keys.publicKey()));
        gone.channel.broken(new IOException("reset by peer"));
        harness.run();
        harness.computations.runOne();
        harness.run();
        assertThat(harness.count(Metric.REJECTED_KEY)).isZero();
        harness.computations.runAll();
        harness.run();
        next.expect(PubKey.class);
        next.adopt();
    }

    @Test
    void whileAKeyIsCheckedNothingIsRead() {
        harness.computations.hold(1);
        EdgeClient client = harness.connect();
        client.send(frames(VERSION, new PubKey(client.keys.publicKey())));
        int size = 10_000;
        client.send(Frame.of(new byte[size]));
        assertThat(client.channel.unreadBytes()).isEqualTo(size + 4);
        harness.computations.runAll();
        harness.run();
        client.expect(PubKey.class);
        client.adopt();
        assertThat(client.channel.unreadBytes()).isZero();
        assertThat(harness.master.dataOf(client.id)).containsExactly(new byte[size]);
    }

    @Test
    void moreThanPlentyThatIsForcedInWhileAKeyIsCheckedClosesTheLink() {
        harness.computations.hold(2);
        EdgeClient patient = harness.connect();
        EdgeClient flood = harness.connect();
        for (EdgeClient client : List.of(patient, flood)) {
            client.send(VERSION, new PubKey(client.keys.publicKey()));
        }
        forceIn(patient, 64 * 1024);
        forceIn(flood, 64 * 1024 + 1);
        assertThat(patient.channel.isOpen()).isTrue();
        assertThat(flood.channel.isOpen()).isFalse();
        harness.computations.runAll();
        harness.run();
        patient.expect(PubKey.class);
        patient.adopt();
        assertThat(harness.sessions.size()).isOne();
    }

    /** A FIN makes some transports read until there is nothing left. */
    private void forceIn(EdgeClient client, int bytes) {
        client.channel.receives(new byte[bytes]);
        while (client.channel.unreadBytes() > 0 && client.channel.isOpen()) {
            client.channel.readForced();
            harness.clientLoop.run();
        }
    }

    // ---- memory, stop

    @Test
    void onlyWhatWaitsIsCharged() {
        EdgeClient client = harness.connect();
        client.send(hex("020000"));
        assertThat(harness.budget.heldBytes()).isPositive();
        client.send(hex("00 0102"));
        client.expect(PubKey.class);
        assertThat(harness.budget.heldBytes()).isZero();
    }

    @Test
    void whatIsForcedInWhileAKeyIsCheckedIsTakenOnlyAsLongAsThereIsRoom() {
        harness.close();
        harness = new EdgeHarness(EdgeHarness.SETTINGS, 20_000);
        harness.computations.hold(1);
        EdgeClient client = harness.connect();
        client.send(frames(VERSION, new PubKey(client.keys.publicKey())));
        client.send(new byte[15_000]);
        client.channel.readForced();
        harness.run();
        assertThat(client.channel.isOpen()).isTrue();
        harness.budget.hold(10_001); // for a master that does not read
        client.channel.readForced();
        harness.run();
        assertThat(client.channel.isOpen()).isFalse();
        harness.computations.runAll();
        harness.run();
        assertThat(harness.sessions.size()).isZero();
        harness.budget.hold(-10_001);
    }

    @Test
    void whileMoreIsHeldThanMayBeNobodyJoins() {
        harness.close();
        harness = new EdgeHarness(EdgeHarness.SETTINGS, 20_000);
        EdgeClient owner = harness.open();
        harness.budget.hold(20_001);
        EdgeClient fresh = harness.connect();
        fresh.send(VERSION, new PubKey(fresh.keys.publicKey()));
        assertThat(fresh.isClosed()).isTrue();
        EdgeClient back = owner.again();
        back.send(VERSION, new ClientId(owner.id));
        assertThat(back.isClosed()).isTrue();
        assertThat(harness.count(Metric.REJECTED_MEMORY)).isEqualTo(2);
        assertThat(owner.channel.isOpen()).isTrue();
        harness.budget.hold(-1);
        back.again().resume();
        harness.budget.hold(-20_000);
    }

    @Test
    void atTheMemoryLimitThoseThatHoldSomethingGo() {
        EdgeClient holds = harness.connect();
        holds.send(hex("020000"));
        EdgeClient held = harness.connect();
        held.send(hex("020000"));
        held.send(hex("00 0102"));
        EdgeClient holdsNothing = harness.connect();
        EdgeClient session = harness.open();
        harness.loop.timeouts.shed();
        harness.run();
        assertThat(holds.channel.isOpen()).isFalse();
        assertThat(held.isClosed()).isFalse();
        assertThat(holdsNothing.channel.isOpen()).isTrue();
        assertThat(session.channel.isOpen()).isTrue();
        assertThat(harness.count(Metric.REJECTED_MEMORY)).isOne();
    }

    @Test
    void aStopClosesHandshakesAndNoSession() {
        EdgeClient stranger = harness.connect();
        EdgeClient half = harness.connect();
        half.send(VERSION);
        EdgeClient session = harness.open();
        harness.loop.timeouts.stopHandshakes();
        harness.run();
        assertThat(stranger.channel.isOpen()).isFalse();
        assertThat(half.isClosed()).isTrue();
        assertThat(session.isClosed()).isFalse();
        assertThat(harness.count(Metric.REJECTED_STOPPING)).isEqualTo(2);
    }
}
