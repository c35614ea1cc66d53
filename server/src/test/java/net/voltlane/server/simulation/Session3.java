package net.voltlane.server.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.Reason;
import net.voltlane.server.session.WorldFailure;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.version3.CountedClient;
import net.voltlane.testkit.version3.CountedClientLink;
import org.jspecify.annotations.Nullable;

/**
 * A session of version 3, and the judge of what its two ends get: each a prefix of what the other has sent, each packet
 * once; what is acknowledged has arrived. It is known by its serial number before anybody has been told its id.
 */
final class Session3 implements CountedClient.Watch {
    /** Serial numbers are told from those of links by this bit. */
    private static final int LABEL = 0x8000_0000;

    final int serial;
    final Client3 owner;
    final CountedClient client;
    final List<Link3> links = new ArrayList<>();
    private final World world;
    private final Causes3 causes;

    private long id;
    private final List<byte[]> up = new ArrayList<>();
    private final List<byte[]> down = new ArrayList<>();
    /** Data from the client that has passed the junction. */
    private int reached;
    /** Of that, what backends have had. */
    private long arrived;
    /** Of that, what backends have acknowledged. */
    private long takenOver;

    /** Data frames of the client that the server has read to their last byte. */
    private long serverRead;
    /** The last acknowledgement of the client that the server has read. */
    private long serverHeard;

    private boolean leaveRead;
    /** Data for the client that the server has read. */
    private int due;
    /** Data for the client that the server had read when its present link joined. */
    private int dueAtJoin;
    /** Nothing of {@code down} behind this may reach the client; -1: no bound. */
    private int last = -1;

    private boolean kicked;
    /** The server has no link of it. */
    private boolean suspended;

    private @Nullable Link3 lastJoined;
    private @Nullable Reason ended;
    private boolean closed;
    private boolean forgotten;

    Session3(World world, Client3 owner, int serial) {
        this.world = world;
        this.owner = owner;
        this.serial = serial;
        client = new CountedClient(owner + "'s session " + serial, owner.keys(), this);
        causes = new Causes3(world, this);
    }

    /** The serial number that this packet is labelled with; -1 if there is none. */
    static int labelOf(byte[] payload) {
        int label = payload.length < Frame.PREFIX_BYTES ? 0 : Frame.length(payload, 0);
        return label < 0 ? label & ~LABEL : -1;
    }

    byte[] credentials() {
        return Bytes.u32(serial | LABEL);
    }

    // ---- up

    void send(byte[] payload) {
        if (payload.length >= Frame.PREFIX_BYTES) {
            System.arraycopy(credentials(), 0, payload, 0, Frame.PREFIX_BYTES);
        }
        up.add(payload);
        client.send(payload);
    }

    /** Its next data passes the junction. */
    void forwarded(byte[] payload) {
        links.forEach(Link3::look);
        unless(ended == null, "heard after its end");
        unless(reached < up.size(), "data that nobody sent");
        unless(Arrays.equals(up.get(reached), payload), "other data than #" + (reached + 1));
        reached++;
        unless(reached <= serverRead, "#" + reached + " was forwarded before it was read");
    }

    /** A backend has had its data up to this number. */
    void arrived(long number, byte[] payload) {
        unless(number <= reached, "the backend got #" + number + " of " + reached);
        unless(Arrays.equals(up.get((int) number - 1), payload), "the backend got other data than #" + number);
        arrived = Math.max(arrived, number);
    }

    @Override
    public void acknowledged(long number) {
        // With a firehose of version 2 it may still be on its way between two loops: see isAcknowledgedRightly.
        long there = world.rules.firehose3() ? takenOver : serverRead();
        unless(number <= there, "#" + number + " is acknowledged, and " + there + " are taken over");
    }

    /** All that was acknowledged has been taken over, now that nothing is on its way. */
    void isAcknowledgedRightly() {
        unless(
                client.acknowledged() <= takenOver(),
                client.acknowledged() + " are acknowledged, and " + takenOver() + " are taken over");
    }

    /** The server has read that a backend has taken over one more of its packets. */
    void isTakenOver() {
        takenOver++;
        unless(takenOver <= arrived, "#" + takenOver + " is taken over, and " + arrived + " have arrived");
    }

    /** Data from the client that it may forget. */
    long takenOver() {
        return world.rules.firehose3() ? takenOver : reached;
    }

    // ---- down

    /** A backend has sent data for it. */
    void sentDown(byte[] payload) {
        down.add(payload);
    }

    /** The server has read the next data for it. */
    void due(byte[] payload) {
        if (ended != null) {
            return; // dropped
        }
        unless(
                due < down.size() && Arrays.equals(down.get(due), payload),
                "the server reads other data than #" + (due + 1));
        due++;
        world.trace.note(id, () -> "<- master: #" + due + " for " + id);
        causes.keeps();
    }

    /** A new backend goes on behind this number: what was sent behind that is gone with the backend before. */
    void downGoesOnAt(long next) {
        unless(next - 1 == due, "a new backend goes on at " + next + ", and the server has read " + due);
        down.subList(due, down.size()).clear();
    }

    /** It is to end, but not before what the server has read until now is delivered, and nothing else may be. */
    void kicked() {
        kicked = true;
        if (last < 0) {
            last = due;
        }
    }

