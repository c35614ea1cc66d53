package net.voltlane.systemtest;

import static net.voltlane.testkit.Bytes.numbered;
import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Tag;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.ScriptedClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Section 5, bounds: with {@code clients.overflow = "block"} the firehose waits for a client that does not read. */
class BlockingTest {
    private static final int PACKET_BYTES = 64 * 1024;

    private World world;
    private ScriptedClient slow;
    private ScriptedClient other;
    private int sent;
    private ByteBuffer pending;

    @BeforeEach
    void blockTheFirehose() {
        world = World.setup()
                .with("clients.overflow", "block")
                .with("clients.channel_capacity", 16)
                .with("clients.missed_packets_buffer_size", 10_000)
                .with("clients.missed_packets_buffer_bytes", 512 * 1024 * 1024)
                .start();
        slow = SlowClientTest.slowReader(world);
        other = world.openHeard();
        for (int n = 1; n > 0; ) {
            pending = ByteBuffer.wrap(Tag.frame(slow.id(), Flag.DATA, numbered(sent++, PACKET_BYTES)));
            while (pending.hasRemaining() && n > 0) {
                n = world.master().firehose().offer(pending, Flood.QUIET);
            }
            assertThat(sent).as("packets that the server took for one client").isLessThan(2_000);
        }
    }

    @AfterEach
    void stop() {
        world.close();
    }

    @Test
    void whileItDoesNotReadNobodyGetsAnythingAndThenAllGetAll() {
        Thread master = sendTheRestAndSomethingForTheOther();
        other.expectSilence(Duration.ofMillis(300));
        for (int i = 0; i < sent; i++) {
            assertThat(Bytes.number(slow.receive())).isEqualTo(i);
        }
        assertThat(other.receive()).isEqualTo(utf8("at last"));
        join(master);
        world.roundTrip(slow);
        world.roundTrip(other);
    }

    @Test
    void upstreamGoesOnMeanwhile() {
        other.send(utf8("from the other"));
        assertThat(world.master().dataOf(other.id())).isEqualTo(utf8("from the other"));
        slow.send(utf8("from the slow one"));
        assertThat(world.master().dataOf(slow.id())).isEqualTo(utf8("from the slow one"));
    }

    @Test
    void theLossOfItsLinkLetsTheOthersGoOn() {
        Thread master = sendTheRestAndSomethingForTheOther();
        slow.cut();
        assertThat(other.receive()).isEqualTo(utf8("at last"));
        join(master);
        ScriptedClient again = world.resumed(slow.identity()).timeout(Duration.ofSeconds(10));
        int first = Bytes.number(again.receive());
        for (int i = first + 1; i < sent; i++) {
            assertThat(Bytes.number(again.receive())).isEqualTo(i);
        }
        world.roundTripAfterReconnection(again);
    }

    @Test
    void aTakeoverLetsTheOthersGoOn() {
        Thread master = sendTheRestAndSomethingForTheOther();
        ScriptedClient again = world.resumed(slow.identity()).timeout(Duration.ofSeconds(10));
        int oldGot = slow.readUntilClosed(Duration.ofSeconds(10)).rest().length / (4 + PACKET_BYTES);
        for (int i = oldGot; i < sent; i++) {
            assertThat(Bytes.number(again.receive())).isEqualTo(i);
        }
        assertThat(other.receive()).isEqualTo(utf8("at last"));
        join(master);
        world.roundTripAfterReconnection(again);
    }

    private Thread sendTheRestAndSomethingForTheOther() {
        byte[] rest = new byte[pending.remaining()];
        pending.get(rest);
        Thread thread = new Thread(
                () -> world.master().write(rest, Tag.frame(other.id(), Flag.DATA, utf8("at last"))), "master");
        world.master().timeout(Duration.ofSeconds(20));
        thread.start();
        return thread;
    }

    private static void join(Thread thread) {
        try {
            thread.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        assertThat(thread.isAlive()).isFalse();
    }
}
