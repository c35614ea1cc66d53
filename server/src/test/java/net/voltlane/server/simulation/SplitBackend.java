package net.voltlane.server.simulation;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.voltlane.protocol.CloseCode;
import net.voltlane.protocol.firehose3.Attributes;
import net.voltlane.protocol.firehose3.Data;
import net.voltlane.protocol.firehose3.Delivered;
import net.voltlane.protocol.firehose3.Elsewhere;
import net.voltlane.protocol.firehose3.Ended;
import net.voltlane.protocol.firehose3.FirehoseMessage;
import net.voltlane.protocol.firehose3.Gap;
import net.voltlane.protocol.firehose3.Hello;
import net.voltlane.protocol.firehose3.Opened;
import net.voltlane.protocol.firehose3.Position;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.server.session.WorldFailure;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.version3.FieldReader;
import org.jspecify.annotations.Nullable;

/**
 * The backend of a {@link SplitWorld}, which takes part in adoptions as section 13 of PROTOCOL3.md says. The backend SDK
 * keeps to the same rules on threads of its own, and has worlds for that.
 */
final class SplitBackend {
    private final SplitWorld world;
    private final byte[] instance;
    private final Map<String, SplitPair> pairs = new LinkedHashMap<>();
    private final List<SplitLink> links = new ArrayList<>();
    private final Map<Long, SplitSession> sessions = new LinkedHashMap<>();

    SplitBackend(SplitWorld world) {
        this.world = world;
        instance = world.dice.bytes(16);
        instance[0] = 1;
    }

    byte[] instance() {
        return instance;
    }

    void note(String text) {
        world.note(text);
    }

    long now() {
        return world.now();
    }

    // ---- links

    void accept(SplitServer server, FakeChannel channel) {
        new Link(server, channel);
    }

    /** The links that are not over. */
    List<SplitLink> links() {
        links.removeIf(SplitLink::isOver);
        return links;
    }

    /** A link breaks, of which the server hears later. */
    void breaks(SplitLink link) {
        link.ends();
        pairs.values().forEach(pair -> pair.isLost(link));
    }

    private final class Link {
        private final SplitLink socket;
        private @Nullable SplitPair pair;

        Link(SplitServer server, FakeChannel channel) {
            socket = new SplitLink(SplitNetwork.BACKEND, server, channel, this::frame, this::isLost);
            links.add(socket);
            channel.accepted();
        }

        private void frame(byte[] payload) {
            SplitPair known = pair;
            if (known != null) {
                known.packet(socket, payload);
                return;
            }
            FieldReader body = new FieldReader(payload);
            long id = body.u64();
            FirehoseMessage first = SplitPair.decode(id, body.u8(), body.rest());
            if (!(first instanceof Hello hello)) {
                throw new WorldFailure(id, "a link begins with " + first);
            }
            String name = HexFormat.of().formatHex(hello.server());
            SplitPair begun = pairs.computeIfAbsent(
                    name, unknown -> new SplitPair(SplitBackend.this, socket.server.slot + " " + name.substring(0, 2)));
            pair = begun;
            begun.begins(socket, hello);
        }

        private void isLost() {
            if (pair != null) {
                pair.isLost(socket);
            }
        }
    }

    // ---- what it does

    /** Sends something to a client. */
    void sends(SplitSession session) {
        String text = "down " + (session.sent.size() + 1) + " of " + session.id;
        session.sent.add(text);
        session.server().sends(session.id, new Data(Bytes.utf8(text)));
    }

    void acknowledges() {
        pairs.values().forEach(SplitPair::acknowledge);
    }

    /** Time has passed. */
    void ticks() {
        for (SplitPair pair : List.copyOf(pairs.values())) {
            pair.ticks();
            if (pair.isGone()) {
                world.note("backend: " + pair + " is gone");
                pairs.values().remove(pair);
                for (SplitSession session : sessions.values()) {
                    if (session.server() == pair && !session.isOver()) {
                        ends(session, "its server is gone");
                    }
                }
            }
        }
    }

