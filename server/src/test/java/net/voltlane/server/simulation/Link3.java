package net.voltlane.server.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Queue;
import net.voltlane.protocol.Frame;
import net.voltlane.server.session.WorldFailure;
import net.voltlane.testkit.version3.CountedClient;
import net.voltlane.testkit.version3.CountedClientLink;
import net.voltlane.testkit.version3.FieldReader;
import org.jspecify.annotations.Nullable;

/**
 * A version-3 client's use of one link. What the socket has taken is under way until chance has the client read it; it
 * is gone if the link breaks. The link knows which frames the server has read to their last byte.
 */
final class Link3 {
    private static final int DATA = 0x00;
    private static final int ACK = 0x01;
    private static final int LEAVE = 0x04;
    private static final int OPENED = 0x11;
    private static final int RESUMED = 0x15;
    private static final int PROOF_BYTES = 32;

    /** A frame that the client has written, up to this byte. */
    private record Written(long endsAtByte, int type, long number) {}

    final SimLink link;
    final Session3 session;
    private final World world;
    private final boolean resumes;
    private final Queue<byte[]> underWay = new ArrayDeque<>();
    private final Deque<Written> unread = new ArrayDeque<>();

    private @Nullable CountedClientLink core;
    private long nextNumber = 1;
    private long proofEndsAtByte = Long.MAX_VALUE;

    /** Its socket was told that it has the session. */
    private boolean joined;

    private long joinedAtNanos;
    /** Number of the last Data frame that its socket has taken. */
    private long taken;
    /** It has taken the rest of a frame that it had begun when another link took over. */
    private boolean tookRest;

    /** The last acknowledgement that its socket has taken. */
    private long acknowledged;

    private int heartbeatSecs = Rules.HEARTBEAT_SECS;

    private boolean superseded;

    private boolean abused;

    Link3(World world, Session3 session, String from, boolean resumes) {
        this.world = world;
        this.session = session;
        this.resumes = resumes;
        link = world.connect(from, this::taken);
        link.onCut(world::isCut);
        session.links.add(this);
    }

    // ---- what the client writes

    void begins(CountedClientLink link3) {
        core = link3;
    }

    /** Seconds of the heartbeat that its socket was told; the default before that. */
    int heartbeatSecs() {
        return heartbeatSecs;
    }

    CountedClientLink core() {
        CountedClientLink begun = core;
        if (begun == null) {
            throw new WorldFailure(session.id(), this + " has not begun");
        }
        return begun;
    }

    /** Writes a frame of the client. */
    void write(byte[] frame) {
        link.write(frame);
        if (abused) {
            return; // the server hears nothing behind that, or takes it for the rest of it
        }
        int type = frame.length > Frame.PREFIX_BYTES ? frame[Frame.PREFIX_BYTES] : -1;
        if (link.writtenBytes() <= 6) {
            return; // the version
        }
        if (type == 0x14 || type == 0x10) {
            proofEndsAtByte = link.writtenBytes();
        }
        long number = type == DATA ? nextNumber++ : type == ACK ? session.client.received() : 0;
        if (type == DATA || type == ACK || type == LEAVE) {
            unread.add(new Written(link.writtenBytes(), type, number));
        }
    }

    /** Data that follows has these numbers. */
    void goesOnAt(long number) {
        nextNumber = number;
    }

    /** The client does what it must not. */
    void abuse(byte[] bytes) {
        abused = true;
        link.write(bytes);
    }

    boolean isAbused() {
        return abused;
    }

    // ---- what the server reads

    /** The server has read more. */
    void look() {
        while (!superseded && !unread.isEmpty() && unread.peek().endsAtByte <= link.readInUseBytes()) {
            Written read = unread.remove();
            switch (read.type) {
                case DATA -> session.serverRead(read.number);
                case ACK -> session.serverHeard(read.number);
                default -> session.serverReadLeave();
            }
        }
    }

    /** Another link has taken over: what is read from now on is discarded. */
    void isSuperseded() {
        superseded = true;
    }

    /** The server has read all that it takes to be let in. */
    boolean isProofRead() {
        return link.readBytes() >= proofEndsAtByte;
    }

    // ---- what comes

    private void taken(byte[] payload) {
        underWay.add(payload);
        int type = payload.length == 0 ? -1 : payload[0] & 0xFF;
        if (type == OPENED || type == RESUMED) {
            WorldFailure.unless(isProofRead(), session.id(), this + " was let in without its proof");
            FieldReader body = new FieldReader(payload);
            body.bytes(1 + PROOF_BYTES);
            joined = true;
            joinedAtNanos = world.now();
            taken = session.client.received();
            acknowledged = session.client.acknowledged();
            long idOrAccepted = body.u64();
            heartbeatSecs = body.u16();
            session.joined(this, type == OPENED ? idOrAccepted : 0, type == RESUMED ? idOrAccepted : 0);
        } else if (type == ACK) {
            acknowledged = countOf(payload);
        } else if (type == DATA) {
            taken++;
            session.mayTake(this, taken);
        }
    }

    private static long countOf(byte[] payload) {
        FieldReader body = new FieldReader(payload);
        body.u8();
        return body.count();
    }

    /** The client reads some of what is under way. */
    void reads(int frames) {
        for (int n = frames; n > 0 && !underWay.isEmpty() && !isBroken(); n--) {
            core().frame(underWay.remove());
        }
    }

    private boolean isBroken() {
        if (link.isCut() || link.isVanished()) {
            underWay.clear();
        }
        return underWay.isEmpty();
    }

    /** Another link has taken over, and this one takes a frame: true for the one that it had begun, at most. */
    boolean takesRest() {
        boolean first = !tookRest && link.wasEverFull();
        tookRest = true;
        return first;
    }

    boolean hasUnderWay() {
        return !isBroken();
    }

    boolean isJoined() {
        return joined;
    }

    long joinedAtNanos() {
        return joinedAtNanos;
    }

    long acknowledged() {
        return acknowledged;
    }

    long taken() {
        return taken;
    }

    boolean resumes() {
        return resumes;
    }

    /** The client uses it, for all that it knows. */
    boolean isLive() {
        CountedClient client = session.client;
        return client.link() == core && core != null && client.isLive() && !link.isOver() && !link.isShut();
    }

    @Override
    public String toString() {
        return session + "'s " + link;
    }
}
