package net.voltlane.systemtest;

import static net.voltlane.testkit.Bytes.numbered;
import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.voltlane.protocol.Reason;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.ScriptedClient;
import org.junit.jupiter.api.Test;

/** Section 5: what the master sends while a session is stale is kept, up to a bound, or the session fails. */
class MissedPacketsTest {
    private static final Duration SHORT = Duration.ofMillis(100);

    @Test
    void asManyAsConfiguredAreKeptAndOneMoreFailsTheSession() {
        try (World world =
                World.setup().with("clients.missed_packets_buffer_size", 3).start()) {
            ScriptedClient full = world.openHeard();
            ScriptedClient over = world.openHeard();
            world.lose(full);
            world.lose(over);
            for (int i = 0; i < 3; i++) {
                world.master().send(full.id(), numbered(i, 10));
                world.master().send(over.id(), numbered(i, 10));
            }
            world.settle();
            world.master().expectSilenceOf(over.id(), SHORT);
            world.master().send(over.id(), numbered(3, 10));
            world.master().expectFailure(over.id(), Reason.MISSED_PACKETS_OVERFLOW);
            world.expectGone(over.identity());
            world.master().send(over.id(), numbered(4, 10));
            world.master().expectFailure(over.id(), Reason.CLIENT_NOT_FOUND);

            ScriptedClient again = world.resumed(full.identity());
            for (int i = 0; i < 3; i++) {
                assertThat(again.receive()).isEqualTo(numbered(i, 10));
            }
            world.roundTripAfterReconnection(again);
        }
    }

    @Test
    void theCountStartsOverWithEachLoss() {
        try (World world =
                World.setup().with("clients.missed_packets_buffer_size", 2).start()) {
            ScriptedClient client = world.openHeard();
            for (int round = 0; round < 3; round++) {
                world.lose(client);
                world.master().send(client.id(), numbered(2 * round, 10));
                world.master().send(client.id(), numbered(2 * round + 1, 10));
                world.settle();
                client = world.resumed(client.identity());
                assertThat(client.receive()).isEqualTo(numbered(2 * round, 10));
                assertThat(client.receive()).isEqualTo(numbered(2 * round + 1, 10));
                world.roundTripAfterReconnection(client);
            }
        }
    }

    @Test
    void withNoneKeptTheFirstFailsTheSession() {
        try (World world =
                World.setup().with("clients.missed_packets_buffer_size", 0).start()) {
            ScriptedClient client = world.openHeard();
            ScriptedClient lucky = world.openHeard();
            world.lose(client);
            world.lose(lucky);
            world.master().send(client.id(), new byte[0]);
            world.master().expectFailure(client.id(), Reason.MISSED_PACKETS_OVERFLOW);
            world.expectGone(client.identity());
            world.roundTripAfterReconnection(world.resumed(lucky.identity()));
            world.master().expectSilenceOf(client.id(), SHORT);
        }
    }

    @Test
    void whatTheLostLinkHadNotTakenDoesNotCount() {
        try (World world = World.setup()
                .with("clients.missed_packets_buffer_size", 2)
                .with("clients.missed_packets_buffer_bytes", 1000)
                .start()) {
            ScriptedClient slow = SlowClientTest.slowReader(world);
            for (int i = 0; i < 160; i++) {
                world.master().send(slow.id(), numbered(i, 64 * 1024));
            }
            world.settle();
            world.cut(slow);
            world.master().send(slow.id(), numbered(160, 10));
            world.master().send(slow.id(), numbered(161, 10));
            world.settle();
            ScriptedClient again = world.resumed(slow.identity());
            for (int i = Bytes.number(again.receive()) + 1; i < 162; i++) {
                assertThat(Bytes.number(again.receive())).isEqualTo(i);
            }
            world.roundTripAfterReconnection(again);
        }
    }

    @Test
    void bytesAreBoundedToo() {
        try (World world = World.setup()
                .with("clients.missed_packets_buffer_size", 1000)
                .with("clients.missed_packets_buffer_bytes", 64 * 1024)
                .start()) {
            ScriptedClient client = world.openHeard();
            world.lose(client);
            world.master().send(client.id(), new byte[40 * 1024]);
            world.settle();
            world.master().expectSilenceOf(client.id(), SHORT);
            world.master().send(client.id(), new byte[40 * 1024]);
            world.master().expectFailure(client.id(), Reason.MISSED_PACKETS_OVERFLOW);
            world.expectGone(client.identity());
        }
    }

    @Test
    void aFailureOfOneSessionTouchesNoOther() {
        try (World world =
                World.setup().with("clients.missed_packets_buffer_size", 1).start()) {
            ScriptedClient over = world.openHeard();
            ScriptedClient kept = world.openHeard();
            world.lose(over);
            world.lose(kept);
            world.master().send(kept.id(), utf8("kept"));
            world.master().send(over.id(), utf8("1"));
            world.master().send(over.id(), utf8("2"));
            world.master().expectFailure(over.id(), Reason.MISSED_PACKETS_OVERFLOW);
            assertThat(world.resumed(kept.identity()).receive()).isEqualTo(utf8("kept"));
        }
    }
}
