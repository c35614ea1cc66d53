package net.voltlane.systemtest;

import static net.voltlane.testkit.Bytes.numbered;
import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import net.voltlane.protocol.ChallengeResponse;
import net.voltlane.protocol.FirehosePacket;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.Ping;
import net.voltlane.protocol.Reason;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.LinkEnded;
import net.voltlane.testkit.ScriptedClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Sections 4 and 5: a kick ends a session after what was sent before it, and for good. */
class KickTest {
    private static final Duration SHORT = Duration.ofMillis(100);

    private static World world;

    @BeforeAll
    static void start() {
        world = World.setup().with("clients.missed_packets_buffer_size", 100).start();
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    @Test
    void aLiveClientGetsWhatWasSentBeforeTheKickAndNothingAfter() {
        ScriptedClient client = world.openHeard();
        for (int i = 0; i < 50; i++) {
            world.master().send(client.id(), numbered(i, 1000));
        }
        world.master().kick(client.id());
        world.master().send(client.id(), utf8("too late"));
        for (int i = 0; i < 50; i++) {
            assertThat(client.receive()).isEqualTo(numbered(i, 1000));
        }
        assertThat(client.readUntilClosed()).satisfies(end -> {
            assertThat(end.rest()).isEmpty();
            assertThat(end.orderly()).isTrue();
        });
        world.master().expectFailure(client.id(), Reason.CLIENT_KICKED);
        world.master().expectFailure(client.id(), Reason.CLIENT_NOT_FOUND);
        world.expectGone(client.identity());
        world.master().expectSilenceOf(client.id(), SHORT);
    }

    @Test
    void whatASlowReaderHasNotReadYetIsStillDelivered() {
        ScriptedClient client = world.connect(8 * 1024);
        client.openSession();
        world.introduce(client);
        for (int i = 0; i < 40; i++) {
            world.master().send(client.id(), numbered(i, 64 * 1024));
        }
        world.master().kick(client.id());
        world.settle();
        for (int i = 0; i < 40; i++) {
            assertThat(Bytes.number(client.receive())).isEqualTo(i);
        }
        assertThat(client.readUntilClosed().orderly()).isTrue();
        world.master().expectFailure(client.id(), Reason.CLIENT_KICKED);
    }

    @Test
    void inputThatNobodyReadsAnyMoreDoesNotDestroyWhatWasSent() {
        ScriptedClient client = world.openHeard();
        byte[] upstream = Frame.of(new byte[1000]);
        for (int i = 0; i < 20; i++) {
            world.master().send(client.id(), numbered(i, 10_000));
        }
        world.master().kick(client.id());
        world.settle();
        for (int i = 0; i < 20; i++) {
            client.write(upstream);
        }
        for (int i = 0; i < 20; i++) {
            assertThat(Bytes.number(client.receive())).isEqualTo(i);
        }
        assertThat(client.readUntilClosed().orderly()).isTrue();
    }

    @Test
    void aKickedClientThatStaysIsDiscardedForAWhileAndThenReset() {
        ScriptedClient client = world.openHeard();
        world.master().send(client.id(), utf8("farewell"));
        world.master().kick(client.id());
        assertThat(client.receive()).isEqualTo(utf8("farewell"));
        assertThat(client.readUntilClosed().orderly()).isTrue();
        long startNanos = System.nanoTime();
        await().atMost(Duration.ofSeconds(8))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> isReset(client));
        assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isGreaterThan(Duration.ofSeconds(3));
        world.master().expectFailure(client.id(), Reason.CLIENT_KICKED);
        world.master().expectSilenceOf(client.id(), SHORT);
    }

    private static boolean isReset(ScriptedClient client) {
        try {
            client.send(new byte[1000]);
            return false;
        } catch (LinkEnded e) {
            return true;
        }
    }

    @Test
    void failureFollowsTheClientsLastData() {
        ScriptedClient client = world.openHeard();
        for (int i = 0; i < 200; i++) {
            client.send(numbered(i, 100));
            if (i == 100) {
                world.master().kick(client.id());
            }
        }
        int next = 0;
        FirehosePacket packet = world.master().nextFor(client.id());
        for (; packet.flag() == Flag.DATA; packet = world.master().nextFor(client.id())) {
            assertThat(Bytes.number(packet.data())).isEqualTo(next++);
        }
        assertThat(packet).isEqualTo(new FirehosePacket(client.id(), Flag.FAILURE, utf8("Client kicked")));
        world.settle();
        world.master().expectSilenceOf(client.id(), SHORT);
    }

    @Test
    void aStaleSessionIsEndedToo() {
        ScriptedClient client = world.openHeard();
        world.lose(client);
        world.master().send(client.id(), utf8("missed for good"));
        world.master().kick(client.id());
        world.master().expectFailure(client.id(), Reason.CLIENT_KICKED);
        world.expectGone(client.identity());
        world.master().expectSilenceOf(client.id(), SHORT);
    }

    @Test
    void aSessionThatTheMasterNeverHeardOfEndsSilently() {
        ScriptedClient client = world.open();
        world.master().kick(client.id());
        assertThat(client.readUntilClosed().rest()).isEmpty();
        world.expectGone(client.identity());
        world.master().expectSilenceOf(client.id(), SHORT);
    }

    @Test
    void aKickThatComesTwiceIsOneFailure() {
        ScriptedClient client = world.openHeard();
        world.master().kick(client.id());
        world.master().kick(client.id());
        world.master().expectFailure(client.id(), Reason.CLIENT_KICKED);
        world.settle();
        world.master().expectSilenceOf(client.id(), SHORT);
    }

    @Test
    void anAttemptToResumeThatIsUnderWayComesTooLate() {
        ScriptedClient client = world.openHeard();
        world.cut(client);
        ScriptedClient late = world.connect();
        byte[] box = late.requestChallenge(client.id());
        world.master().kick(client.id());
        world.master().expectFailure(client.id(), Reason.CLIENT_KICKED);
        late.send(new ChallengeResponse(ScriptedClient.answer(box, client.identity())), new Ping());
        assertThat(late.readUntilClosed().rest()).isEmpty();
        world.settle();
        world.master().expectSilenceOf(client.id(), SHORT);
    }
}
