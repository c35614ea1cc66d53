package net.voltlane.server.session;

import java.util.ArrayList;
import java.util.List;
import net.voltlane.protocol.Reason;

/** The master's side: writes down what it is told, in order. */
final class FakeMaster implements MasterPort {
    final List<String> told = new ArrayList<>();
    boolean atBound;
    boolean blocked;

    /** A client's packet, which passes by the sessions on the loop queue that they are told by. */
    void data(long id, String text) {
        told.add("Data " + id + " " + text);
    }

    @Override
    public void failure(long id, Reason reason) {
        told.add("Failure " + id + " " + reason.text());
    }

    @Override
    public void reconnection(long id) {
        told.add("Reconnection " + id);
    }

    /** By packets instead of bytes. */
    @Override
    public long position() {
        return told.size();
    }

    @Override
    public boolean isAtBound() {
        return atBound;
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
