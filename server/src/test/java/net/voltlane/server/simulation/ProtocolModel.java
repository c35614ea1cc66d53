package net.voltlane.server.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.voltlane.protocol.FirehosePacket;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.MalformedPacketException;
import net.voltlane.protocol.Reason;
import net.voltlane.protocol.Tag;
import net.voltlane.server.session.WorldFailure;
import org.jspecify.annotations.Nullable;

/** All sessions of a world, and what happens to them, told by whoever sees it. */
final class ProtocolModel {
    /** Honest clients' links by their serial numbers. */
    final Map<Integer, LinkModel> links = new HashMap<>();

    final World world;
    /** The sessions of version 3. */
    final Book3 thirds;

    private final Map<Long, SessionModel> byId = new HashMap<>();
    private final List<SessionModel> lives = new ArrayList<>();
    /** Packets of the master for sessions of version 2 that no client has been told of. */
    private final Map<Long, List<byte[]>> early = new HashMap<>();

    ProtocolModel(World world) {
        this.world = world;
        thirds = new Book3(world);
    }

    List<SessionModel> lives() {
        return lives;
    }

    @Nullable
    SessionModel life(long id) {
        return byId.get(id);
    }

    /** A socket was told the id of its new session. */
    SessionModel opened(LinkModel model, long id) {
        SessionModel life = byId.get(id);
        if (life == null) {
            life = begin(model, id);
        }
        life.unless(life.links.get(0) == model, "an id given twice");
        model.client.opened(life);
        return life;
    }

    private SessionModel begin(LinkModel model, long id) {
        WorldFailure.unless(id > 0 && id < 1L << 53, id, "an id that is not allowed: " + id);
        SessionModel life = new SessionModel(world, id, model.client);
        life.links.add(model);
        if (world.server.isEnding()) {
            life.endsInOrder(); // opened before that began, and nobody has seen it until now
        }
        model.hasOpened(life);
        byId.put(id, life);
        lives.add(life);
        List<byte[]> before = early.remove(id);
        if (before != null) {
            before.forEach(this::fromMaster);
        }
        world.trace.note(id, () -> model + " has session " + id);
        return life;
    }

    /** Something waits for a client of version 2 that is there, that is away, or that does not know of its session. */
    boolean mayKeepSomething() {
        return early.keySet().stream().anyMatch(id -> world.server.junction.endOf(id) == null)
                || lives.stream()
                        .anyMatch(life -> life.failed() == null && (life.waitingPackets() > 0 || isAway(life)));
    }

    private static boolean isAway(SessionModel life) {
        return life.takenPackets() < life.duePackets() && life.links.stream().allMatch(model -> model.link.isClosed());
    }

    /** Data that the server has read for this session of version 2, whether its client knows of it or not. */
    int duePackets(long id) {
        SessionModel life = byId.get(id);
        return life != null
                ? life.duePackets()
                : (int) early.getOrDefault(id, List.of()).stream()
                        .filter(payload -> payload[Tag.BYTES - 1] == Flag.DATA.code())
                        .count();
    }

    /** The link that this packet says it is of; null where it says nothing of the kind. */
    @Nullable
    LinkModel modelOf(byte[] payload) {
        return payload.length < Frame.PREFIX_BYTES ? null : links.get(Frame.length(payload, 0));
    }

    // ---- at the junction ----

    /** A firehose packet of a client. */
    void forwarded(byte[] payload) {
        FirehosePacket packet = decode(payload);
        WorldFailure.unless(packet != null && packet.flag() == Flag.DATA, 0, "a client's packet is not data");
        world.trace.note(
                packet.id(), () -> "-> master: data of " + packet.id() + ", " + packet.data().length + " bytes");
        Session3 third = thirds.of(packet.id(), packet.data());
        if (third != null) {
            third.forwarded(packet.data());
            return;
        }
        SessionModel life = byId.get(packet.id());
        if (life == null) {
            // The master may hear of it before its client does.
            LinkModel model = modelOf(packet.data());
            WorldFailure.unless(
                    model != null && model.returnsTo == null && !model.isJoined(),
                    packet.id(),
                    "data of a session that nobody has");
            life = begin(model, packet.id());
        }
        life.forwarded(packet.data());
    }

    void reconnection(long id) {
        world.trace.note(id, () -> "-> master: Reconnection " + id);
        if (thirds.byId(id) != null) {
            return;
        }
        SessionModel life = byId.get(id);
        WorldFailure.unless(life != null, id, "Reconnection of a session that nobody has");
        life.reconnection();
    }

    void failure(long id, Reason reason) {
        world.trace.note(id, () -> "-> master: Failure " + id + " " + reason.text());
        SessionModel life = byId.get(id);
        if (thirds.byId(id) != null) {
            return; // told by its end itself
        }
        if (life != null) {
            life.failure(reason);
        } else {
            WorldFailure.unless(reason == Reason.CLIENT_NOT_FOUND, id, "Failure of a session that nobody has");
        }
    }

    // ---- from the master ----

    /** The server has read this packet of the master's. */
    void fromMaster(byte[] payload) {
        FirehosePacket packet = decode(payload);
        Session3 third = packet == null ? null : thirds.byId(packet.id());
        if (third != null) {
            thirdFromMaster(third, packet);
            return;
        }
        SessionModel life = packet == null ? null : byId.get(packet.id());
        if (packet == null) {
            return;
        }
        if (life == null) { // a backend may speak before the client has been told its id
            early.computeIfAbsent(packet.id(), id -> new ArrayList<>()).add(payload);
            return;
        }
        if (packet.flag() == Flag.DATA) {
            world.trace.note(life.id, () -> "<- master: #" + life.duePackets() + " for " + life.id);
            life.due(packet.data());
        } else if (packet.flag() == Flag.KICK) {
            world.trace.note(life.id, () -> "<- master: kick " + life.id);
            life.kicked();
        }
    }

    private static void thirdFromMaster(Session3 session, FirehosePacket packet) {
        if (packet.flag() == Flag.DATA) {
            session.sentDown(packet.data());
            session.due(packet.data());
        } else if (packet.flag() == Flag.KICK) {
            session.kicked();
        }
    }

    private static @Nullable FirehosePacket decode(byte[] payload) {
        try {
            return payload.length < Tag.BYTES ? null : FirehosePacket.decode(payload);
        } catch (MalformedPacketException unknownFlag) {
            return null;
        }
    }
}
