package net.voltlane.backend;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import net.voltlane.tcp.KernelSockets;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a backend that a test or a benchmark replaces.
 *
 * @param nanoClock as {@link System#nanoTime()}
 * @param ticking whether a thread calls {@link VoltlaneBackend#tick()}; if not, the test does
 * @param chunkBytes the size of a write; with 1 every packet is a write of its own
 * @param replacedGrace how long a firehose whose server has dialled again may take to end by itself
 * @param replacedLimit how long a stuck handler call of such a firehose may delay the new one, once
 * @param kernel gives the kernel's view of the sockets, to find peers that do not answer
 */
record Environment(
        LongSupplier nanoClock,
        boolean ticking,
        int chunkBytes,
        Duration replacedGrace,
        Duration replacedLimit,
        Supplier<KernelSockets.@Nullable Snapshot> kernel) {

    static final Environment SYSTEM = new Environment(
            System::nanoTime,
            true,
            Outbox.CHUNK_BYTES,
            Duration.ofSeconds(1),
            Duration.ofSeconds(10),
            KernelSockets::here);
}
