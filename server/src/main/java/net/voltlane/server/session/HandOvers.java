package net.voltlane.server.session;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.concurrent.CompletionStage;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.store.Fleet;
import net.voltlane.server.store.RecordSeal;
import net.voltlane.server.store.UnreadableRecordException;
import org.jspecify.annotations.Nullable;

/**
 * The way of what one server still keeps for a client to the server that the client has gone to. Only where the backend
 * does not send it again itself. Belongs to the session loop.
 */
final class HandOvers {
    /** The time that the new server waits. */
    static final long WAIT_MILLIS = 500;
    /** The time for one look: a server that has stopped in order may have left something before. */
    private static final long LOOK_MILLIS = 1;
    /** The time for which it stays in the store. */
    private static final long KEEP_MILLIS = 5_000;

    private final Fleet fleet;
    private final RecordSeal seal;
    private final MasterPort master;
    private final Counters counters;

    /** @param seal {@link RecordSeal#ofHandOvers} */
    HandOvers(Fleet fleet, RecordSeal seal, MasterPort master, Counters counters) {
        this.fleet = fleet;
        this.seal = seal;
        this.master = master;
        this.counters = counters;
    }

    /** True if the session's next server needs what this one keeps: of a client that counts, the backend keeps it too. */
    boolean areOfUseTo(ClientProtocol protocol) {
        return protocol == Version2.PROTOCOL || master.adopts() == MasterPort.Adopts.IS_SILENT;
    }

    /** Leaves what a session keeps to the server that has it by now. */
    void give(Session session, long epoch) {
        Undelivered kept = session.undelivered;
        session.undelivered = null;
        List<ByteBuf> frames = kept == null ? List.of() : kept.take();
        HandOver.Cut cut = HandOver.of(session.protocol(), session.takenUp(), session.nextDown() - 1, frames);
        frames.forEach(ByteBuf::release);
        HandOver content = cut.content();
        counters.add(Metric.PACKETS_HANDED_OVER, content.packets());
        counters.add(Metric.HAND_OVER_DROPPED, cut.dropped());
        fleet.handOver(session.id, epoch, seal.seal(session.id, content.encode()), KEEP_MILLIS)
                .whenComplete((nothing, failure) -> {}); // the session goes on without it
    }

    /**
     * Takes what the former server has left, and waits for it if that server lives.
     *
     * @return completes on any thread, within a second, with null where there is nothing
     */
    CompletionStage<@Nullable HandOver> take(long id, long epoch, String formerOwner) {
        return fleet.members()
                .thenCompose(members -> fleet.takeOver(
                        id,
                        epoch,
                        members.stream().anyMatch(member -> member.owner().equals(formerOwner))
                                ? WAIT_MILLIS
                                : LOOK_MILLIS))
                .handle((left, failure) -> left == null ? null : open(id, left));
    }

    private @Nullable HandOver open(long id, byte[] left) {
        try {
            return HandOver.decode(seal.open(id, left));
        } catch (UnreadableRecordException ofAnotherKey) {
            return null;
        }
    }
}
