package net.voltlane.server.session;

import java.util.ArrayList;
import java.util.List;
import net.voltlane.protocol.Reason;

/** The master's side: notes what a master of version 2 is told, in order. */
final class FakeMaster implements MasterPort {
    private final LifeOrder order = new LifeOrder();
    final List<String> told = new ArrayList<>();
    boolean atBound;
    boolean blocked;

    /** A client's packet, which passes by the sessions on the loop queue that they are told by. */
    void data(long id, String text) {
        told.add("Data " + id + " " + text);
    }

    @Override
    public void opened(Subject session) {
        order.opened(session);
    }

    @Override
    public long firstPacket(Subject session) {
        order.firstPacket(session);
        return position();
    }

    @Override
    public void suspended(Subject session) {
        order.suspended(session);
    }

    @Override
    public void resumed(Subject session) {
        order.resumed(session);
        if (session.isKnownToMaster()) {
            told.add("Reconnection " + session.id());
        }
    }

    @Override
    public void ended(Subject session, Reason reason) {
        order.ended(session);
        if (session.isKnownToMaster()) {
            told.add("Failure " + session.id() + " " + reason.text());
        }
    }

    @Override
    public boolean notFound(long id) {
        if (!atBound) {
            told.add("Failure " + id + " " + Reason.CLIENT_NOT_FOUND.text());
        }
        return !atBound;
    }

    /** The position of the next packet, in packets instead of bytes. */
    long position() {
        return told.size();
    }

    @Override
    public void block() {
        if (blocked) {
            throw new AssertionError("blocked twice");
        }
        blocked = true;
    }

    @Override
    public void unblock() {
        if (!blocked) {
            throw new AssertionError("unblocked without a block");
        }
        blocked = false;
    }
}
