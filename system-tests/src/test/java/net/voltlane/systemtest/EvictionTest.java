package net.voltlane.systemtest;

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
