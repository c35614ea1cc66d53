package net.voltlane.jmh;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import net.voltlane.server.link.FirehoseFlow;
import net.voltlane.server.link.Gate;
import net.voltlane.server.link.MemoryBudget;
import net.voltlane.server.link.Owner;
import net.voltlane.server.link.ServedTime;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metrics;
import net.voltlane.server.session.MasterPort;
import net.voltlane.server.session.SessionEnvironment;
import net.voltlane.server.session.SessionSettings;
import net.voltlane.server.session.Sessions;

/** The objects that the parts of a server share, wired as in production. */
final class ServerParts {
    static final ByteBufAllocator ALLOCATOR = PooledByteBufAllocator.DEFAULT;
    static final SecureRandom RANDOM = new SecureRandom();

    final Loops loops;
    final MemoryBudget budget = new MemoryBudget(Long.MAX_VALUE);
    final Gate gate;
    final FirehoseFlow flow;
    final Metrics metrics = new Metrics();
    final ServedTime time = new ServedTime(System::nanoTime);
    /** The session loop's. */
    final Counters counters = metrics.newCounters();

    ServerParts(int loops) {
        this.loops = Loops.of(loops);
        gate = new Gate(Owner.of(this.loops.session()));
        flow = new FirehoseFlow(this.loops.session());
    }

    Sessions sessions(MasterPort master) {
        return new Sessions(
                new SessionSettings(TimeUnit.MINUTES.toNanos(5), 65_535, 0, 16 << 20),
                new SessionEnvironment(() -> true, master, ALLOCATOR, budget, counters, time),
                RANDOM::nextLong);
    }
}