    private void ends(SplitSession session, String why) {
        world.note(session.id, "backend: ended, " + why);
        session.ends(why);
    }

    // ---- what comes

    /** A numbered packet has come. */
    void packet(SplitPair from, long id, FirehoseMessage message) {
        if (message instanceof Opened opened) {
            opened(from, id, opened);
            return;
        }
        SplitSession session = sessions.get(id);
        WorldFailure.unless(session != null, id, message + " of a session that was never opened");
        if (session.isOver() && session.server() == from) {
            return; // it has waited for too long
        }
        if (session.server() != from) {
            if (!session.isOver() && from.isToBeToldElsewhere(id)) {
                elsewhere(from, session);
            }
            return;
        }
        if (message instanceof Data data) {
            String text = Bytes.text(data.payload());
            session.takes(text);
            world.taken(session, text);
        } else if (message instanceof Delivered count) {
            world.delivered(session, count.count());
            session.delivered = Math.max(session.delivered, count.count());
        } else if (message instanceof Ended ended) {
            CloseCode code = ended.known();
            world.ended(session, ended);
            ends(session, from + ": " + code);
        }
    }

    private void elsewhere(SplitPair to, SplitSession session) {
        world.note(session.id, "backend: to " + to + ": elsewhere, epoch " + session.epoch());
        to.sends(session.id, new Elsewhere(session.epoch()));
    }

    private void opened(SplitPair from, long id, Opened opened) {
        long epoch = Long.parseLong(String.valueOf(opened.attributes().text(Attributes.EPOCH)));
        SplitSession session = sessions.get(id);
        if (session == null) {
            world.note(id, "backend: opened by " + from + ", epoch " + epoch);
            WorldFailure.unless(
                    opened.nextFromClient() == 1 && opened.nextToClient() == 1, id, "begins with " + opened);
            SplitSession begun = new SplitSession(id, from, epoch);
            sessions.put(id, begun);
            if (opened.adopted()) {
                from.sends(id, new Position(0, 1, epoch));
            }
            return;
        }
        if (session.isOver() && epoch > session.epoch()) {
            world.note(id, "backend: to " + from + ", which has adopted it: it is over");
            from.sends(id, new Gap());
            return;
        }
        if (epoch < session.epoch() || epoch == session.epoch() && session.server() != from) {
            from.isToBeToldElsewhere(id);
            elsewhere(from, session);
            return;
        }
        adopted(from, session, epoch, opened);
    }

    private void adopted(SplitPair by, SplitSession session, long epoch, Opened opened) {
        WorldFailure.unless(opened.adopted(), session.id, "opened twice");
        long next = Math.max(opened.nextToClient(), session.delivered + 1);
        world.note(
                session.id,
                "backend: adopted by " + by + ", epoch " + epoch + ", keeps " + opened.nextFromClient() + ", next "
                        + next);
        WorldFailure.unless(
                next > session.delivered && next <= session.sent.size() + 1,
                session.id,
                "goes on at " + next + " of " + session.sent.size() + ", delivered " + session.delivered);
        session.server().forgetsElsewhere(session.id);
        by.forgetsElsewhere(session.id);
        session.moves(by, epoch);
        session.delivered = next - 1;
        by.sends(session.id, new Position(session.taken.size(), next, epoch));
        for (String text : session.sent.subList((int) next - 1, session.sent.size())) {
            by.sends(session.id, new Data(Bytes.utf8(text)));
        }
    }

    // ---- what is known of it

    @Nullable
    SplitSession session(long id) {
        return sessions.get(id);
    }

    /** True if it has heard of the end of a session. */
    boolean hasEnded(long id) {
        SplitSession session = sessions.get(id);
        return session != null && session.isOver();
    }

    /** All sessions that it was ever told of. */
    List<SplitSession> sessions() {
        return List.copyOf(sessions.values());
    }

    /** The sessions that have not ended. */
    List<SplitSession> living() {
        return sessions.values().stream().filter(session -> !session.isOver()).toList();
    }
}
