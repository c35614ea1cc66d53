package net.voltlane.server.address;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FairQueueTest {
    private final FairQueue<String> queue = new FairQueue<>();

    private void add(String from, String... items) {
        Cidr address = Cidr.parse(from);
        assertThat(address).isNotNull();
        for (String item : items) {
            queue.add(address, item);
        }
    }

    private List<String> all() {
        List<String> all = new ArrayList<>();
        for (String item = queue.poll(); item != null; item = queue.poll()) {
            all.add(item);
        }
        assertThat(queue.isEmpty()).isTrue();
        return all;
    }

    @Test
    void addressesTakeTurns() {
        add("192.0.2.1", "a1", "a2", "a3");
        add("192.0.2.2", "b1");
        add("192.0.2.3", "c1", "c2");
        assertThat(queue.size()).isEqualTo(6);
        assertThat(all()).containsExactly("a1", "b1", "c1", "a2", "c2", "a3");
        assertThat(queue.size()).isZero();
    }

    @Test
    void aNewcomerIsNextOnceEachOtherHadOneTurn() {
        for (int i = 0; i < 10_000; i++) {
            add("192.0.2." + i % 10, "flood");
        }
        queue.poll();
        add("198.51.100.1", "honest");
        for (int i = 0; i < 10; i++) {
            assertThat(queue.poll()).isEqualTo("flood");
        }
        assertThat(queue.poll()).isEqualTo("honest");
    }

    @Test
    void whatIsTakenOutHasNoTurn() {
        add("192.0.2.1", "a1", "a2");
        add("192.0.2.2", "b1");
        assertThat(queue.remove(Cidr.parse("192.0.2.1"), "a1")).isTrue();
        assertThat(queue.remove(Cidr.parse("192.0.2.1"), "a1")).isFalse();
        assertThat(queue.remove(Cidr.parse("192.0.2.2"), "b1")).isTrue();
        assertThat(queue.remove(Cidr.parse("192.0.2.2"), "b1")).isFalse();
        assertThat(queue.size()).isOne();
        assertThat(all()).containsExactly("a2");
    }

    @Test
    void manyNetworksOfAnIpv6NetworkHaveOneTurnTogetherAndTakeTurnsWithinIt() {
        for (int i = 0; i < 3; i++) {
            add("2001:db8:0:" + i + "::1", "net " + i, "net " + i + " again");
        }
        add("2001:db8:0:ff00::1", "other /56");
        add("192.0.2.1", "honest", "honest again");
        assertThat(all())
                .containsExactly(
                        "net 0",
                        "honest",
                        "other /56",
                        "honest again",
                        "net 1",
                        "net 2",
                        "net 0 again",
                        "net 1 again",
                        "net 2 again");
    }
}
