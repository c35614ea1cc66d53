package net.voltlane.systemtest;

import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import net.voltlane.protocol.ChallengeResponse;
import net.voltlane.protocol.FirehosePacket;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Reason;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.ScriptedClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 5: how long a session outlives its link. */
class StaleTest {
    private static final Duration SHORT = Duration.ofMillis(300);

    @Test
    void aSessionThatDoesNotComeBackEndsWithOneFailure() {
        try (World world = World.setup()
                .with("clients.stale_timeout_secs", 1)
                .with("clients.stale_reap_interval_secs", 1)
                .start()) {
            ScriptedClient heard = world.openHeard();
            ScriptedClient unheard = world.open();
            heard.send(utf8("last words"));
            assertThat(world.master().dataOf(heard.id())).isEqualTo(utf8("last words"));
            heard.cut();
            unheard.cut();
            world.master().expectFailure(heard.id(), Reason.CLIENT_DISCONNECTED);
            world.expectGone(heard.identity());
            world.expectGone(unheard.identity());
            world.master().expectSilenceOf(heard.id(), Duration.ofSeconds(1));
            world.master().expectSilenceOf(unheard.id(), SHORT);
            world.master().send(heard.id(), utf8("still there?"));
            world.master().expectFailure(heard.id(), Reason.CLIENT_NOT_FOUND);
        }
    }

    @Test
    void aResumeStopsTheTimeAndTheNextLossStartsItAgain() {
        try (World world = World.setup()
                .with("clients.stale_timeout_secs", 2)
                .with("clients.stale_reap_interval_secs", 1)
                .start()) {
            ScriptedClient client = world.openHeard();
            world.cut(client);
            ScriptedClient again = world.resumed(client.identity());
            world.master().expectReconnection(client.id());
            world.master().expectSilenceOf(client.id(), Duration.ofSeconds(4));
            world.roundTrip(again);
            world.cut(again);
            world.master().expectFailure(client.id(), Reason.CLIENT_DISCONNECTED);
        }
    }

    @Test
    void attemptsInVainDoNotStopTheTime() {
        try (World world = World.setup()
                .with("clients.stale_timeout_secs", 1)
                .with("clients.stale_reap_interval_secs", 1)
                .start()) {
            ScriptedClient client = world.openHeard();
            client.cut();
            await().atMost(Duration.ofSeconds(5))
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> {
                        try (ScriptedClient stranger = ScriptedClient.connect(world.address())) {
                            byte[] box = stranger.requestChallenge(client.id());
                            stranger.send(new ChallengeResponse(box));
                            stranger.readUntilClosed();
                        }
                        return world.server().isAlive() && hasFailed(world, client);
                    });
        }
    }

    private static boolean hasFailed(World world, ScriptedClient client) {
        try {
            world.master().firehose().expectSilenceOf(client.id(), Duration.ofMillis(1));
            return false;
        } catch (AssertionError e) {
            assertThat(e).hasMessageContaining(Reason.CLIENT_DISCONNECTED.text());
            return true;
        }
    }

    @Test
    void anOverdueSessionCantBeResumedThoughNobodyReapedIt() {
        try (World world = World.setup()
                .with("clients.stale_timeout_secs", 1)
                .with("clients.stale_reap_interval_secs", 3600)
                .start()) {
            ScriptedClient client = world.openHeard();
            world.cut(client);
            long lostNanos = System.nanoTime();
            await().pollInterval(Duration.ofMillis(50))
                    .until(() -> System.nanoTime() - lostNanos
                            > Duration.ofMillis(1_100).toNanos());
            world.expectGone(client.identity());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"clients.stale_timeout_secs", "clients.max_stale_clients"})
    void withNoTimeOrNoRoomALostLinkEndsTheSession(String key) {
        try (World world = World.setup().with(key, 0).start()) {
            ScriptedClient unheard = world.open();
            unheard.close();
            world.expectGone(unheard.identity());

            ScriptedClient heard = world.openHeard();
            heard.send(utf8("last words"));
            heard.cut();
            FirehosePacket packet = world.master().nextFor(heard.id());
            if (packet.flag() == Flag.DATA) {
                // The reset may have destroyed it; if not, it comes before the end.
                assertThat(packet.data()).isEqualTo(utf8("last words"));
                packet = world.master().nextFor(heard.id());
            }
            assertThat(packet.flag()).isEqualTo(Flag.FAILURE);
            assertThat(Bytes.text(packet.data())).isIn(Reason.CLIENT_DISCONNECTED.text(), Reason.CLIENT_EVICTED.text());
            world.expectGone(heard.identity());
            world.settle();
            world.master().expectSilenceOf(heard.id(), SHORT);
            world.master().expectSilenceOf(unheard.id(), Duration.ZERO);
        }
    }

    @Test
    void aTakeoverWorksThoughLostLinksEndSessions() {
        try (World world = World.setup().with("clients.stale_timeout_secs", 0).start()) {
            ScriptedClient old = world.openHeard();
            world.roundTripAfterReconnection(world.resumed(old.identity()));
        }
    }
}
