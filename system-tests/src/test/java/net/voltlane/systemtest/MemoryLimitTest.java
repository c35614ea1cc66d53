package net.voltlane.systemtest;

import static net.voltlane.testkit.Bytes.numbered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import net.voltlane.protocol.Reason;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.ScriptedClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Section 5, bounds: {@code limits.max_buffered_bytes} bounds everything, and who holds most fails first. */
class MemoryLimitTest {
    private static final int MIB = 1024 * 1024;

    private World world;

    @BeforeEach
    void start() {
        world = World.setup()
                .with("limits.max_buffered_bytes", 12 * MIB)
                .with("clients.channel_capacity_bytes", 1024 * MIB)
                .with("clients.missed_packets_buffer_size", 100_000)
                .with("clients.missed_packets_buffer_bytes", 1024 * MIB)
                .start();
    }

    @AfterEach
    void stop() {
        world.close();
    }

    @Test
    void whatAClientDoesNotRead() {
        ScriptedClient greedy = SlowClientTest.slowReader(world);
        ScriptedClient modest = lostWithMissed(1);
        for (int i = 0; i < 500; i++) {
            world.master().send(greedy.id(), numbered(i, 64 * 1024));
        }
        world.master().expectFailure(greedy.id(), Reason.MEMORY_LIMIT);
        world.expectGone(greedy.identity());
        expectNotHarmed(modest, 1);
    }

    @Test
    void whatIsMissed() {
        ScriptedClient greedy = lostWithMissed(8);
        ScriptedClient modest = lostWithMissed(2);
        world.master().expectSilenceOf(greedy.id(), Duration.ofMillis(200));
        for (int i = 0; i < 4; i++) {
            world.master().send(modest.id(), numbered(2 + i, MIB));
        }
        world.master().expectFailure(greedy.id(), Reason.MEMORY_LIMIT);
        world.expectGone(greedy.identity());
        expectNotHarmed(modest, 6);
    }

    @Test
    void unfinishedFrames() {
        ScriptedClient greedy = world.openHeard();
        ScriptedClient modest = world.openHeard();
        int announced = 8 * MIB - 100;
        modest.write(Bytes.u32(announced), new byte[2 * MIB]);
        greedy.write(Bytes.u32(announced), new byte[7 * MIB]);
        ScriptedClient last = world.openHeard();
        tryWrite(last, Bytes.u32(announced), new byte[6 * MIB]);
        world.master().expectFailure(greedy.id(), Reason.MEMORY_LIMIT);
        greedy.readUntilClosed(Duration.ofSeconds(7));
        world.expectGone(greedy.identity());
        world.cut(last);
        modest.timeout(Duration.ofSeconds(10)).write(new byte[announced - 2 * MIB]);
        assertThat(world.master().dataOf(modest.id())).hasSize(announced);
    }

    @Test
    void manyClientsOfWhomNoneDoesMuch() {
        ScriptedClient honest = world.openHeard();
        int frame = 8 * MIB - 100;
        ScriptedClient[] crowd = new ScriptedClient[40];
        for (int i = 0; i < crowd.length; i++) {
            crowd[i] = world.openHeard();
        }
        for (ScriptedClient each : crowd) {
            tryWrite(each, Bytes.u32(frame), new byte[MIB]);
        }
        await().untilAsserted(() -> assertThat(failures(crowd)).isGreaterThan(10));
        world.roundTrip(honest);
        world.serveHonestClients();
    }

    /** Ending a session would free none of this memory. */
    @Test
    void whatTheMasterIsAboutToSayCostsNobodyItsSession() {
        world.close();
        world = World.setup()
                .with("limits.max_buffered_bytes", 1)
                .with("clients.missed_packets_buffer_size", 10)
                .start();
        ScriptedClient lost = lostWithMissed(0);
        world.master().send(lost.id(), numbered(0, 1024));
        world.master().send(4711, numbered(1, 8 * MIB - 100));
        world.settle();
        expectNotHarmed(lost, 1);
    }

    private int failed;

    private int failures(ScriptedClient... crowd) {
        for (ScriptedClient each : crowd) {
            try {
                world.master().firehose().expectSilenceOf(each.id(), Duration.ofMillis(1));
            } catch (AssertionError e) {
                assertThat(e).hasMessageContaining(Reason.MEMORY_LIMIT.text());
                failed++;
            }
        }
        return failed;
    }

    private ScriptedClient lostWithMissed(int mebibytes) {
        ScriptedClient client = world.openHeard();
        world.lose(client);
        for (int i = 0; i < mebibytes; i++) {
            world.master().send(client.id(), numbered(i, MIB));
        }
        world.settle();
        return client;
    }

    private void expectNotHarmed(ScriptedClient lost, int missed) {
        ScriptedClient again = world.resumed(lost.identity());
        for (int i = 0; i < missed; i++) {
            assertThat(Bytes.number(again.receive())).isEqualTo(i);
        }
        world.roundTripAfterReconnection(again);
        world.settle();
    }

    private static void tryWrite(ScriptedClient client, byte[]... parts) {
        try {
            client.write(parts);
        } catch (AssertionError e) {
            // it is one of those that failed
        }
    }
}
