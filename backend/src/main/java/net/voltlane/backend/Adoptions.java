package net.voltlane.backend;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import net.voltlane.protocol.MalformedPacketException;
import net.voltlane.protocol.firehose3.Attributes;
import net.voltlane.protocol.firehose3.Elsewhere;
import net.voltlane.protocol.firehose3.FirehoseMessage;
import net.voltlane.protocol.firehose3.Gap;
import net.voltlane.protocol.firehose3.MessageCodec;
import net.voltlane.protocol.firehose3.MessageFlag;
import net.voltlane.protocol.firehose3.Opened;
import org.jspecify.annotations.Nullable;

/**
 * The rules by which a session moves from one server to another. The application sees one unbroken session.
 *
 * <pre>
 *                Opened with a higher epoch        no handler call about it runs
 *   of server A ----------------------------&gt; claimed ----------------------------&gt; of server B
 *       |                                    |  what A says is dropped              |
 *       | Opened with another epoch          |  what is sent still waits at A       | Position, what the client lacks,
 *       v                                    |                                      v and all that is sent from now on
 *   Elsewhere to B                           +--&gt; Elsewhere to A                 to B's client
 * </pre>
 *
 * An epoch counts the servers that have had a session. For a firehose's reader.
 */
final class Adoptions {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final String CAUSE = "another server goes on with the session";

    /** The outcome of a step. */
    private enum Step {
        /** A handler call about the session runs. */
        WAIT,
        /** No server has the session any more. */
        NOBODY,
        /** The server was told that another one has the session. */
        REFUSED,
        GAP,
        ADOPTED
    }

    private final Firehose firehose;
    private final BackendContext context;
    private final KnownServer server;

    Adoptions(Firehose firehose, BackendContext context, KnownServer server) {
        this.firehose = firehose;
        this.context = context;
        this.server = server;
    }

    /** Returns the epoch that Opened tells; 0 if its server keeps no records. */
    long epoch(Opened opened) {
        Long epoch = server.adopts() ? Numbers.decimal(opened.attributes().text(Attributes.EPOCH)) : null;
        return epoch == null ? 0 : epoch;
    }

    /** Notes the epoch of a session that its server opens anew: it may have lost the session and got it back meanwhile. */
    void learn(Session session, Opened opened) {
        SessionNumbers numbers = session.numbers();
        long epoch = epoch(opened);
        context.directory().locked(() -> {
            numbers.epoch(Math.max(numbers.epoch(), epoch));
            return numbers;
        });
    }

    /**
     * Handles Opened if another server has the session, or if this server has it and takes it over anew. Waits until the last
     * handler call about the session has returned.
     *
     * @return false if Opened begins a session, or belongs to the present of a server that has begun to count anew
     * @throws MalformedPacketException if the server does not take the answers that it asks for
     */
    boolean opened(long id, Opened opened) throws MalformedPacketException {
        long epoch = epoch(opened);
        if (epoch == 0) {
            return false;
        }
        firehose.held().claimsNothing(); // two readers never wait for each other
        if (!server.outbox().moves().admitsAnswer()) {
            throw new MalformedPacketException("it does not take the answers to what it opens");
        }
        Session session = context.directory().locked(() -> {
            firehose.held().dropStrays();
            Session found = context.servers().find(id);
            return found == null || isOfPresent(found, opened) ? null : found;
        });
        if (session == null) {
            return isOver(id, epoch, opened);
        }
        Step step = new Claim(session, epoch, opened).run();
        switch (step) {
            case ADOPTED -> tell(session, opened);
            case GAP -> {
                context.counters().gaps.increment();
                context.undeliveredLost(session);
                context.calls().ended(session, EndReason.GAP);
            }
            default -> {}
        }
        return step != Step.NOBODY || isOver(id, epoch, opened);
    }

    /**
     * Refuses a session that is over for the application, of which this server has not heard, or has heard too late. The
     * present of a server that was away for too long is not refused: its clients are there.
     */
    private boolean isOver(long id, long epoch, Opened opened) {
        return context.directory().locked(() -> {
            Long last = context.directory().ended().epoch(id);
            if (last == null || !opened.adopted() && epoch >= last) {
                return false;
            }
            server.former().put(id, new FormerSession(last, context.nanoTime()));
            server.outbox().moves().answer(id, frame(id, epoch > last ? new Gap() : new Elsewhere(last)));
            return true;
        });
    }

    private boolean isOfPresent(Session session, Opened opened) {
        return session.firehose() == firehose && !opened.adopted();
    }

    /** Tells the application that the session goes on. */
    private void tell(Session session, Opened opened) {
        context.counters().adopted.increment();
        SessionNumbers numbers = session.numbers();
        if (opened.adopted()) {
            numbers.repeatsNothing();
        } else {
            numbers.receivesFrom(opened.nextFromClient());
        }
        if (numbers.suspend(true)) {
            context.calls().suspended(session, CAUSE);
        }
        if (!opened.suspended()) {
            numbers.suspend(false);
            context.calls().resumed(session, ClientInfo.of(opened).remote(), false);
        }
        if (numbers.slow(false)) {
            context.calls().ready(session, 0); // the other server tells if it is slow again
        }
    }

