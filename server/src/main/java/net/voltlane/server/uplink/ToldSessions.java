package net.voltlane.server.uplink;

import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import net.voltlane.server.session.LinkOrigin;
import net.voltlane.server.session.MasterPort;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that the master has been told of, or is to be told of, with the lists of those to which something is
 * owed. Belongs to the session loop.
 */
final class ToldSessions {
    private final LongObjectMap<Told> byId = new LongObjectHashMap<>();
    /** Sessions that are to be told of once there is room, in the order in which that began. */
    private final Set<Told> owed = new LinkedHashSet<>();
    /** Sessions of which the newest figures wait for the socket; some of them may have ended meanwhile. */
    private final ArrayDeque<Told> noted = new ArrayDeque<>();
    /** Sessions whose count of acknowledged packets has changed with the Ack that is being read. */
    private final List<Told> touched = new ArrayList<>();

    /** The last session that a packet was acknowledged of: packets of a session often follow one another. */
    private @Nullable Told lastTouched;
    /** The local address that was told last. Nearly all sessions have the same, and one text is enough. */
    private String lastLocal = "";

    Iterable<Told> all() {
        return byId.values();
    }

    int size() {
        return byId.size();
    }

    @Nullable
    Told get(long id) {
        return byId.get(id);
    }

    Told add(MasterPort.Subject subject) {
        LinkOrigin origin = subject.origin();
        Told told = new Told(subject, origin, shared(origin.local()));
        Told before = byId.put(subject.id(), told);
        assert before == null : "ids are given once";
        return told;
    }

    /** Adds a session that comes from another server, in place of what was told of it before. */
    Told adopt(MasterPort.Subject subject) {
        Told before = byId.get(subject.id());
        if (before != null) {
            remove(before);
        }
        return add(subject);
    }

    /** Takes note of the link that the session has moved to. */
    void moved(Told told) {
        LinkOrigin origin = told.subject().origin();
        told.moved(origin, shared(origin.local()));
    }

    private String shared(String local) {
        if (!local.equals(lastLocal)) {
            lastLocal = local;
        }
        return lastLocal;
    }

    void remove(Told told) {
        byId.remove(told.id());
        owed.remove(told);
        lastTouched = null;
    }

    // ---- what is owed

    void owe(Told told) {
        owed.add(told);
    }

    /** Nothing is owed to it any more; nothing happens where nothing was. */
    void oweNot(Told told) {
        if (!owed.isEmpty()) {
            owed.remove(told);
        }
    }

    /** Takes out the session that something has been owed to for the longest; null if there is none. */
    @Nullable
    Told nextOwed() {
        if (owed.isEmpty()) {
            return null;
        }
        Iterator<Told> all = owed.iterator();
        Told next = all.next();
        all.remove();
        return next;
    }

    // ---- what is noted

    void note(Told told) {
        if (told.enterNoted()) {
            noted.add(told);
        }
    }

    /** Takes out a session with something to be noted; null if there is none. */
    @Nullable
    Told nextNoted() {
        Told next = noted.poll();
        if (next != null) {
            next.leaveNoted();
        }
        return next;
    }

    boolean hasNoted() {
        return !noted.isEmpty();
    }

    /** A new instance of the master is told the present: nothing is owed, and nothing noted. */
    void allIsTold() {
        owed.clear();
        noted.forEach(Told::leaveNoted);
        noted.clear();
    }

    // ---- what is acknowledged

    /** The master has taken over one more Data packet of this session. */
    void acknowledged(long id, long number) {
        Told told = lastTouched;
        if (told == null || told.id() != id) {
            told = byId.get(id);
            if (told == null) {
                return;
            }
            lastTouched = told;
        }
        if (told.owns(number) && told.acknowledgedOne()) {
            touched.add(told);
        }
    }

    /** The whole Ack was read: tells each session its count, once. */
    void tellTouched() {
        for (int i = 0; i < touched.size(); i++) {
            touched.get(i).tellAcknowledged();
        }
        touched.clear();
    }
}
