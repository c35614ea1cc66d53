package net.voltlane.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.util.concurrent.atomic.AtomicLong;
import net.voltlane.server.guard.Guard;
import net.voltlane.server.guard.GuardLimits;
import net.voltlane.server.link.Logged;
import net.voltlane.server.metrics.Metrics;
import org.junit.jupiter.api.Test;

/** The line that tells the limits in force. */
final class CurrentCapacityTest {
    private final AtomicLong buffers = new AtomicLong(185L << 20);
    private final CurrentCapacity capacity = new CurrentCapacity(
            new Heap(247L << 20), buffers::get, new Guard(GuardLimits.OFF, new Metrics(), () -> 0, () -> 0));

    @Test
    void theHeapThatOperationsAdvisesIsEnough() {
        Heap heap = new Heap(512L << 20); // docs/OPERATIONS.md: 100,000 clients, of which 65,535 may be away
        assertThat(heap.maxStaleClients(65_535)).isEqualTo(65_535);
        assertThat(heap.left(65_535).clients()).isGreaterThan(100_000);
    }

    @Test
    void theLimitsAreToldWithWhatBoundsTheClients() {
        try (Logged log = new Logged(VoltlaneServer.class, Level.INFO)) {
            capacity.find(Descriptors.left(1_048_576, 100), 0, 65_535);
            capacity.find(Descriptors.left(1_024, 101), 0, 65_535);
            buffers.set(64L << 20);
            capacity.find(Descriptors.left(1_048_576, 100), 100, 65_535);
            capacity.find(Descriptors.left(1_048_576, 100), 100, 65_535);
            assertThat(log.lines())
                    .containsExactly(
                            "INFO Limits: 48349 clients because of the heap of 247 MiB; the limit of 1048576 open"
                                    + " descriptors, 185 MiB of packets that wait",
                            "INFO Limits: 752 clients because of the limit of 1024 open descriptors; the heap of 247 MiB,"
                                    + " 185 MiB of packets that wait",
                            "INFO Limits: 100 clients because of limits.max_clients; the limit of 1048576 open descriptors,"
                                    + " the heap of 247 MiB, 64 MiB of packets that wait");
            assertThat(log.fields(2)).containsExactly("event=limits", "clients=100");
        }
    }
}
