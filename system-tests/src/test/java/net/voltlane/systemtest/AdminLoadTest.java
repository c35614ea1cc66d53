package net.voltlane.systemtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/**
 * Everything that {@link AdminAttack} knows at once on the admin port of a server with a small heap, beside clients whose
 * packets are checked. {@link AdminAttackTest} measures each attack alone, and for longer.
 */
class AdminLoadTest {
    private static final int HONEST = 4;
    private static final int HONEST_PACKETS_PER_SECOND = 100;
    /** Many more than the admin port has room for. */
    private static final int ATTACKERS = 600;

    private static final long CALM_NANOS = 1_000_000_000L;
    private static final long ATTACK_NANOS = 2_000_000_000L;
    /** Until all attackers together have opened their connections. */
    private static final Duration ATTACK_LIMIT = Duration.ofSeconds(60);

    /** A second, and as much for a busy machine. */
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(2);

    private static final long HEAP_SLACK_BYTES = 16 << 20;
    private static final long BUFFER_SLACK_BYTES = 16 << 20;
    private static final int DESCRIPTOR_SLACK = 200;

    @Test
    void noAttackOnTheAdminPortCostsAClientAPacket() {
        try (AttackedServer attacked = new AttackedServer(
                false, HONEST, HONEST_PACKETS_PER_SECOND, "-Xmx64m", "-XX:NativeMemoryTracking=summary")) {
            Histogram calm = measure(attacked, CALM_NANOS);
            Gauge before = Gauge.of(attacked.server().pid());
            List<HostileConnections> attackers = new ArrayList<>();
            Histogram attackedLatency;
            Gauge during;
            try {
                for (AdminAttack attack : AdminAttack.values()) {
                    attackers.add(attack.begin(attacked.admin.address()));
                }
                await("attackers have come")
                        .atMost(ATTACK_LIMIT)
                        .until(() -> attackers.stream()
                                        .mapToLong(HostileConnections::opened)
                                        .sum()
                                > ATTACKERS);
                attackedLatency = measure(attacked, ATTACK_NANOS);
                during = Gauge.of(attacked.server().pid());
            } finally {
                attackers.forEach(HostileConnections::close);
            }
            Duration silent = attacked.admin.awaitAnswer("/readyz", ANSWER_LIMIT);
            System.out.printf(
                    "admin port under attack: p99 %.1f ms (%.1f ms before), answers after %d ms; %s (before: %s)%n",
                    attackedLatency.getValueAtPercentile(99) / 1e6,
                    calm.getValueAtPercentile(99) / 1e6,
                    silent.toMillis(),
                    during,
                    before);
            assertThat(attackedLatency.getTotalCount()).isPositive();
            assertThat(during.heapBytes()).isLessThan(before.heapBytes() + HEAP_SLACK_BYTES);
            assertThat(during.bufferBytes()).isLessThan(before.bufferBytes() + BUFFER_SLACK_BYTES);
            assertThat(during.descriptors()).isLessThan(before.descriptors() + DESCRIPTOR_SLACK);
            assertThat(attacked.server().shamefulLines())
                    .as(
                            "lines that a server must not print%s",
                            attacked.server().report())
                    .isEmpty();
        }
    }

    /** Fails if a packet of an honest client is lost, or late by ten seconds. */
    private static Histogram measure(AttackedServer attacked, long nanos) {
        attacked.honest.take();
        long endNanos = System.nanoTime() + nanos;
        while (endNanos - System.nanoTime() > 0) {
            LockSupport.parkNanos(endNanos - System.nanoTime());
        }
        return attacked.honest.take();
    }
}