    /**
     * Drops a packet of a server that has lost the session, or has not got it, and tells the server so, once on each link.
     *
     * @return false if no other server has had the session
     */
    boolean drops(long id, int flag) {
        return context.directory().locked(() -> {
            firehose.held().dropStrays();
            FormerSession former = server.former().get(id);
            if (former == null) {
                return false;
            }
            if (former.isToBeTold(firehose)) {
                tellElsewhere(id, former.epoch());
            }
            if (flag == MessageFlag.ENDED) {
                server.former().remove(id);
            }
            return true;
        });
    }

    private void tellElsewhere(long id, long epoch) {
        context.counters().elsewhere.increment();
        server.outbox().moves().answerBeforeAck(id, frame(id, new Elsewhere(epoch)));
    }

    private static byte[] frame(long id, FirehoseMessage message) {
        return MessageCodec.frame(id, message);
    }

    /** The claim of one server to a session that it names with an epoch. */
    private final class Claim {
        private final Session session;
        private final SessionNumbers numbers;
        private final long epoch;
        private final Opened opened;

        // What is given back if a handler call does not return.
        private @Nullable Firehose before;
        private long epochBefore;

        Claim(Session session, long epoch, Opened opened) {
            this.session = session;
            numbers = session.numbers();
            this.epoch = epoch;
            this.opened = opened;
        }

        Step run() {
            Step step = context.directory().locked(this::begin);
            long began = System.nanoTime();
            long limit = context.environment().replacedLimit().toNanos();
            while (step == Step.WAIT) {
                await();
                boolean isLast = System.nanoTime() - began >= limit;
                step = context.directory().locked(() -> goOn(isLast));
            }
            return step;
        }

        private Step begin() {
            if (numbers.isOver()) {
                return Step.NOBODY;
            }
            boolean isOwn = session.firehose() == firehose;
            if (epoch < numbers.epoch() || epoch == numbers.epoch() && !isOwn) {
                return refuse();
            }
            before = session.firehose();
            epochBefore = numbers.epoch();
            numbers.epoch(epoch);
            context.directory().claim(session, firehose);
            KnownServer from = numbers.server();
            if (from != server) {
                from.former().put(session.id(), new FormerSession(numbers, context.nanoTime(), false));
            }
            server.former().remove(session.id());
            return goOn(false);
        }

        private Step refuse() {
            FormerSession former = new FormerSession(numbers, context.nanoTime(), false);
            former.isToBeTold(firehose);
            server.former().put(session.id(), former);
            tellElsewhere(session.id(), numbers.epoch());
            return Step.REFUSED;
        }

        /** Completes the claim if no handler call runs. */
        private Step goOn(boolean isLast) {
            if (numbers.isOver()) {
                return Step.NOBODY;
            }
            if (session.firehose() != firehose || numbers.epoch() != epoch) {
                return refuse(); // a third server has claimed it meanwhile
            }
            KnownServer from = numbers.server();
            if (from == server || !from.link().held().isHandling(session)) {
                return complete(from);
            }
            return isLast ? giveUp(from) : Step.WAIT;
        }

        /** Waits for a moment, and reads Acks meanwhile: a handler call may wait for room that these make. */
        private void await() {
            FirehoseReader reader = FirehoseReader.ofThisThread();
            if (reader != null && !firehose.isLost()) {
                try {
                    reader.readAhead();
                } catch (IOException e) {
                    // The link is lost. What was opened on it has to be answered on the next.
                }
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }

        private Step complete(KnownServer from) {
            if (!server.outbox().moves().takeOver(session, server, opened.nextToClient(), opened.adopted())) {
                return gap(from);
            }
            if (from != server) {
                from.link().held().takeOut(session);
                firehose.held().table().add(session);
            }
            session.moveTo(firehose);
            firehose.held().claims(session);
            return Step.ADOPTED;
        }

        private Step gap(KnownServer from) {
            from.link().held().takeOut(session);
            context.directory().close(session);
            session.drop();
            server.former().put(session.id(), new FormerSession(numbers, context.nanoTime(), true));
            server.outbox().moves().answer(session.id(), frame(session.id(), new Gap()));
            return Step.GAP;
        }

        /** Leaves the session where it is. The server gets no answer, and tries again if its client does. */
        private Step giveUp(KnownServer from) {
            assert before != null;
            from.former().remove(session.id());
            numbers.epoch(epochBefore);
            context.directory().claim(session, before);
            server.former().put(session.id(), new FormerSession(numbers, context.nanoTime(), false));
            context.stuck(session);
            return Step.REFUSED;
        }
    }
}
