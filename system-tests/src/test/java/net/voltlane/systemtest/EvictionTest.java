package net.voltlane.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.voltlane.protocol.Reason;
import net.voltlane.testkit.ScriptedClient;
import org.junit.jupiter.api.Test;

/** Section 5: over {@code clients.max_stale_clients} one gives way at once, strangers first. */
class EvictionTest {
    private static final Duration SHORT = Duration.ofMillis(100);

    @Test
    void theLongestStaleGivesWayWithAFailure() {
        try (World world = World.setup().with("clients.max_stale_clients", 3).start()) {
            world.settle();
            List<ScriptedClient> clients = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                clients.add(world.openHeard());
            }
            for (ScriptedClient client : clients.subList(0, 3)) {
                world.cut(client);
            }
            world.master().expectSilenceOf(clients.get(0).id(), SHORT);
            world.cut(clients.get(3));
            world.master().expectFailure(clients.get(0).id(), Reason.CLIENT_EVICTED);
            world.lose(clients.get(4));
            world.master().expectFailure(clients.get(1).id(), Reason.CLIENT_EVICTED);
            world.expectGone(clients.get(0).identity());
            world.expectGone(clients.get(1).identity());
            for (ScriptedClient kept : clients.subList(2, 5)) {
                world.roundTripAfterReconnection(world.resumed(kept.identity()));
            }
            world.master().expectSilenceOf(clients.get(0).id(), SHORT);
        }
    }

    @Test
    void thoseThatTheMasterNeverHeardOfGoFirstAndSilently() {
        try (World world = World.setup().with("clients.max_stale_clients", 2).start()) {
            world.settle();
            ScriptedClient heard = world.openHeard();
            ScriptedClient heardLater = world.openHeard();
            ScriptedClient heardLast = world.openHeard();
            ScriptedClient stranger = world.open();
            ScriptedClient strangerLater = world.open();

            world.cut(heard);
            world.cut(stranger);
            world.cut(strangerLater);
            world.expectGone(stranger.identity());

            world.cut(heardLater);
            world.expectGone(strangerLater.identity());
            world.master().expectSilenceOf(heard.id(), SHORT);

            world.cut(heardLast);
            world.master().expectFailure(heard.id(), Reason.CLIENT_EVICTED);
            world.roundTripAfterReconnection(world.resumed(heardLater.identity()));
            world.roundTripAfterReconnection(world.resumed(heardLast.identity()));
            world.master().expectSilenceOf(stranger.id(), SHORT);
            world.master().expectSilenceOf(strangerLater.id(), Duration.ZERO);
        }
    }

    @Test
    void aFloodOfStrangersEvictsNobodyWhomTheMasterKnows() {
        try (World world = World.setup().with("clients.max_stale_clients", 2).start()) {
            world.settle();
            ScriptedClient one = world.openHeard();
            ScriptedClient two = world.openHeard();
            world.cut(one);
            world.cut(two);
            ScriptedClient stranger = world.open();
            stranger.cut();
            for (int i = 0; i < 20; i++) {
                ScriptedClient.open(world.address()).cut();
            }
            world.settle();
            world.expectGone(stranger.identity());
            world.roundTripAfterReconnection(world.resumed(one.identity()));
            world.roundTripAfterReconnection(world.resumed(two.identity()));
        }
    }

    @Test
    void aFloodOfHeardSessionsFromOtherAddressesEvictsNobodyElse() {
        try (World world = World.setup().with("clients.max_stale_clients", 10).start()) {
            world.settle();
            ScriptedClient owner = world.openHeard();
            world.cut(owner);
            for (int i = 0; i < 200; i++) {
                ScriptedClient stranger = world.connectFrom("127.0.0." + (2 + i % 4));
                stranger.openSession();
                stranger.send(new byte[0]);
                assertThat(world.master().dataOf(stranger.id())).isEmpty();
                stranger.cut();
            }
            world.settle();
            world.roundTripAfterReconnection(world.resumed(owner.identity()));
            assertThat(world.server().errorLines())
                    .anySatisfy(line -> assertThat(line)
                            .contains("Evicted 1 absent client's session: clients.max_stale_clients is reached")
                            .containsPattern("last: one of [34] at 127\\.0\\.0\\.[2-5]"));
        }
    }

    @Test
    void anAddressHasItsNumberOfStaleSessions() {
        try (World world =
                World.setup().with("limits.max_stale_clients_per_ip", 2).start()) {
            world.settle();
            ScriptedClient owner = world.openHeard();
            world.cut(owner);
            List<ScriptedClient> crowd = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                crowd.add(world.connectFrom("127.0.0.2"));
                crowd.get(i).openSession();
                world.introduce(crowd.get(i));
                world.cut(crowd.get(i));
            }
            world.master().expectFailure(crowd.get(0).id(), Reason.CLIENT_EVICTED);
            world.roundTripAfterReconnection(world.resumed(crowd.get(1).identity()));
            world.roundTripAfterReconnection(world.resumed(owner.identity()));
        }
    }

    @Test
    void aResumeMakesRoom() {
        try (World world = World.setup().with("clients.max_stale_clients", 1).start()) {
            world.settle();
            ScriptedClient one = world.openHeard();
            ScriptedClient two = world.openHeard();
            world.cut(one);
            ScriptedClient again = world.resumed(one.identity());
            world.roundTripAfterReconnection(again);
            world.cut(two);
            world.master().expectSilenceOf(two.id(), SHORT);
            world.cut(again);
            world.master().expectFailure(two.id(), Reason.CLIENT_EVICTED);
        }
    }
}
