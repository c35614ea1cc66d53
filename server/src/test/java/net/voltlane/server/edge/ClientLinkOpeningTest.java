package net.voltlane.server.edge;

import static net.voltlane.server.edge.EdgeClient.VERSION;
import static net.voltlane.server.edge.EdgeClient.frames;
import static net.voltlane.server.link.Bufs.frame;
import static net.voltlane.server.link.Bufs.payload;
import static net.voltlane.testkit.Bytes.concat;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import net.voltlane.protocol.ChallengeResponse;
import net.voltlane.protocol.FirehosePacket;
import net.voltlane.protocol.Ping;
import net.voltlane.protocol.PubKey;
import net.voltlane.protocol.Reason;
import net.voltlane.server.edge.EdgeHarness.Master;
import org.junit.jupiter.api.Test;

/** Input and errors of a link that waits for the session loop to answer its handshake. */
final class ClientLinkOpeningTest extends ClientLinkCase {
    @Test
    void whatComesWhileASessionIsAskedForIsForwardedOnceItIsThere() {
        EdgeClient client = harness.connect();
        client.channel.receives(concat(frames(VERSION, new PubKey(client.keys.publicKey())), frame(1, 5)));
        harness.clientLoop.run(); // the session loop has not answered yet
        client.channel.receives(concat(frame(2, 6), Arrays.copyOf(frame(3, 2000), 1000)));
        harness.clientLoop.run();
        assertThat(client.channel.unreadBytes()).as("nothing is read meanwhile").isPositive();
        harness.run();
        client.expect(PubKey.class);
        client.adopt();
        client.send(Arrays.copyOfRange(frame(3, 2000), 1000, 2004));
        assertThat(harness.master.dataOf(client.id)).containsExactly(payload(1, 5), payload(2, 6), payload(3, 2000));
    }

    @Test
    void aClientThatSendsAheadAndClosesIsHeardToItsEnd() {
        for (int size : new int[] {5, 2000}) {
            EdgeClient client = harness.connect();
            client.channel.receives(frames(VERSION, new PubKey(client.keys.publicKey())));
            harness.clientLoop.run();
            client.channel.receives(concat(frame(1, size), frame(2, 3)));
            client.channel.finished(); // makes the transport read to the end, though nothing is asked for
            harness.clientLoop.run();
            assertThat(harness.master.received()).isEmpty();
            harness.run();
            assertThat(harness.master.received().stream().map(FirehosePacket::data))
                    .containsExactly(payload(1, size), payload(2, 3));
            assertThat(client.channel.isOpen()).isFalse();
        }
        assertThat(harness.sessions.staleSize()).isEqualTo(2);
        assertThat(harness.budget.heldBytes()).isZero();
    }

    @Test
    void whatCameBehindTheProofIsHeardThoughTheLinkIsLostBeforeTheSessionAnswers() {
        EdgeClient client = harness.open();
        client.send(frame(1, 5));
        client.channel.broken(new IOException("reset by peer"));
        harness.run();
        harness.master.received();
        EdgeClient back = client.again();
        back.channel.receives(concat(
                frames(new ChallengeResponse(back.answerTo(back.challenge())), new Ping()),
                frame(2, 5),
                frame(3, 5),
                new byte[] {9}));
        harness.clientLoop.run();
        back.channel.broken(new IOException("reset by peer"));
        harness.run();
        assertThat(harness.master.received())
                .containsExactly(
                        Master.reconnected(client.id),
                        Master.data(client.id, payload(2, 5)),
                        Master.data(client.id, payload(3, 5)));
        assertThat(harness.sessions.staleSize()).isOne();
        assertThat(harness.budget.heldBytes()).isZero();
    }