    @Override
    public void received(long number, byte[] payload) {
        unless(number <= due, "#" + number + " came, and " + due + " were sent");
        unless(last < 0 || number <= last, "#" + number + " came behind a kick");
        byte[] sent = down.get((int) number - 1);
        unless(
                Arrays.equals(sent, payload),
                "other data came than #" + number + ": " + HexFormat.of().formatHex(payload) + ", and not "
                        + HexFormat.of().formatHex(sent));
    }

    /** A socket has taken data up to this number. */
    void mayTake(Link3 link, long number) {
        unless(link == lastJoined || link.takesRest(), link + " gets data, and another link has taken over");
        unless(number <= due, link + " gets more data than was sent");
    }

    // ---- its life

    @Override
    public void opened(long newId) {
        unless(id == newId, "its client was told that it is " + newId);
    }

    /** The server knows it by this id. */
    void isKnownAs(long newId) {
        if (id == 0) {
            WorldFailure.unless(newId > 0 && newId < 1L << 53, newId, "an id that is not allowed: " + newId);
            id = newId;
            world.book.thirds.opened(this);
            ended = world.server.junction.endOf(newId); // before anybody knew it
        }
        unless(id == newId, "it is " + newId + " as well");
    }

    /** A socket was told that it has the session. */
    void joined(Link3 link, long openedAs, long accepted) {
        if (link.resumes()) {
            unless(accepted == reached, link + " is told that " + accepted + " were read of " + reached);
            serverHeard(client.received());
            links.stream()
                    .takeWhile(older -> older != link)
                    .forEach(Link3::isSuperseded); // a newer one may be on its way
            serverRead = accepted; // what was read of an older link as it was given up does not count
        } else {
            isKnownAs(openedAs);
        }
        lastJoined = link;
        dueAtJoin = due;
        world.trace.note(id, () -> link + " is told that it has " + id + ", accepted " + accepted);
    }

    @Override
    public void resumed(long accepted) {
        current().goesOnAt(accepted + 1);
    }

    @Override
    public void closed(CountedClientLink link, int code, long retryAfterMillis, String text) {
        world.trace.note(id, () -> current() + " is closed: " + code + " " + text);
        links.forEach(Link3::look);
        causes.closed(current(), code);
        if (code <= 4 || code >= 6 && code <= 10 || code == 15) {
            closed = true;
        }
    }

    /** The server has given up its last link, and discards what still comes on it; or has another one. */
    void suspended(boolean is) {
        suspended = is;
        world.trace.note(id, () -> this + " is suspended: " + is);
    }

    /** The master is told that it is over. */
    void ended(Reason reason) {
        links.forEach(Link3::look);
        unless(ended == null, "ends twice");
        unless(causes.isCause(reason), "no cause for its end: " + reason.text());
        isAcknowledgedRightly();
        ended = reason;
    }

    /** Its client gives up a session of which it was told nothing. */
    void forget() {
        forgotten = true;
    }

    // ---- for its links

    void serverRead(long number) {
        serverRead = Math.max(serverRead, number);
    }

    void serverHeard(long number) {
        if (number > serverHeard) {
            world.trace.note(id, () -> this + " has acknowledged #" + number);
            serverHeard = number;
        }
    }

    void serverReadLeave() {
        leaveRead = true;
    }

    // ---- what the rules need to know

    long id() {
        return id;
    }

    Causes3 causes() {
        return causes;
    }

    /** The link that its client uses. */
    Link3 current() {
        return links.get(links.size() - 1);
    }

    @Nullable
    Link3 lastJoined() {
        return lastJoined;
    }

    @Nullable
    Reason ended() {
        return ended;
    }

    boolean isLeft() {
        return leaveRead;
    }

    boolean isSuspended() {
        return suspended;
    }

    boolean isKicked() {
        return kicked;
    }

    /** Its client knows that it is over, or has given it up. */
    boolean isOver() {
        return closed || forgotten;
    }

    int reached() {
        return reached;
    }

    long serverRead() {
        links.forEach(Link3::look);
        return serverRead;
    }

    /** The last acknowledgement that the server has heard for sure. */
    long serverHeard() {
        links.forEach(Link3::look);
        return serverHeard;
    }

    int dueFrames() {
        return due;
    }

    long arrived() {
        return arrived;
    }

    int sentUp() {
        return up.size();
    }

    List<byte[]> up() {
        return up;
    }

    int sentDownFrames() {
        return down.size();
    }

    /** The server has read more for it since its present link joined. */
    boolean hasGotMoreSinceJoined() {
        return due > dueAtJoin;
    }

    /** Data that the server has read for it, and the client has not acknowledged. */
    int keptFrames() {
        return due - (int) Math.min(due, serverHeard);
    }

    long keptBytes() {
        long bytes = 0;
        for (byte[] payload : down.subList(due - keptFrames(), due)) {
            bytes += Frame.PREFIX_BYTES + 1 + payload.length;
        }
        return bytes;
    }

    void unless(boolean fine, String message) {
        WorldFailure.unless(fine, id, this + ": " + message);
    }

    @Override
    public String toString() {
        return owner + "'s session " + (id == 0 ? "no. " + serial : id);
    }
}
