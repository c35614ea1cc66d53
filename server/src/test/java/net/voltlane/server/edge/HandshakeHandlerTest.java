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
    private EdgeBench bench = new EdgeBench();

    @AfterEach
    void close() {
        bench.close();
    }

    // ---- new sessions

    @Test
    void aNewSessionStepByStep() {
        EdgeClient client = bench.connect();
        assertThat(client.rest()).as("the client speaks first").isEmpty();
        client.send(hex("02000000 0102"));
        assertThat(client.expect(PubKey.class).key()).isEqualTo(bench.serverKey.publicKey());
        assertThat(client.rest()).isEmpty();
        client.send(concat(hex("23000000 02 21"), client.keys.publicKey()));
        assertThat(client.adopt().id).isBetween(1L, (1L << 53) - 1);
        assertThat(client.rest()).isEmpty();
        assertThat(bench.sessions.size()).isOne();
        assertThat(bench.count(Metric.SESSIONS_OPENED)).isOne();
        assertThat(bench.master.heard())
                .as("the master hears of it with its first data")
                .isEmpty();
    }

    @Test
    void anUncompressedKeyIsTakenAsTheSamePoint() {
        EdgeClient client = bench.connect();
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
        EdgeClient client = bench.connect();
        client.send(concat(
                frames(VERSION, new PubKey(client.keys.publicKey())),
                Frame.of(utf8("first")),
                Frame.of(utf8("second"))));
        client.expect(PubKey.class);
        client.adopt();
        assertThat(bench.master.dataOf(client.id)).containsExactly(utf8("first"), utf8("second"));
    }

    @Test
    void aNewSessionSplitAtEveryByte() {
        KeyPair keys = KeyPair.generate(EdgeBench.RANDOM);
        byte[] all = concat(frames(VERSION, new PubKey(keys.publicKey())), Frame.of(utf8("data")));
        for (int at = 0; at <= all.length; at++) {
            EdgeClient client = new EdgeClient(bench, keys);
            client.send(Arrays.copyOf(all, at));
            client.send(Arrays.copyOfRange(all, at, all.length));
            client.expect(PubKey.class);
            client.adopt();
            assertThat(bench.master.dataOf(client.id)).as("split at %d", at).containsExactly(utf8("data"));
        }
    }

    @Test
    void handshakesOfManyPieces() {
        Seeds.run(seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            for (int round = 0; round < 30; round++) {
                EdgeClient client = bench.connect();
                byte[] all = concat(frames(VERSION, new PubKey(client.keys.publicKey())), Frame.of(utf8("data")));
                Bufs.split(all, random.nextInt(1, 20), random).forEach(client::send);
                client.expect(PubKey.class);
                client.adopt();
                assertThat(bench.master.dataOf(client.id)).containsExactly(utf8("data"));
            }
        });
    }

    @Test
    void aTruncatedHandshakeOpensNothing() {
        KeyPair keys = KeyPair.generate(EdgeBench.RANDOM);
        byte[] all = frames(VERSION, new PubKey(keys.publicKey()));
        for (int length = 0; length < all.length; length++) {
            EdgeClient client = new EdgeClient(bench, keys);
            client.send(Arrays.copyOf(all, length));
            client.channel.finished();
            bench.run();
            assertThat(client.channel.isOpen()).isFalse();
        }
        assertThat(bench.sessions.size()).isZero();
        assertThat(bench.count(Metric.HANDSHAKES_ABANDONED)).isEqualTo(all.length);
    }

    @Test
    void bytesBehindAPacketAreIgnoredUpToTheLimitOfAFrame() {
        EdgeClient client = bench.connect();
        byte[] key = concat(hex("02 21"), client.keys.publicKey());
        client.send(frames(VERSION));
        client.send(Frame.of(Arrays.copyOf(key, 1024)));
        client.expect(PubKey.class);
        client.adopt();
    }

    @Test
    void theLimitOfHandshakesEndsWithThePubKey() {
        EdgeClient client = bench.connect();
        client.send(concat(frames(VERSION, new PubKey(client.keys.publicKey())), Frame.of(new byte[5000])));
        client.expect(PubKey.class);
        client.adopt();
        assertThat(bench.master.dataOf(client.id)).containsExactly(new byte[5000]);
    }

    // ---- bad input

    static Stream<byte[]> oversized() {
        return Stream.of(
                hex("01040000"), hex("FFFFFF7F"), hex("00000080"), hex("FFFFFFFF"), utf8("GET / HTTP/1.1\r\n"));
    }

    @ParameterizedTest
    @MethodSource("oversized")
    void aFrameOverTheLimitIsRefusedByItsLengthAlone(byte[] prefix) {
        EdgeClient first = bench.connect();
        first.send(prefix);
        assertThat(first.isClosed()).isTrue();
        assertThat(first.rest()).isEmpty();
        EdgeClient second = bench.connect();
        second.send(concat(frames(VERSION), prefix));
        assertThat(second.isClosed()).isTrue();
        assertThat(bench.count(Metric.REJECTED_FRAME_TOO_LARGE)).isEqualTo(2);
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
        EdgeClient other = bench.open();
        EdgeClient first = bench.connect();
        first.send(Frame.of(hex(payload)));
        assertThat(first.isClosed()).isTrue();
        EdgeClient second = bench.connect();
        second.send(concat(frames(VERSION), Frame.of(hex(payload)), Frame.of(utf8("ahead"))));
        assertThat(second.isClosed()).isTrue();
        assertThat(bench.count(Metric.REJECTED_MALFORMED)).isEqualTo(2);
        other.send(Frame.of(utf8("still here")));
        assertThat(bench.master.dataOf(other.id)).containsExactly(utf8("still here"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, -1})
    void onlyVersion2IsSpoken(int version) {
        EdgeClient client = bench.connect();
        client.send(new ProtocolVersion(version), new PubKey(client.keys.publicKey()));
        assertThat(client.isClosed()).isTrue();
        assertThat(client.rest()).isEmpty();
        assertThat(bench.count(Metric.REJECTED_VERSION)).isOne();
    }

    @Test
    void packetsThatHaveNoPlaceInAState() {
        PubKey key = new PubKey(KeyPair.generate(EdgeBench.RANDOM).publicKey());
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
                refused += refuses(bench.connect(), packet);
            }
            if (!packet.equals(key) && !(packet instanceof ClientId)) {
                EdgeClient inIdentity = bench.connect();
                inIdentity.send(VERSION);
                refused += refuses(inIdentity, packet);
            }
            EdgeClient owner = bench.open();
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
        assertThat(bench.count(Metric.REJECTED_UNEXPECTED)).isEqualTo(refused);
        assertThat(bench.master.heard()).isEmpty();
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
        EdgeClient client = bench.connect();
        client.send(VERSION, new PubKey(hex(key)));
        client.expect(PubKey.class);
        assertThat(client.isClosed()).isTrue();
        assertThat(client.rest()).isEmpty();
        assertThat(bench.count(Metric.REJECTED_KEY)).isOne();
        assertThat(bench.sessions.size()).isZero();
    }

    @Test
    void randomBytesNeitherOpenNorBreakAnything() {
        Seeds.run(seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            for (int round = 0; round < 300; round++) {
                EdgeClient client = bench.connect();
                byte[] rubbish = new byte[random.nextInt(1, 2000)];
                random.nextBytes(rubbish);
                boolean framed = random.nextBoolean(); // else most are refused by their length
                byte[] all = framed ? Frame.of(Arrays.copyOf(rubbish, Math.min(1024, rubbish.length))) : rubbish;
                client.send(random.nextBoolean() ? concat(frames(VERSION), all) : all);
                client.channel.finished();
                bench.run();
                assertThat(client.channel.isOpen()).isFalse();
            }
            assertThat(bench.sessions.size()).isZero();
        });
    }

    @Test
    void faultsAreWarnedOfAtABoundedRateAndWithoutAStackTrace() {
        for (int i = 0; i < 100; i++) {
            bench.connect().send(hex("FFFFFFFF"));
        }
        assertThat(bench.log.lines())
                .containsExactly(
                        "WARN Rejected 1 client: handshake frame too large, or another protocol such as HTTP or TLS"
                                + " (last: 192.0.2.1)");
        bench.advance(Duration.ofSeconds(10));
        bench.connect().send(hex("FFFFFFFF"));
        assertThat(bench.log.lines()).hasSize(2).last().asString().startsWith("WARN Rejected 100 clients: ");
    }

    @Test
    void aClosedHandshakeReadsNothingMore() {
        EdgeClient client = bench.connect();
        client.send(concat(frames(VERSION, new Ping()), frames(VERSION, new PubKey(client.keys.publicKey()))));
        client.expect(PubKey.class);
        client.send(frames(VERSION));
        assertThat(client.rest()).isEmpty();
        assertThat(bench.sessions.size()).isZero();
    }

    // ---- how a refused link closes

    @Test
    void aLinkOnWhichSomethingWasSentWaitsForThePeersFin() {
        EdgeClient client = bench.connect();
        client.send(concat(frames(VERSION, new Ping()), new byte[2000]));
        client.expect(PubKey.class);
        assertThat(client.channel.isOutputShutdown()).isTrue();
        assertThat(client.channel.isOpen()).isTrue();
        assertThat(client.channel.unreadBytes())
                .as("read and dropped: else the close would be a reset")
                .isZero();
        client.channel.finished();
        bench.run();
        assertThat(client.channel.isOpen()).isFalse();
        assertThat(bench.count(Metric.LINKS_RESET)).isZero();
    }

    @Test
    void andIsResetWhenThatDoesNotCome() {
        EdgeClient client = bench.connect();
        client.send(VERSION, new Ping());
        bench.advance(Duration.ofSeconds(5));
        assertThat(client.channel.wasReset()).isTrue();
        assertThat(bench.count(Metric.LINKS_RESET)).isOne();
    }

    @Test
    void aLinkOnWhichNothingWasSentClosesAtOnce() {
        EdgeClient client = bench.connect();
        client.send(new Ping());
        assertThat(client.channel.isOpen()).isFalse();
    }

    // ---- time

    @Test
    void aSilentClientIsClosedAtItsTime() {
        EdgeClient client = bench.connect();
        bench.advance(EdgeBench.HANDSHAKE_TIMEOUT.minusNanos(1));
        assertThat(client.channel.isOpen()).isTrue();
        bench.advance(Duration.ofNanos(1));
        assertThat(client.channel.isOpen()).isFalse();
        assertThat(bench.count(Metric.REJECTED_TIMEOUT)).isOne();
    }

    @Test
    void drippingBuysNoTime() {
        EdgeClient client = bench.connect();
        byte[] all = frames(VERSION, new PubKey(client.keys.publicKey()));
        for (int i = 0; i < 9; i++) {
            bench.advance(Duration.ofSeconds(1));
            client.send(new byte[] {all[i]});
        }
        assertThat(client.isClosed()).isFalse();
        bench.advance(Duration.ofSeconds(1));
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void theTimeRunsInEveryState() {
        EdgeClient owner = bench.open();
        EdgeClient identity = bench.connect();
        identity.send(VERSION);
        EdgeClient answer = owner.again();
        byte[] box = answer.challenge();
        EdgeClient ping = owner.again();
        ping.send(new ChallengeResponse(ping.answerTo(ping.challenge())));
        bench.computations.hold(2);
        EdgeClient checking = bench.connect();
        checking.send(VERSION, new PubKey(checking.keys.publicKey()));
        EdgeClient challenging = owner.again();
        challenging.send(VERSION, new ClientId(owner.id));
        assertThat(bench.computations.waiting()).isEqualTo(2);

        bench.advance(EdgeBench.HANDSHAKE_TIMEOUT);
        assertThat(Stream.of(identity, answer, ping, checking, challenging)).allMatch(EdgeClient::isClosed);
        assertThat(bench.count(Metric.REJECTED_TIMEOUT)).isEqualTo(5);
        answer.send(new ChallengeResponse(answer.answerTo(box)), new Ping());
        bench.computations.runAll();
        bench.run();
        assertThat(bench.sessions.size())
                .as("nothing came of what was under way")
                .isOne();
        assertThat(owner.channel.isOpen()).isTrue();
        assertThat(bench.master.heard()).isEmpty();
    }

    @Test
    void anOpenSessionHasNoMoreTimeToKeep() {
        EdgeClient client = bench.open();
        bench.advance(EdgeBench.HANDSHAKE_TIMEOUT.multipliedBy(10));
        assertThat(client.channel.isOpen()).isTrue();
        assertThat(bench.count(Metric.REJECTED_TIMEOUT)).isZero();
    }

    // ---- the proof

    @Test
    void aSessionIsResumedByTheProofAndThePing() {
        EdgeClient owner = bench.openHeard();
        EdgeClient back = owner.again();
        byte[] box = back.challenge();
        assertThat(box).hasSize(72);
        back.send(new ChallengeResponse(back.answerTo(box)));
        assertThat(owner.channel.isOutputShutdown()).as("not before the Ping").isFalse();
        assertThat(bench.count(Metric.SESSIONS_RESUMED)).isZero();
        assertThat(bench.master.heard()).isEmpty();
        back.send(new Ping());
        back.expect(Ping.class);
        assertThat(bench.count(Metric.SESSIONS_RESUMED)).isOne();
        assertThat(owner.isClosed()).isTrue();
        assertThat(bench.master.heard()).containsExactly(EdgeBench.Master.reconnected(owner.id));
    }

    @Test
    void aResumeSplitAtEveryByte() {
        EdgeClient owner = bench.openHeard();
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
            assertThat(bench.master.heard())
                    .as("split at %d", at)
                    .containsExactly(
                            EdgeBench.Master.reconnected(owner.id), EdgeBench.Master.data(owner.id, utf8("data")));
        }
    }

    @Test
    void aClientIdMayBeSentAheadAndWhatFollowsWaits() {
        EdgeClient owner = bench.open();
        EdgeClient back = owner.again();
        bench.computations.hold(1);
        back.send(concat(frames(VERSION, new ClientId(owner.id)), hex("4A0000")));
        assertThat(back.rest()).as("both answers go out together").isEmpty();
        bench.computations.runAll();
        bench.run();
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
        EdgeClient owner = bench.open();
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
            default -> bench.open().sealedByOwnKey();
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
        EdgeClient owner = bench.open();
        EdgeClient first = owner.again();
        byte[] answer = first.answerTo(first.challenge());
        EdgeClient second = owner.again();
        second.challenge();
        refusesTheProof(owner, second, answer);
    }

    @Test
    void anAnswerThatWasUsedIsRefused() {
        EdgeClient owner = bench.open();
        EdgeClient first = owner.again();
        byte[] answer = first.answerTo(first.challenge());
        first.send(new ChallengeResponse(answer), new Ping());
        first.expect(Ping.class);
        bench.master.heard();
        EdgeClient replay = owner.again();
        replay.challenge();
        refusesTheProof(first, replay, answer);
    }

    @Test
    void thereIsOneTry() {
        EdgeClient owner = bench.open();
        EdgeClient thief = owner.again();
        byte[] right = thief.answerTo(thief.challenge());
        refusesTheProof(owner, thief, flipped(right));
        thief.send(new ChallengeResponse(right), new Ping());
        assertThat(thief.rest()).isEmpty();
        assertThat(bench.count(Metric.SESSIONS_RESUMED)).isZero();
    }

    @Test
    void anUnknownIdIsChallengedLikeAKnownOneAndNoAnswerIsRight() {
        EdgeClient stranger = bench.connect();
        stranger.id = 42;
        byte[] box = stranger.challenge();
        assertThat(box).hasSize(72);
        stranger.send(new ChallengeResponse(box), new Ping());
        assertThat(stranger.isClosed()).isTrue();
        assertThat(stranger.rest()).isEmpty();
        assertThat(bench.count(Metric.REJECTED_PROOF)).isOne();
    }

    private void refusesTheProof(EdgeClient owner, EdgeClient thief, byte[] answer) {
        long before = bench.count(Metric.REJECTED_PROOF);
        thief.send(new ChallengeResponse(answer), new Ping());
        assertThat(thief.isClosed()).isTrue();
        assertThat(thief.rest()).isEmpty();
        assertThat(bench.count(Metric.REJECTED_PROOF)).isEqualTo(before + 1);
        assertThat(bench.master.heard()).isEmpty();
        assertThat(owner.channel.isOutputShutdown()).isFalse();
        bench.send(owner.id, utf8("yours"));
        bench.run();
        assertThat(owner.data()).containsExactly(utf8("yours"));
    }

    @Test
    void anAttemptHoldsNoLockOnASession() {
        EdgeClient owner = bench.open();
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
        EdgeClient owner = bench.open();
        EdgeClient back = owner.again();
        back.send(new ChallengeResponse(back.answerTo(back.challenge())));
        bench.sessions.kick(owner.id);
        bench.run();
        back.send(new Ping());
        assertThat(back.isClosed()).isTrue();
        assertThat(back.rest()).isEmpty();
        assertThat(bench.count(Metric.RESUMES_REFUSED)).isOne();
    }

    // ---- the executor

    @Test
    void whatTheExecutorHasNoPlaceForWaitsInTurn() {
        bench.computations.hold(1);
        List<EdgeClient> clients = Stream.generate(bench::connect).limit(3).toList();
        for (EdgeClient client : clients) {
            client.send(VERSION, new PubKey(client.keys.publicKey()));
        }
        assertThat(bench.count(Metric.PROOFS_DEFERRED)).isEqualTo(2);
        for (EdgeClient client : clients) {
            assertThat(client.rest()).isEmpty();
            assertThat(bench.computations.waiting()).isOne();
            bench.computations.runOne();
            bench.run();
            client.expect(PubKey.class);
            client.adopt();
        }
    }

    @Test
    void placesThatOthersGaveBackAreFoundByTheSweep() {
        bench.computations.hold(0);
        EdgeClient client = bench.connect();
        client.send(VERSION, new PubKey(client.keys.publicKey()));
        bench.computations.hold(1);
        bench.advance(Duration.ofMillis(100));
        bench.computations.runAll();
        bench.run();
        client.expect(PubKey.class);
        client.adopt();
    }

    @Test
    void nothingIsComputedForAClientThatHasGone() {
        bench.computations.hold(1);
        EdgeClient gone = bench.connect();
        gone.send(VERSION, new PubKey(new byte[33]));
        EdgeClient next = bench.connect();
        next.send(VERSION, new PubKey(next.keys.publicKey()));
        gone.channel.broken(new IOException("reset by peer"));
        bench.run();
        bench.computations.runOne();
        bench.run();
        assertThat(bench.count(Metric.REJECTED_KEY)).isZero();
        bench.computations.runAll();
        bench.run();
        next.expect(PubKey.class);
        next.adopt();
    }

    @Test
    void whileAKeyIsCheckedNothingIsRead() {
        bench.computations.hold(1);
        EdgeClient client = bench.connect();
        client.send(frames(VERSION, new PubKey(client.keys.publicKey())));
        int size = 10_000;
        client.send(Frame.of(new byte[size]));
        assertThat(client.channel.unreadBytes()).isEqualTo(size + 4);
        bench.computations.runAll();
        bench.run();
        client.expect(PubKey.class);
        client.adopt();
        assertThat(client.channel.unreadBytes()).isZero();
        assertThat(bench.master.dataOf(client.id)).containsExactly(new byte[size]);
    }

    @Test
    void moreThanPlentyThatIsForcedInWhileAKeyIsCheckedClosesTheLink() {
        bench.computations.hold(2);
        EdgeClient patient = bench.connect();
        EdgeClient flood = bench.connect();
        for (EdgeClient client : List.of(patient, flood)) {
            client.send(VERSION, new PubKey(client.keys.publicKey()));
        }
        forceIn(patient, 64 * 1024);
        forceIn(flood, 64 * 1024 + 1);
        assertThat(patient.channel.isOpen()).isTrue();
        assertThat(flood.channel.isOpen()).isFalse();
        bench.computations.runAll();
        bench.run();
        patient.expect(PubKey.class);
        patient.adopt();
        assertThat(bench.sessions.size()).isOne();
    }

    /** A FIN makes some transports read until there is nothing left. */
    private void forceIn(EdgeClient client, int bytes) {
        client.channel.receives(new byte[bytes]);
        while (client.channel.unreadBytes() > 0 && client.channel.isOpen()) {
            client.channel.readForced();
            bench.clientLoop.run();
        }
    }

    // ---- memory, stop

    @Test
    void onlyWhatWaitsIsCharged() {
        EdgeClient client = bench.connect();
        client.send(hex("020000"));
        assertThat(bench.budget.heldBytes()).isPositive();
        client.send(hex("00 0102"));
        client.expect(PubKey.class);
        assertThat(bench.budget.heldBytes()).isZero();
    }

    @Test
    void whatIsForcedInWhileAKeyIsCheckedIsTakenOnlyAsLongAsThereIsRoom() {
        bench.close();
        bench = new EdgeBench(EdgeBench.SETTINGS, 20_000);
        bench.computations.hold(1);
        EdgeClient client = bench.connect();
        client.send(frames(VERSION, new PubKey(client.keys.publicKey())));
        client.send(new byte[15_000]);
        client.channel.readForced();
        bench.run();
        assertThat(client.channel.isOpen()).isTrue();
        bench.budget.hold(10_001); // for a master that does not read
        client.channel.readForced();
        bench.run();
        assertThat(client.channel.isOpen()).isFalse();
        bench.computations.runAll();
        bench.run();
        assertThat(bench.sessions.size()).isZero();
        bench.budget.hold(-10_001);
    }

    @Test
    void whileMoreIsHeldThanMayBeNobodyJoins() {
        bench.close();
        bench = new EdgeBench(EdgeBench.SETTINGS, 20_000);
        EdgeClient owner = bench.open();
        bench.budget.hold(20_001);
        EdgeClient fresh = bench.connect();
        fresh.send(VERSION, new PubKey(fresh.keys.publicKey()));
        assertThat(fresh.isClosed()).isTrue();
        EdgeClient back = owner.again();
        back.send(VERSION, new ClientId(owner.id));
        assertThat(back.isClosed()).isTrue();
        assertThat(bench.count(Metric.REJECTED_MEMORY)).isEqualTo(2);
        assertThat(owner.channel.isOpen()).isTrue();
        bench.budget.hold(-1);
        back.again().resume();
        bench.budget.hold(-20_000);
    }

    @Test
    void atTheMemoryLimitThoseThatHoldSomethingGo() {
        EdgeClient holds = bench.connect();
        holds.send(hex("020000"));
        EdgeClient held = bench.connect();
        held.send(hex("020000"));
        held.send(hex("00 0102"));
        EdgeClient holdsNothing = bench.connect();
        EdgeClient session = bench.open();
        bench.loop.shedStrangers();
        bench.run();
        assertThat(holds.channel.isOpen()).isFalse();
        assertThat(held.isClosed()).isFalse();
        assertThat(holdsNothing.channel.isOpen()).isTrue();
        assertThat(session.channel.isOpen()).isTrue();
        assertThat(bench.count(Metric.REJECTED_MEMORY)).isOne();
    }

    @Test
    void aStopClosesHandshakesAndNoSession() {
        EdgeClient stranger = bench.connect();
        EdgeClient half = bench.connect();
        half.send(VERSION);
        EdgeClient session = bench.open();
        bench.loop.stopHandshakes();
        bench.run();
        assertThat(stranger.channel.isOpen()).isFalse();
        assertThat(half.isClosed()).isTrue();
        assertThat(session.isClosed()).isFalse();
        assertThat(bench.count(Metric.REJECTED_STOPPING)).isEqualTo(2);
    }
}
