package net.voltlane.server.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.voltlane.protocol.Reason;

/**
 * An audit of what the two ends see of each session in a world, independent of the model. The master: data first, then
 * data and Reconnections, then at most one Failure, then nothing but "Client not found"; each link's data whole and in
 * order, between the Reconnections where it belongs. The client: the master's packets, each once, in order, without a
 * gap.
 */
final class WorldAudit {
    private static final class Seen {
        /** Ordinal of a link in its session; 0 for the first. */
        final Map<WorldLink, Integer> links = new HashMap<>();

        int resumed;
        /** Number of these resumes that came before the master knew the session. */
        int silently;

        int reconnections;
        boolean heard;
        boolean failed;
        WorldLink speaking;
        int spoken;
        /** The packets from the master that the session took. */
        final List<Integer> accepted = new ArrayList<>();
        /** Packets that sockets took, all links together. */
        int taken;
    }

    private final Map<Long, Seen> records = new HashMap<>();
    private final Set<WorldLink> silenced = new HashSet<>();

    // ---- on the session loop ----

    void opened(long id, WorldLink link) {
        WorldFailure.unless(id > 0 && id < 1L << 53, id, "an id that is not allowed");
        Seen record = new Seen();
        WorldFailure.unless(records.put(id, record) == null, id, "an id given twice");
        record.links.put(link, 0);
    }

    void resumed(long id, WorldLink link) {
        Seen record = records.get(id);
        record.links.put(link, ++record.resumed);
        record.silently += record.heard ? 0 : 1;
        WorldFailure.unless(
                record.silently + record.reconnections == record.resumed, id, "resumed before its Reconnection");
    }

    /** The link is detached, as it must be before another one follows. */
    void detached(WorldLink link) {
        silenced.add(link);
    }

    void upstream(long id, WorldLink link, int number) {
        Seen record = records.get(id);
        record.heard = true;
        WorldFailure.unless(!record.failed, id, "data after its Failure");
        WorldFailure.unless(!silenced.contains(link), id, link + " spoke after it was detached");
        WorldFailure.unless(
                record.links.get(link) == record.silently + record.reconnections,
                id,
                "data of " + link + " behind Reconnection " + record.reconnections);
        if (record.speaking != link) {
            record.speaking = link;
            record.spoken = 0;
        }
        WorldFailure.unless(number == record.spoken++, id, link + "'s packet " + number + " out of turn");
    }

    void reconnection(long id) {
        Seen record = records.get(id);
        WorldFailure.unless(record.heard, id, "a Reconnection though the master never heard of it");
        WorldFailure.unless(!record.failed, id, "Reconnection after its Failure");
        record.reconnections++;
    }

    void failure(long id, Reason reason) {
        Seen record = records.get(id);
        if (reason == Reason.CLIENT_NOT_FOUND) {
            WorldFailure.unless(record == null || !record.heard || record.failed, id, "not found before its Failure");
            return;
        }
        WorldFailure.unless(record.heard, id, "a Failure though the master never heard of it");
        WorldFailure.unless(!record.failed, id, "a second Failure");
        record.failed = true;
    }

    /** The session took a packet: to deliver, to keep, or to fail over it. */
    void accepted(WorldPacket packet) {
        records.get(packet.session()).accepted.add(packet.number());
    }

    // ---- at the clients' sockets ----

    void taken(long id, WorldPacket packet) {
        Seen record = records.get(id);
        WorldFailure.unless(packet.session() == id, id, "got a packet for " + packet.session());
        int due = record.accepted.get(record.taken++);
        WorldFailure.unless(packet.number() == due, id, "got " + packet + " instead of #" + due);
    }

    /** Nothing is under way to a client that is there, or was until the last was delivered: it has got everything. */
    void deliveredAll(long id) {
        Seen record = records.get(id);
        WorldFailure.unless(
                record.taken == record.accepted.size(),
                id,
                "got " + record.taken + " packets instead of " + record.accepted.size());
    }

    // ---- at the end ----

    void allEnded() {
        records.forEach((id, record) ->
                WorldFailure.unless(record.failed == record.heard, id, "heard: " + record.heard + " but no Failure"));
    }
}
