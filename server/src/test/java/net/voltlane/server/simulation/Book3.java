package net.voltlane.server.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All sessions of version 3 of a world. */
final class Book3 {
    private final World world;
    private final List<Session3> all = new ArrayList<>();
    private final Map<Long, Session3> byId = new HashMap<>();

    Book3(World world) {
        this.world = world;
    }

    /** A client begins a new session. */
    Session3 begin(Client3 owner) {
        Session3 session = new Session3(world, owner, all.size());
        all.add(session);
        return session;
    }

    void opened(Session3 session) {
        session.unless(byId.put(session.id(), session) == null, "an id given twice");
        session.unless(world.book.life(session.id()) == null, "an id given twice");
        world.trace.note(session.id(), () -> session + " is there");
    }

    List<Session3> all() {
        return all;
    }

    @Nullable
    Session3 byId(long id) {
        return byId.get(id);
    }

    /** The session that this data at the junction is of; null if it is none of version 3. */
    @Nullable
    Session3 of(long id, byte[] payload) {
        Session3 known = byId.get(id);
        if (known != null) {
            return known;
        }
        int label = Session3.labelOf(payload);
        if (label < 0 || label >= all.size() || all.get(label).id() != 0) {
            return null;
        }
        // The master may hear of it before its client does.
        Session3 labelled = all.get(label);
        labelled.isKnownAs(id);
        return labelled;
    }
}
