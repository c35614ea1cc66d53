package net.voltlane.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Measures how much more memory an idle client of version 3 takes than one of version 2, and fails if that is too much.
 * It needs a heap that nothing else uses, so it has a profile of its own.
 */
@Tag("figures")
final class IdleClientTest {
    private static final int CLIENTS = 500;
    /** 0.3 KiB. */
    private static final long LIMIT_BYTES = 307;

    /** All stay open until the end: the garbage of one that was closed would be in the figures of the next. */
    private final List<InMemoryServer> servers = new ArrayList<>();

    @AfterEach
    void close() {
        servers.forEach(InMemoryServer::close);
    }

    /** The keys of all sessions are there; nothing is kept for any client. */
    @Test
    void anIdleClientOfVersion3TakesLittleMoreThanOneOfVersion2() {
        heapBytes(2); // classes are loaded
        heapBytes(3);
        long version2 = heapBytes(2);
        long version3 = heapBytes(3);
        System.out.printf(
                "idle clients, bytes of the heap: %d of version 2, %d of version 3%n",
                version2 / CLIENTS, version3 / CLIENTS);
        assertThat((version3 - version2) / CLIENTS)
                .as("bytes more: %d of version 2, %d of version 3", version2 / CLIENTS, version3 / CLIENTS)
                .isBetween(1L, LIMIT_BYTES);
    }

    /** Returns what one more server with its clients takes up, in bytes of the heap. */
    private long heapBytes(int protocol) {
        long before = usedBytes();
        servers.add(new InMemoryServer(1, CLIENTS, protocol, 2));
        return usedBytes() - before;
    }

    private static long usedBytes() {
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
