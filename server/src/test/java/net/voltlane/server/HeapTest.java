package net.voltlane.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.voltlane.server.link.Logged;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class HeapTest {
    private static final long MIB = 1 << 20;

    private final Logged log = new Logged(Heap.class);

    @AfterEach
    void close() {
        log.close();
    }

    /** Fewer than the 11 400 idle sessions that filled such a heap: the garbage collector needs room to work in. */
    @Test
    void aSmallHeapHasRoomForThousands() {
        Heap heap = new Heap(24 * MIB);
        long stale = heap.maxStaleClients(65_535);

        assertThat(stale).isEqualTo(5_529);
        assertThat(heap.left(stale).connections()).isEqualTo(3_317);
        assertThat(heap.left(stale).text()).startsWith("the heap of 24 MiB leaves room for ");
        assertThat(heap.left(0).connections()).isEqualTo(4_423);
        assertThat(log.lines())
                .containsExactly("WARN clients.max_stale_clients: 5529 holds, as the heap of 24 MiB leaves room for no"
                        + " more than that; to raise it: -Xmx in VOLTLANE_JAVA_OPTS");
    }

    @Test
    void aLargeOneHasRoomForAllThatIsConfigured() {
        Heap heap = new Heap(4096 * MIB);

        assertThat(heap.maxStaleClients(65_535)).isEqualTo(65_535);
        assertThat(heap.left(65_535).connections()).isGreaterThan(900_000);
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void aHeapThatDoesNotHoldTheServerItselfIsAnError() {
        Heap heap = new Heap(8 * MIB);

        assertThatThrownBy(() -> heap.left(heap.maxStaleClients(65_535)))
                .isInstanceOf(StartException.class)
                .hasMessage("the heap of 8 MiB leaves room for 0 clients (expected: 16 MiB at least; see -Xmx in"
                        + " VOLTLANE_JAVA_OPTS)");
    }

    @Test
    void noNumberIsTooLarge() {
        assertThat(new Heap(Long.MAX_VALUE).left(0).connections()).isEqualTo(Integer.MAX_VALUE);
        assertThat(new Heap(24 * MIB).maxStaleClients(Long.MAX_VALUE)).isEqualTo(5_529);
    }
}
