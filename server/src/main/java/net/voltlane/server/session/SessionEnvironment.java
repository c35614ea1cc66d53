package net.voltlane.server.session;

import io.netty.buffer.ByteBufAllocator;
import java.util.function.LongSupplier;
import net.voltlane.server.link.MemoryBudget;
import net.voltlane.server.link.Owner;
import net.voltlane.server.metrics.Counters;

/**
 * The parts of the server that sessions use.
 *
 * @param owner the session loop
 * @param allocator for the packets that sessions keep
 * @param budget the account of these packets
 * @param counters of the session loop
 * @param nanoClock time for stale sessions, as {@link System#nanoTime}
 */
public record SessionEnvironment(
        Owner owner,
        MasterPort master,
        ByteBufAllocator allocator,
        MemoryBudget budget,
        Counters counters,
        LongSupplier nanoClock) {}
