package net.voltlane.server.session;

import java.util.HashMap;
import java.util.Map;

/** Judges the events that a {@link MasterPort} gets by the drawing there. */
public final class LifeOrder {
    private enum State {
        LIVE,
        SUSPENDED
    }

    private final Map<Long, State> states = new HashMap<>();

    public void opened(MasterPort.Subject session) {
        unless(states.put(session.id(), State.LIVE) == null, session, "opened twice");
    }

    /** It comes from another server, perhaps once more. */
    public void adopted(MasterPort.Subject session) {
        states.put(session.id(), State.LIVE);
    }

    /** Another server has it. One that was adopted may not have been told of before. */
    public void letGo(MasterPort.Subject session) {
        states.remove(session.id());
    }

    public void firstPacket(MasterPort.Subject session) {
        unless(states.get(session.id()) == State.LIVE, session, "a first packet, and no link");
        unless(!session.isKnownToMaster(), session, "a second first packet");
    }

    public void dataFollows(MasterPort.Subject session) {
        unless(states.get(session.id()) == State.LIVE, session, "about to send, and has no link");
        unless(session.isKnownToMaster(), session, "about to send, and its first packet was not told");
    }

    public void suspended(MasterPort.Subject session) {
        State before = states.put(session.id(), State.SUSPENDED);
        // An adopted session is resumed silently, if its client is lost before the master answers.
        unless(before == State.LIVE || session.epoch() > 0, session, "suspended without a link");
    }

    public void resumed(MasterPort.Subject session) {
        State before = states.put(session.id(), State.LIVE);
        unless(before != null || session.epoch() > 1, session, "resumed, though there is none");
    }

    public void ended(MasterPort.Subject session) {
        unless(states.remove(session.id()) != null || session.epoch() > 1, session, "ended, though there is none");
    }

    private static void unless(boolean right, MasterPort.Subject session, String what) {
        if (!right) {
            throw new AssertionError("session " + session.id() + " was " + what);
        }
    }
}
