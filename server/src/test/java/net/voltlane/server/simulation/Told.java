package net.voltlane.server.simulation;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.voltlane.protocol.FirehosePacket;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.MalformedPacketException;
import net.voltlane.protocol.Reason;
import net.voltlane.server.session.WorldFailure;
import net.voltlane.testkit.Bytes;

/**
 * The packets that the backends of a world were sent, one link after another, with the rules for them. A session begins
 * with a whole packet of it. Only then may other packets about it follow, on that link or a later one; its Failure is
 * the last one. Packets that still wait for a link do not count here.
 */
final class Told {
    private final World world;
    private final Set<Long> begun = new HashSet<>();
    private final Set<Long> ended = new HashSet<>();
    /** Sessions that were announced as live at the beginning of the current link. */
    private final Set<Long> announced = new HashSet<>();

    private long sentBytes;

    Told(World world) {
        this.world = world;
    }

    /** Bytes of the packets that links have wholly taken, announcements apart. */
    long sentBytes() {
        return sentBytes;
    }

    /** A new link begins; {@code ids} are to be announced on it. */
    void begins(List<Long> ids) {
        announced.clear();
        for (SessionModel life : world.book.lives()) {
            boolean told = ids.contains(life.id);
            life.unless(!told || life.failed() == null, "announced to a new master link though it has failed");
            life.unless(!told || !life.isSurelyStale(), "announced to a new master link though it is stale");
            boolean there = begun.contains(life.id) && life.failed() == null && !life.mayHaveEnded();
            life.unless(
                    told || !there || life.links.stream().noneMatch(LinkModel::isLive), "not announced though live");
        }
    }

    /** The link has taken one of its announcements. */
    void announced(byte[] payload) {
        long id = decode(payload).id();
        mayBeMentioned(id, "an announcement");
        WorldFailure.unless(announced.add(id), id, "announced twice on one link");
    }

    /** The link has taken a packet of those that waited, or came since. */
    void sent(byte[] payload) {
        sentBytes += Frame.PREFIX_BYTES + payload.length;
        FirehosePacket packet = decode(payload);
        long id = packet.id();
        switch (packet.flag()) {
            case DATA -> {
                WorldFailure.unless(!ended.contains(id), id, "data was sent after the Failure");
                begun.add(id);
            }
            case RECONNECTION -> mayBeMentioned(id, "a Reconnection");
            case FAILURE -> {
                if (!isAnswer(packet)) {
                    mayBeMentioned(id, "a Failure");
                    ended.add(id);
                }
            }
            case KICK -> throw new WorldFailure(id, "a kick was sent to the master");
        }
    }

    private void mayBeMentioned(long id, String by) {
        WorldFailure.unless(begun.contains(id), id, by + " was sent to a master that was never sent a packet of it");
        WorldFailure.unless(!ended.contains(id), id, by + " was sent after the Failure");
    }

    private static boolean isAnswer(FirehosePacket packet) {
        return Bytes.text(packet.data()).equals(Reason.CLIENT_NOT_FOUND.text());
    }

    /** The server has stopped in order, and the last link has taken all. */
    void allHaveEnded() {
        for (long id : begun) {
            WorldFailure.unless(ended.contains(id), id, "the master was sent a packet of it, and not its end");
        }
    }

    private static FirehosePacket decode(byte[] payload) {
        try {
            return FirehosePacket.decode(payload);
        } catch (MalformedPacketException e) {
            throw new WorldFailure(0, "the firehose brings rubbish: " + e.getMessage());
        }
    }
}
