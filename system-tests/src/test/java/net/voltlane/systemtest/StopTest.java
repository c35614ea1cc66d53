package net.voltlane.systemtest;

import static net.voltlane.testkit.Bytes.numbered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import net.voltlane.protocol.Reason;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.Firehose;
import net.voltlane.testkit.IgnoredSignals;
import net.voltlane.testkit.ScriptedClient;
import net.voltlane.testkit.ServerProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 5: an orderly stop loses nothing and tells the master of everyone. */
class StopTest {
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration BOUND = Duration.ofSeconds(15);

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void whatWasTakenIsForwardedAndEverySessionEndsWithAFailure(String signal) {
        IgnoredSignals.assumeHeard(signal);
        try (World world = World.setup().start()) {
            ScriptedClient live = world.openHeard();
            ScriptedClient idle = world.openHeard();
            ScriptedClient stale = world.openHeard();
            ScriptedClient unheard = world.open();
            ScriptedClient unheardStale = world.open();
            world.cut(stale);
            world.cut(unheardStale);
            Firehose link = world.master().firehose();
            world.master().pauseReading();
            for (int i = 0; i < 50; i++) {
                live.send(numbered(i, 1000));
            }
            // Through the same client loop: what was sent before has been taken when this is answered.
            world.open();
            world.open();

            world.server().signal(signal);
            await().until(() -> !ServerProcess.accepts(world.address()));
            world.master().resumeReading();
            for (int i = 0; i < 50; i++) {
                assertThat(Bytes.number(link.dataOf(live.id()))).isEqualTo(i);
            }
            link.expectFailure(live.id(), Reason.SERVER_STOPPING);
            link.expectFailure(idle.id(), Reason.SERVER_STOPPING);
            link.expectFailure(stale.id(), Reason.SERVER_STOPPING);
            assertThat(live.readUntilClosed().orderly()).isTrue();
            assertThat(unheard.readUntilClosed().orderly()).isTrue();
            world.closeClients();
            await().until(link::hasEnded);
            link.expectSilenceOf(live.id(), SHORT);
            link.expectSilenceOf(stale.id(), Duration.ZERO);
            link.expectSilenceOf(unheard.id(), Duration.ZERO);
            link.expectSilenceOf(unheardStale.id(), Duration.ZERO);
            assertThat(world.server().awaitExit(BOUND)).isZero();
        }
    }

    @Test
    void whatIsQueuedForClientsIsDelivered() {
        try (World world = World.setup().start()) {
            ScriptedClient slow = SlowClientTest.slowReader(world);
            for (int i = 0; i < 150; i++) {
                world.master().send(slow.id(), numbered(i, 64 * 1024));
            }
            world.settle();
            world.server().signal("TERM");
            world.server().awaitErrorLine(line -> line.contains("Draining"), BOUND);
            for (int i = 0; i < 150; i++) {
                assertThat(Bytes.number(slow.receive())).isEqualTo(i);
            }
            assertThat(slow.readUntilClosed().orderly()).isTrue();
            world.master().expectFailure(slow.id(), Reason.SERVER_STOPPING);
            world.closeClients();
            assertThat(world.server().awaitExit(BOUND)).isZero();
        }
    }

    @Test
    void anIdleServerStopsSoon() {
        try (World world = World.setup().start()) {
            ScriptedClient client = world.openHeard();
            long startNanos = System.nanoTime();
            world.server().signal("TERM");
            client.readUntilClosed();
            client.close();
            world.master().expectFailure(client.id(), Reason.SERVER_STOPPING);
            assertThat(world.server().awaitExit(BOUND)).isZero();
            assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(Duration.ofSeconds(4));
        }
    }

    @Test
    void aServerThatNeverReachedItsMasterStopsToo() {
        try (World world = World.setup().withoutMaster().start()) {
            world.server()
                    .awaitErrorLine(
                            line -> line.contains(
                                    Integer.toString(world.master().address().getPort())),
                            World.START_LIMIT);
            world.server().signal("TERM");
            assertThat(world.server().awaitExit(BOUND)).isZero();
        }
    }

    @Test
    void aServerWhoseMasterIsAwayStopsToo() {
        try (World world = World.setup().start()) {
            ScriptedClient client = world.openHeard();
            world.master().stopListening();
            world.master().firehose().cut();
            world.server().signal("TERM");
            client.readUntilClosed(BOUND);
            world.closeClients();
            assertThat(world.server().awaitExit(BOUND)).isZero();
        }
    }

    @Test
    void peersThatAreAllStuckHoldItForEightSecondsAtMost() {
        try (World world = worldOfPeersThatDoNotRead()) {
            for (int i = 0; i < 20; i++) {
                world.connect().write(new byte[] {2, 0, 0}); // handshakes that go no further
            }
            stopsInTime(world);
        }
    }

    @Test
    void aMasterThatDoesNotReadAndOneThatIsDialledHoldItForEightSecondsAtMost() {
        try (World world = worldOfPeersThatDoNotRead()) {
            world.master().stopListening();
            world.master().firehose().cut();
            stopsInTime(world);
        }
    }

    /** Below the ten seconds after which docker kills what it has told to stop; all of the process's end is in it. */
    private static void stopsInTime(World world) {
        long startNanos = System.nanoTime();
        world.server().signal("TERM");
        assertThat(world.server().awaitExit(Duration.ofSeconds(20))).isZero();
        assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(Duration.ofSeconds(8));
    }

    @Test
    void aSecondIntEndsItAtOnce() {
        IgnoredSignals.assumeHeard("INT");
        try (World world = worldOfPeersThatDoNotRead()) {
            world.server().signal("INT");
            world.server().awaitErrorLine(line -> line.contains("Draining"), BOUND);
            assertThat(world.server().isAlive()).isTrue();
            world.server().signal("INT");
            assertThat(world.server().awaitExit(Duration.ofSeconds(2))).isNotZero();
        }
    }

    private static World worldOfPeersThatDoNotRead() {
        World world = World.setup()
                .masterBuffer(16 * 1024)
                .with("master.channel_capacity_bytes", 2 * 1024 * 1024)
                .start();
        ScriptedClient slow = SlowClientTest.slowReader(world);
        for (int i = 0; i < 150; i++) {
            world.master().send(slow.id(), numbered(i, 64 * 1024));
        }
        world.settle();
        world.master().pauseReading();
        new Flood(slow, 32 * 1024).untilHeldBack(100L << 20);
        return world;
    }
}
