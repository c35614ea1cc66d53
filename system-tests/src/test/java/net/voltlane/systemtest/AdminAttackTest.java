package net.voltlane.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * {@code mvn -Pattack verify}: the latency of honest clients while the admin port is attacked, each attack for
 * {@code -Dattack.seconds}, and all at once. Every packet of theirs is echoed all the while.
 */
@Tag("attack")
class AdminAttackTest {
    private static final int SECONDS = Integer.getInteger("attack.seconds", 10);
    private static final int HONEST = 8;
    private static final int HONEST_PACKETS_PER_SECOND = 100;
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(2);
    private static final int MIB = 1 << 20;

    @Test
    void clientsAreServedDuringEachAttackOnTheAdminPort() {
        try (AttackedServer attacked = new AttackedServer(
                true, HONEST, HONEST_PACKETS_PER_SECOND, "-XX:+UseSerialGC", "-XX:NativeMemoryTracking=summary")) {
            System.out.printf(
                    "%d honest clients, %d packets a second each; %d s for each phase%n",
                    HONEST, HONEST_PACKETS_PER_SECOND, SECONDS);
            System.out.println("attack on the admin port       opened   echoes     p50 ms    p99 ms  p99.9 ms    max ms"
                    + "   heap MiB  buffers MiB  answers again");
            // Twice, and with attackers: else cold code would be compared with warm.
            phase("(warm-up)", attacked, List.of(AdminAttack.values()));
            phase("(warm-up)", attacked, List.of());
            phase("none", attacked, List.of());
            for (AdminAttack attack : AdminAttack.values()) {
                phase(attack.title, attacked, List.of(attack));
            }
            phase("all of these", attacked, List.of(AdminAttack.values()));
            phase("none, afterwards", attacked, List.of());
            assertThat(attacked.server().isAlive()).isTrue();
        }
    }

    private static void phase(String name, AttackedServer attacked, List<AdminAttack> attacks) {
        List<HostileConnections> attackers = new ArrayList<>();
        long opened;
        Histogram latency;
        try {
            attacks.forEach(attack -> attackers.add(attack.begin(attacked.admin.address())));
            attacked.honest.take();
            LockSupport.parkNanos(SECONDS * 1_000_000_000L);
            latency = attacked.honest.take();
            opened = attackers.stream().mapToLong(HostileConnections::opened).sum();
        } finally {
            attackers.forEach(HostileConnections::close);
        }
        Duration silent = attacked.admin.awaitAnswer("/livez", ANSWER_LIMIT);
        Gauge gauge = Gauge.of(attacked.server().pid());
        System.out.printf(
                "%-36s %10d %8d %10.2f %9.2f %9.2f %9.2f %10.1f %12.1f %11d ms%n",
                name,
                opened,
                latency.getTotalCount(),
                latency.getValueAtPercentile(50) / 1e6,
                latency.getValueAtPercentile(99) / 1e6,
                latency.getValueAtPercentile(99.9) / 1e6,
                latency.getMaxValue() / 1e6,
                (double) gauge.heapBytes() / MIB,
                (double) gauge.bufferBytes() / MIB,
                silent.toMillis());
    }
}
