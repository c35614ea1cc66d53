package net.voltlane.systemtest;

import static net.voltlane.testkit.Bytes.numbered;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.voltlane.protocol.Reason;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.ScriptedClient;
import org.junit.jupiter.api.Test;

/** A drain of a whole process: clients get what waits for them, and do not all lose their connections at once. */
class DrainTest {
    private static final int DRAIN_SECS = 20;
    private static final Duration EXIT_LIMIT = Duration.ofSeconds(DRAIN_SECS + 3);

    private static final int SLOW_CLIENTS = 1_000;
    private static final int PACKETS = 20;
    private static final int PACKET_BYTES = 16 * 1024;

    @Test
    void aThousandClientsThatReadSlowlyGetAllThatWaits() {
        try (World world = World.setup()
                .with("listener.threads", 2)
                .with("limits.max_pending_handshakes_per_ip", 0)
                .with("general.drain_timeout_secs", DRAIN_SECS)
                .with("clients.channel_capacity_bytes", 1 << 20)
                .jvm("-Xmx512m")
                .start()) {
            List<ScriptedClient> clients = new ArrayList<>();
            for (int i = 0; i < SLOW_CLIENTS; i++) {
                clients.add(SlowClientTest.slowReader(world));
            }
            for (int packet = 0; packet < PACKETS; packet++) {
                for (ScriptedClient client : clients) {
                    world.master().send(client.id(), numbered(packet, PACKET_BYTES));
                }
            }
            world.settle();
            long startNanos = System.nanoTime();

            world.server().signal("TERM");
            world.server().awaitErrorLine(line -> line.contains("Draining for at most 20 s"), EXIT_LIMIT);
            // Each client reads a little, then nothing until those before it have got everything.
            for (ScriptedClient client : clients) {
                assertThat(Bytes.number(client.receive())).isZero();
            }
            for (ScriptedClient client : clients) {
                for (int packet = 1; packet < PACKETS; packet++) {
                    assertThat(Bytes.number(client.receive())).isEqualTo(packet);
                }
                assertThat(client.readUntilClosed().orderly()).isTrue();
                client.close();
                world.master().expectFailure(client.id(), Reason.SERVER_STOPPING);
            }
            world.closeClients();
            assertThat(world.server().awaitExit(EXIT_LIMIT)).isZero();
            System.out.printf(
                    "drained %d clients that read slowly in %.1f s%n",
                    SLOW_CLIENTS, (System.nanoTime() - startNanos) / 1e9);
            assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(EXIT_LIMIT);
        }
    }

    @Test
    void idleClientsLoseTheirConnectionsOneAfterTheOther() {
        int idle = 500;
        try (World world =
                World.setup().with("limits.max_pending_handshakes_per_ip", 0).start()) {
            List<ScriptedClient> clients = new ArrayList<>();
            for (int i = 0; i < idle; i++) {
                clients.add(world.open());
            }
            long startNanos = System.nanoTime();
            world.server().signal("TERM");
            List<Long> ends = new ArrayList<>();
            for (ScriptedClient client : clients) { // in the order in which they came, as the server ends them
                client.readUntilClosed();
                client.close();
                ends.add(System.nanoTime() - startNanos);
            }
            assertThat(world.server().awaitExit(EXIT_LIMIT)).isZero();
            // 200 at once, and the other 300 at 200 a second
            assertThat(Duration.ofNanos(ends.get(idle - 1))).isGreaterThan(Duration.ofSeconds(1));
            assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(Duration.ofSeconds(8));
        }
    }
}
