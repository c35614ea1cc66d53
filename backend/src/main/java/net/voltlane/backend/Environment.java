package net.voltlane.backend;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import net.voltlane.tcp.KernelSockets;
import org.jspecify.annotations.Nullable;

/**
 * What a test or a benchmark sets up differently.
 *
 * @param nanoClock as {@link System#nanoTime()}
 * @param ticking whether a thread calls {@link VoltlaneBackend#tick()}; if not, the test does
 * @param chunkBytes the size of a write; with 1 every packet is a write of its own
 * @param replacedGrace how long a firehose whose server has dialled anew may take to come to its end by itself
 * @param replacedLimit for how long a stuck handler call of such a firehose may hold up the new one, once
 * @param kernel what is known of sockets whose peers do not answer
 */
record Environment(
        LongSupplier nanoClock,
        boolean ticking,
        int chunkBytes,
        Duration replacedGrace,
        Duration replacedLimit,
        Supplier<KernelSockets.@Nullable Snapshot> kernel) {

    static final Environment REAL = new Environment(
            System::nanoTime,
            true,
            Outbox.CHUNK_BYTES,
            Duration.ofSeconds(1),
            Duration.ofSeconds(10),
            KernelSockets::here);
}