    @Test
    void anErrorOfOursInOneClientsSendingTouchesNoOther() {
        harness.close();
        FailingAllocator allocator = new FailingAllocator();
        harness = EdgeHarness.of(allocator);
        EdgeClient first = harness.open();
        EdgeClient other = harness.open();
        first.send(frame(1, 1));
        harness.master.received();
        first.channel.takes(0);
        harness.send(first.id, payload(1, 50));
        harness.send(other.id, payload(2, 50));
        allocator.failsNext();
        harness.run();
        harness.send(other.id, payload(3, 50));
        harness.run();
        assertThat(other.data()).containsExactly(payload(2, 50), payload(3, 50));
        assertThat(first.channel.isOpen()).isFalse();
        assertThat(harness.master.received()).containsExactly(Master.failed(first.id, Reason.MEMORY_LIMIT));
    }

    @Test
    void moreThanPlentyThatIsForcedInWhileASessionIsAskedForClosesTheLink() {
        EdgeClient client = harness.connect();
        client.channel.receives(frames(VERSION, new PubKey(client.keys.publicKey())));
        harness.clientLoop.run();
        client.channel.receives(new byte[70_000]);
        while (client.channel.unreadBytes() > 0 && client.channel.isOpen()) {
            client.channel.readForced();
            harness.clientLoop.run();
        }
        assertThat(client.channel.isOpen()).isFalse();
        harness.run();
        assertThat(harness.sessions.staleSize()).isOne();
        assertThat(harness.master.received().size() * 4)
                .as("bytes of empty frames")
                .isBetween(60_000, 69_999);
        assertThat(harness.budget.heldBytes()).isZero();
    }

    @Test
    void whatIsForcedInWhileHeldBackIsForwardedAsLongAsThereIsRoom() {
        harness.close();
        harness = new EdgeHarness(EdgeHarness.SETTINGS, 20_000);
        EdgeClient client = harness.open();
        EdgeClient other = harness.open();
        harness.gate.shut();
        client.send(concat(frame(1, 100), frame(2, 3_000)));
        client.channel.readForced();
        harness.run();
        assertThat(client.channel.isOpen()).isTrue();
        other.channel.takes(0);
        harness.send(other.id, payload(1, 12_000)); // more than half of what may be held
        harness.run();
        client.channel.readForced();
        harness.run();
        assertThat(client.channel.isOpen()).isFalse();
        assertThat(harness.master.dataOf(client.id)).containsExactly(payload(1, 100));
    }

    @Test
    void aLinkThatBreaksWhileItsSessionIsAskedForLeavesAStaleSession() {
        EdgeClient client = harness.connect();
        client.channel.receives(frames(VERSION, new PubKey(client.keys.publicKey())));
        harness.clientLoop.run();
        client.channel.broken(new IOException("reset by peer"));
        harness.run();
        assertThat(harness.sessions.staleSize()).isOne();
        assertThat(harness.master.received()).isEmpty();
    }

    @Test
    void aSuccessorThatIsLostBeforeItsTurnLeavesTheSessionStaleWithItsLeftovers() {
        EdgeClient client = harness.open();
        client.channel.takes(3);
        sendNumbered(client, 1, 2);
        EdgeClient back = client.again();
        back.channel.receives(frames(new ChallengeResponse(back.answerTo(back.challenge())), new Ping()));
        harness.clientLoop.run();
        harness.sessionLoop.run(); // has asked the old link for what it did not deliver
        back.channel.broken(new IOException("reset by peer"));
        harness.run();
        assertThat(harness.sessions.staleSize()).isOne();
        assertThat(client.again().resume().data()).containsExactly(numbered(1, 2));
    }

    @Test
    void aSessionThatIsRefusedClosesItsLink() {
        harness.sessions.stop(() -> {});
        EdgeClient client = harness.connect();
        client.send(concat(frames(VERSION, new PubKey(client.keys.publicKey())), frame(1, 5)));
        client.expect(PubKey.class);
        assertThat(client.isClosed()).isTrue();
        assertThat(harness.master.received()).isEmpty();
        assertThat(harness.budget.heldBytes()).isZero();
    }
}
