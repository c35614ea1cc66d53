package net.voltlane.server.edge;

import static net.voltlane.server.edge.EdgeClient.VERSION;
import static net.voltlane.server.edge.EdgeClient.frames;
import static net.voltlane.testkit.Bytes.concat;
import static net.voltlane.testkit.Bytes.hex;
import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import net.voltlane.proof.KeyPair;
import net.voltlane.protocol.ChallengeResponse;
import net.voltlane.protocol.ClientId;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.Ping;
import net.voltlane.protocol.PubKey;
import net.voltlane.server.link.Bufs;
import net.voltlane.server.metrics.Metric;
import net.voltlane.testkit.Seeds;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.junit.jupiter.api.Test;

final class HandshakeOpeningTest extends HandshakeCase {
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

    @Test
    void aStopClosesHandshakesAndNoSession() {
        EdgeClient silent = harness.connect();
        EdgeClient half = harness.connect();
        half.send(VERSION);
        EdgeClient session = harness.open();
        harness.loop.timeouts.stopHandshakes();
        harness.run();
        assertThat(silent.channel.isOpen()).isFalse();
        assertThat(half.isClosed()).isTrue();
        assertThat(session.isClosed()).isFalse();
        assertThat(harness.count(Metric.REJECTED_STOPPING)).isEqualTo(2);
    }
}
