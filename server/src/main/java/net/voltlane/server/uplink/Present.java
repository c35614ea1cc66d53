package net.voltlane.server.uplink;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.voltlane.protocol.firehose3.MessageFlag;
import net.voltlane.server.log.LogEvent;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metric;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first packets for a new instance of the master: the present, which is an Opened for every session that there is or
 * of which something waits, and then the data and the ends that the instance before did not acknowledge. News of links
 * that waited are dropped, since the present has told them. Belongs to the session loop.
 */
final class Present {
    private static final Logger log = LoggerFactory.getLogger(FirehoseV3.class);

    private final ToldSessions sessions;
    private final PacketWriter writer;
    private final KeptBounds bounds;
    private final Counters counters;

    /** @param bounds count anew what is kept */
    Present(ToldSessions sessions, PacketWriter writer, KeptBounds bounds, Counters counters) {
        this.counters = counters;
        this.sessions = sessions;
        this.writer = writer;
        this.bounds = bounds;
    }

    /** Begins the log for a new instance as {@link #tell} does, counts that, and says so. */
    void begin(KeptLog before, KeptLog next, boolean tellsPace, boolean tellsDelivered) {
        long waiting = tell(before, next, tellsPace, tellsDelivered);
        counters.count(Metric.MASTER_BEGAN_ANEW);
        counters.add(Metric.MASTER_PACKETS_RESENT, waiting);
        if (next.last() > 0) {
            LogEvent.MASTER_BEGAN_ANEW
                    .on(log)
                    .log(
                            "The backend is another process than before: told it of {} sessions, {} packets follow that the last one did not acknowledge",
                            sessions.size(),
                            waiting);
        }
    }

    /**
     * Moves what still counts from one log to another, behind the present.
     *
     * @param before is empty afterwards
     * @param next is empty, and its numbers begin at 1
     * @param tellsPace true if the master wants to know which sessions are slow
     * @param tellsDelivered true if it wants to know what clients have acknowledged: that follows where the socket has room
     * @return the packets behind the present
     */
    long tell(KeptLog before, KeptLog next, boolean tellsPace, boolean tellsDelivered) {
        sessions.allIsTold();
        forgetEnded();
        Map<Told, Long> adopted = new HashMap<>();
        for (Told session : sessions.all()) {
            append(next, writer.opened(session, true));
            if (!session.owns(0)) {
                adopted.put(session, next.last());
            }
            session.isToldAnew(tellsPace);
            if (tellsPace && session.isSlow() && !session.hasEnded()) {
                append(next, writer.pace(session));
            }
            if (tellsDelivered && session.delivered() > 0 && !session.hasEnded()) {
                session.owesDelivered();
                sessions.note(session);
            }
        }
        long told = next.last();
        bounds.present(told);
        before.drain((buf, index, length, number) -> {
            int flag = KeptLog.flag(buf, index);
            Told session = sessions.get(KeptLog.id(buf, index));
            if (session == null || !session.owns(number)) {
                return; // another server has it, or has had it since
            }
            if (flag == MessageFlag.DATA) {
                next.append(buf, index, length);
                bounds.addData(1, length);
            } else if (flag == MessageFlag.ENDED) {
                next.append(buf, index, length);
                bounds.addOwn(length);
            }
        });
        adopted.forEach(Told::beginsWith);
        bounds.check();
        return next.last() - told;
    }

    /**
     * Forgets the sessions of which only the end is left, where there are too many of them: a master that acknowledges
     * nothing, and is another each time, gets as many again as there are sessions. A new instance has not heard of them,
     * and for one that has, the present says as much by not naming them.
     */
    private void forgetEnded() {
        List<Told> unheardOf = new ArrayList<>();
        for (Told session : sessions.all()) {
            if (session.isOfThisInstanceOnly()) {
                unheardOf.add(session);
            }
        }
        unheardOf.forEach(sessions::remove);
        if (bounds.isReachedByOwn()) {
            List<Told> over = new ArrayList<>();
            for (Told session : sessions.all()) {
                if (session.hasOnlyItsEndLeft()) {
                    over.add(session);
                }
            }
            over.forEach(sessions::remove);
            counters.add(Metric.MASTER_SESSIONS_FORGOTTEN, over.size());
        }
    }

    private static void append(KeptLog log, ByteBuf frame) {
        log.append(frame, frame.readerIndex(), frame.readableBytes());
    }
}
