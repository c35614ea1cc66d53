package net.voltlane.server.session;

import io.netty.buffer.ByteBufAllocator;
import java.util.function.LongSupplier;
import net.voltlane.server.link.KeptMemory;
import net.voltlane.server.link.MemoryBudget;
import net.voltlane.server.link.Owner;
import net.voltlane.server.metrics.Counters;

/**
 * The parts of the server that sessions use.
 *
 * @param owner the session loop
 * @param allocator for the packets that sessions keep
 * @param budget the account of everything that sessions hold
 * @param kept is charged for what sessions keep for clients that are away, and charges the budget
 * @param counters of the session loop
 * @param nanoClock time for stale sessions, as {@link System#nanoTime}
 */
public record SessionEnvironment(
        Owner owner,
        MasterPort master,
        ByteBufAllocator allocator,
        MemoryBudget budget,
        KeptMemory kept,
        Counters counters,
        LongSupplier nanoClock) {

    /** Parts with a new account of what sessions keep. */
    public SessionEnvironment(
            Owner owner,
            MasterPort master,
            ByteBufAllocator allocator,
            MemoryBudget budget,
            Counters counters,
            LongSupplier nanoClock) {
        this(owner, master, allocator, budget, new KeptMemory(budget), counters, nanoClock);
    }
}
