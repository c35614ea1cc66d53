package net.voltlane.server.uplink;

import net.voltlane.protocol.Reason;
import net.voltlane.server.link.FirehoseFlow;
import net.voltlane.server.session.MasterPort;

/**
 * The way of the sessions' events to the version of the firehose that is spoken, and of their wish that the firehose waits
 * to its flow. Belongs to the session loop.
 */
abstract class MasterEvents implements MasterPort {
    final FirehoseFlow flow;

    MasterEvents(FirehoseFlow flow) {
        this.flow = flow;
    }

    abstract Firehose firehose();

    @Override
    public final void opened(Subject session) {
        firehose().opened(session);
    }

    @Override
    public final void adopted(Subject session) {
        firehose().adopted(session);
    }

    @Override
    public final boolean letGo(Subject session) {
        return firehose().letGo(session);
    }

    @Override
    public final void abandoned(Subject session, Reason reason) {
        firehose().abandoned(session, reason);
    }

    @Override
    public final Adopts adopts() {
        return firehose().adopts();
    }

    @Override
    public final long firstPacket(Subject session) {
        return firehose().firstPacket(session);
    }

    @Override
    public final void dataFollows(Subject session) {
        firehose().dataFollows(session);
    }

    @Override
    public final void suspended(Subject session, String cause) {
        firehose().suspended(session, cause);
    }

    @Override
    public final void resumed(Subject session, boolean isTakeover) {
        firehose().resumed(session, isTakeover);
    }

    @Override
    public final void ended(Subject session, Reason reason, byte[] text) {
        firehose().ended(session, reason, text);
    }

    @Override
    public final void delivered(Subject session) {
        firehose().delivered(session);
    }

    @Override
    public final void taken(Subject session, long packets) {
        firehose().taken(session, packets);
    }

    @Override
    public final void slow(Subject session, long keptBytes) {
        firehose().slow(session, keptBytes);
    }

    @Override
    public final void ready(Subject session, long keptBytes) {
        firehose().ready(session, keptBytes);
    }

    @Override
    public final boolean wantsDelivered() {
        return firehose().wantsDelivered();
    }

    @Override
    public final boolean acknowledges() {
        return firehose().acknowledges();
    }

    @Override
    public final boolean notFound(long id) {
        return firehose().notFound(id);
    }

    @Override
    public final void block() {
        flow.block();
    }

    @Override
    public final void unblock() {
        flow.unblock();
    }
}
