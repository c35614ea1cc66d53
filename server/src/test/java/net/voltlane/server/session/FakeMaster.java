package net.voltlane.server.session;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import net.voltlane.protocol.Reason;

/** The master's side: notes what a master of version 2 is told, in order. */
final class FakeMaster implements MasterPort {
    private final LifeOrder order = new LifeOrder();
    final List<String> told = new ArrayList<>();
    /** The events of sessions' lives, as a master of version 3 is told them. */
    final List<String> life = new ArrayList<>();

    boolean atBound;
    boolean blocked;
    private final Map<Long, Subject> subjects = new HashMap<>();
    /** The sessions that it was told of, and that were not let go since. */
    private final Set<Long> toldOf = new HashSet<>();
    /** The bytes kept for clients, as it was told of them. */
    final List<String> paced = new ArrayList<>();
    /** Packets that the client had acknowledged when each session ended. */
    final List<Long> delivered = new ArrayList<>();
    /** It acknowledges what clients send, as a firehose of version 3 does. */
    boolean acknowledges;
    /** It wants to know what clients have acknowledged. */
    boolean wantsDelivered;
    /** Packets that clients had acknowledged, as it was told of them. */
    final List<Long> deliveredSoFar = new ArrayList<>();

    /** A client's packet, which passes by the sessions on the loop queue that they are told by. */
    void data(long id, String text) {
        onData.accept(text);
        told.add("Data " + id + " " + text);
    }

    /** The part that it takes in adoptions. */
    Adopts adopts = Adopts.IS_SILENT;
    /** The sessions that went on at other servers. */
    final List<Long> letGo = new ArrayList<>();
    /** Hears of each packet. */
    Consumer<String> onData = text -> {};
    /** Hears of each session that comes from another server. */
    Consumer<Subject> onAdopted = session -> {};

    @Override
    public Adopts adopts() {
        return adopts;
    }

    @Override
    public void adopted(Subject session) {
        subjects.put(session.id(), session);
        toldOf.add(session.id());
        order.adopted(session);
        Adopting counts = session.adopting();
        life.add("adopted " + session.id() + ", epoch " + session.epoch()
                + (counts == null ? "" : ", up " + counts.nextFromClient() + ", down " + counts.nextToClient()));
        onAdopted.accept(session);
    }

    @Override
    public boolean letGo(Subject session) {
        order.letGo(session);
        letGo.add(session.id());
        return toldOf.remove(session.id());
    }

    @Override
    public void abandoned(Subject session, Reason reason) {
        life.add("abandoned " + session.id() + " " + reason.text() + ", " + session.takenUp() + " up");
    }

    Subject subject(long id) {
        return subjects.get(id);
    }

    @Override
    public void opened(Subject session) {
        subjects.put(session.id(), session);
        toldOf.add(session.id());
        order.opened(session);
        life.add("opened " + session.id() + " " + session.origin().remote());
    }

    @Override
    public long firstPacket(Subject session) {
        order.firstPacket(session);
        return position();
    }

    @Override
    public void suspended(Subject session, String cause) {
        order.suspended(session);
        life.add("suspended " + session.id() + " " + cause);
    }

    @Override
    public void resumed(Subject session, boolean isTakeover) {
        order.resumed(session);
        life.add((isTakeover ? "taken over " : "resumed ") + session.id() + " "
                + session.origin().remote());
        if (session.isKnownToMaster()) {
            told.add("Reconnection " + session.id());
        }
    }

    @Override
    public void ended(Subject session, Reason reason, byte[] text) {
        order.ended(session);
        delivered.add(session.delivered());
        life.add("ended " + session.id() + " " + reason.text() + ", " + new String(text, StandardCharsets.UTF_8) + ", "
                + session.takenUp() + " up, next down " + session.nextDown());
        if (session.isKnownToMaster()) {
            told.add("Failure " + session.id() + " " + reason.text());
        }
    }

    @Override
    public void dataFollows(Subject session) {
        order.dataFollows(session);
        life.add("data follows " + session.id());
    }

    @Override
    public void delivered(Subject session) {
        deliveredSoFar.add(session.delivered());
    }

    @Override
    public void taken(Subject session, long packets) {
        deliveredSoFar.add(packets);
    }

    @Override
    public void slow(Subject session, long keptBytes) {
        paced.add("slow " + keptBytes);
    }

    @Override
    public void ready(Subject session, long keptBytes) {
        paced.add("ready " + keptBytes);
    }

    @Override
    public boolean wantsDelivered() {
        return wantsDelivered;
    }

    @Override
    public boolean acknowledges() {
        return acknowledges;
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
