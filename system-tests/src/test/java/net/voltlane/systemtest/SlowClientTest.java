package net.voltlane.systemtest;

import static net.voltlane.testkit.Bytes.numbered;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.voltlane.protocol.Reason;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.ScriptedClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Section 5, bounds: a live client that does not read fails alone, and delays nobody. */
class SlowClientTest {
    private static final int PACKET_BYTES = 64 * 1024;
    private static final int CAPACITY = 64;
    /** More than the capacity and all kernel buffers together take. */
    private static final int TOO_MANY = 400;

    private static World world;

    @BeforeAll
    static void start() {
        world = World.setup().with("clients.channel_capacity", CAPACITY).start();
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    @Test
    void itAloneFailsAndNobodyWaitsForIt() {
        ScriptedClient slow = slowReader(world);
        ScriptedClient fast = world.openHeard().timeout(Duration.ofSeconds(1));
        for (int i = 0; i < TOO_MANY; i++) {
            world.master().send(slow.id(), numbered(i, PACKET_BYTES));
            if (i % 20 == 0) {
                world.roundTrip(fast);
            }
        }
        world.roundTrip(fast);
        world.master().expectFailure(slow.id(), Reason.BUFFER_OVERFLOW);
        world.expectGone(slow.identity());

        // What was sent after the end was for nobody.
        world.master().expectFailure(slow.id(), Reason.CLIENT_NOT_FOUND);
        slow.readUntilClosed(Duration.ofSeconds(7));
        world.roundTrip(fast);
    }

    @Test
    void whatFitsIsKeptForItHoweverLateItReads() {
        ScriptedClient slow = slowReader(world);
        for (int i = 0; i < CAPACITY; i++) {
            world.master().send(slow.id(), numbered(i, PACKET_BYTES));
        }
        world.settle();
        world.master().expectSilenceOf(slow.id(), Duration.ofMillis(200));
        for (int i = 0; i < CAPACITY; i++) {
            assertThat(Bytes.number(slow.receive())).isEqualTo(i);
        }
        world.roundTrip(slow);
    }

    @Test
    void aClientThatReadsMayGetAnyNumber() {
        ScriptedClient client = world.openHeard();
        for (int round = 0; round < 10; round++) {
            for (int i = 0; i < CAPACITY; i++) {
                world.master().send(client.id(), numbered(i, PACKET_BYTES));
            }
            for (int i = 0; i < CAPACITY; i++) {
                assertThat(Bytes.number(client.receive())).isEqualTo(i);
            }
        }
        world.roundTrip(client);
    }

    @Test
    void whatWasMissedDoesNotCountAndWhatComesDuringItsReplayDoes() {
        try (World patient = World.setup()
                .with("clients.channel_capacity", CAPACITY)
                .with("clients.missed_packets_buffer_size", 1_000)
                .start()) {
            ScriptedClient lost = patient.openHeard();
            patient.lose(lost);
            int missed = 3 * CAPACITY;
            for (int i = 0; i < missed; i++) {
                patient.master().send(lost.id(), numbered(i, PACKET_BYTES));
            }
            patient.settle();
            ScriptedClient slow = patient.connect(8 * 1024);
            slow.resume(lost.identity());
            patient.master().expectReconnection(lost.id());
            for (int i = missed; i < missed + CAPACITY; i++) {
                patient.master().send(lost.id(), numbered(i, PACKET_BYTES));
            }
            patient.settle();
            for (int i = 0; i < missed + CAPACITY; i++) {
                assertThat(Bytes.number(slow.receive())).isEqualTo(i);
            }
            for (int i = 0; i < TOO_MANY; i++) {
                patient.master().send(lost.id(), numbered(i, PACKET_BYTES));
            }
            patient.master().expectFailure(lost.id(), Reason.BUFFER_OVERFLOW);
        }
    }

    @Test
    void bytesAreBoundedTooButOnePacketAlwaysFits() {
        try (World narrow =
                World.setup().with("clients.channel_capacity_bytes", 64 * 1024).start()) {
            ScriptedClient reader = narrow.openHeard();
            byte[] large = new byte[5 * 1024 * 1024];
            narrow.master().send(reader.id(), large);
            assertThat(reader.receive()).isEqualTo(large);

            ScriptedClient slow = slowReader(narrow);
            for (int i = 0; i < TOO_MANY; i++) {
                narrow.master().send(slow.id(), numbered(i, PACKET_BYTES));
            }
            narrow.master().expectFailure(slow.id(), Reason.BUFFER_OVERFLOW);
            narrow.roundTrip(reader);
        }
    }

    @Test
    void whatItSendsReachesTheMasterThoughItDoesNotRead() {
        ScriptedClient slow = slowReader(world);
        for (int i = 0; i < CAPACITY; i++) {
            world.master().send(slow.id(), numbered(i, PACKET_BYTES));
        }
        for (int i = 0; i < 100; i++) {
            slow.send(numbered(i, 1000));
            assertThat(Bytes.number(world.master().dataOf(slow.id()))).isEqualTo(i);
        }
    }

    static ScriptedClient slowReader(World world) {
        ScriptedClient slow = world.connect(8 * 1024);
        slow.openSession();
        world.introduce(slow);
        return slow;
    }
}
