package net.voltlane.server.session;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import net.voltlane.protocol.QueueBounds;
import net.voltlane.protocol.Reason;
import net.voltlane.server.address.Cidr;
import org.jspecify.annotations.Nullable;

/**
 * A client link in a world, on a loop of its own: between it and the sessions run two loop queues, and whatever is in
 * them is under way. It keeps the contract of {@link ClientPort}: a lost link goes on taking what is delivered to it
 * until it is detached, and detaching is answered behind its last data. Methods of the port run on the session loop;
 * all others on the link's own.
 */
final class WorldLink extends ClientPort {
    private enum State {
        /** The client has not asked for a session yet, or waits for a challenge. */
        HANDSHAKE,
        JOINING,
        LIVE,
        /** Lost, or in breach: waits to be detached. */
        LEAVING,
        /** Detached; its socket still takes what was sent before. */
        DELIVERING,
        DONE
    }

    /** A packet to be sent. Missed packets count against no bound. */
    private record Unsent(WorldPacket packet, boolean counts) {}

    private final World world;
    /** The address at which its client is now. */
    final Cidr from;

    private final String name;
    private State state = State.HANDSHAKE;
    private boolean socketIsDead;

    final Deque<Runnable> up = new ArrayDeque<>();
    final Deque<Runnable> down = new ArrayDeque<>();

    private final Deque<Unsent> unsent = new ArrayDeque<>();
    private int counted;
    private boolean overflowed;
    private long chargedBytes;
    private int early;
    private int forwarded;

    // On the session loop:

    /** The session that it asked for and later has; 0 while a new one is being opened. */
    long sessionId;

    private boolean attached;
    private boolean closed;

    WorldLink(World world, int number, Cidr from, long sessionId) {
        this.world = world;
        this.from = from;
        this.sessionId = sessionId;
        name = "link " + number;
    }

    // ---- its client

    void asksForANewSession() {
        state = State.JOINING;
        up.add(() -> world.loop.opens(this));
    }

    void looksUp(boolean rightProof) {
        up.add(() -> {
            ResumeToken token = world.loop.looksUp(this);
            down.add(() -> challenged(token, rightProof));
        });
    }

    private void challenged(ResumeToken token, boolean rightProof) {
        if (state != State.HANDSHAKE) {
            return; // cut meanwhile
        }
        world.trace.note(sessionId, () -> name + ": " + (token == null ? "nobody there" : "proves " + rightProof));
        if (token == null || !rightProof) {
            state = State.DONE;
        } else {
            state = State.JOINING;
            up.add(() -> world.loop.resumes(this, token));
        }
    }

    /** An attempt that goes as far as the sessions without having proved anything. */
    void claimsUnproved() {
        state = State.JOINING;
        up.add(() -> world.loop.resumes(this, Stage.unproved(sessionId)));
    }

    void sends() {
        if (state == State.JOINING) {
            early++;
        } else if (state == State.LIVE) {
            forward();
        }
    }

    void sendsTooLargeAFrame() {
        if (state == State.LIVE) {
            world.trace.note(sessionId, () -> name + ": sends a frame over the limit");
            state = State.LEAVING;
            up.add(() -> world.loop.violated(this, Reason.FRAME_TOO_LARGE));
        }
    }

    /** The socket dies. */
    void isCut() {
        world.trace.note(sessionId, () -> name + ": is cut");
        socketIsDead = true;
        switch (state) {
            case HANDSHAKE -> state = State.DONE;
            case JOINING, LIVE -> {
                state = State.LEAVING;
                up.add(() -> world.loop.lost(this));
            }
            case DELIVERING -> {
                state = State.DONE;
                drop();
            }
            case LEAVING, DONE -> {}
        }
    }

    /** The socket takes up to {@code packets} packets; and a part of the next one. */
    void takes(int packets) {
        if (socketIsDead) {
            return;
        }
        for (int i = 0; i < packets && !unsent.isEmpty(); i++) {
            Unsent taken = unsent.remove();
            counted -= taken.counts() ? 1 : 0;
            world.trace.note(sessionId, () -> name + ": takes " + taken.packet());
            world.audit.taken(sessionId, taken.packet());
        }
        charge();
        if (overflowed && world.blocks && state == State.LIVE && counted <= world.capacity / 2) {
            overflowed = false;
            up.add(() -> world.loop.blocked(this, false));
        }
        if (state == State.DELIVERING && unsent.isEmpty()) {
            state = State.DONE;
            world.audit.deliveredAll(sessionId);
        }
    }

    boolean isDone() {
        return state == State.DONE && up.isEmpty() && down.isEmpty();
    }

    boolean isLive() {
        return state == State.LIVE;
    }

    boolean isQuiet() {
        return up.isEmpty() && down.isEmpty() && (unsent.isEmpty() || socketIsDead);
    }

    // ---- events of the session, on the link's loop

    private void isOpened(long id) {
        world.players.add(id);
        live();
    }

    private void isResumed(List<WorldPacket> missed) {
        require(unsent.isEmpty(), "was resumed when it had something to send already");
        missed.forEach(packet -> unsent.add(new Unsent(packet, false)));
        charge();
        live();
    }

    private void live() {
        if (state == State.JOINING) {
            state = State.LIVE;
            for (; early > 0; early--) {
                forward();
            }
        }
    }

    private void isRefused() {
        require(state == State.JOINING || state == State.LEAVING, "was refused after it was accepted");
        state = State.DONE;
    }

    private void isGiven(WorldPacket packet) {
        require(state != State.DONE && state != State.DELIVERING, "was given a packet after it was detached");
        unsent.add(new Unsent(packet, true));
        counted++;
        charge();
        if (state == State.LIVE && counted > world.capacity && !overflowed) {
            overflowed = true;
            if (world.blocks) {
                up.add(() -> world.loop.blocked(this, true));
            } else {
                up.add(() -> world.loop.violated(this, Reason.BUFFER_OVERFLOW));
            }
        }
    }

    private void isDetached(Detach how) {
        if (how == Detach.DELIVER && !socketIsDead) {
            state = State.DELIVERING;
            answer(List.of());
            takes(0);
            return;
        }
        state = State.DONE;
        List<WorldPacket> leftovers = new ArrayList<>();
        if (how == Detach.GIVE_BACK) {
            unsent.forEach(left -> leftovers.add(left.packet())); // one taken in part whole
        }
        drop();
        answer(leftovers);
    }

    private void answer(List<WorldPacket> leftovers) {
        up.add(() -> world.loop.detached(this, leftovers));
    }

    private void forward() {
        int number = forwarded++;
        world.trace.note(sessionId, () -> name + ": forwards its packet " + number);
        up.add(() -> {
            if (number == 0) {
                world.loop.firstPacket(this); // with nothing between it and the packet
            }
            world.loop.upstream(this, number);
        });
    }

    private void drop() {
        unsent.clear();
        counted = 0;
        charge();
    }

    private void charge() {
        long now = unsent.stream().mapToLong(left -> left.packet().frameBytes()).sum();
        world.loop.budget.charge(now - chargedBytes);
        chargedBytes = now;
    }

    // ---- the port, on the session loop

    @Override
    protected void opened(long id) {
        require(!attached && !closed, "was opened twice");
        attached = true;
        sessionId = id;
        down.add(() -> isOpened(id));
        world.loop.wasOpened(this, id);
    }

    @Override
    protected void resumed(Resumption point) {
        long id = point.id();
        require(!attached && !closed, "was resumed though it was attached or closed");
        require(id == sessionId, "was resumed as " + id);
        attached = true;
        List<WorldPacket> packets = new ArrayList<>();
        for (ByteBuf frames : point.frames()) {
            while (frames.isReadable()) {
                packets.add(WorldPacket.readFrame(frames));
            }
            frames.release();
        }
        world.audit.resumed(id, this);
        world.loop.effects.add(id, name + " is resumed with " + packets);
        down.add(() -> isResumed(packets));
    }

    @Override
    protected void refused(Refusal why) {
        require(!attached && !closed, "was refused though it was attached or closed");
        closed = true;
        world.loop.effects.add(sessionId, name + " is refused");
        down.add(this::isRefused);
    }

    @Override
    protected void deliver(ByteBuf buf, int index, int length) {
        require(attached && !closed, "was to deliver though it has no session");
        WorldPacket packet = WorldPacket.read(buf, index, length);
        require(packet.session() == sessionId, "was to deliver a packet for " + packet.session());
        world.loop.effects.add(sessionId, name + " delivers " + packet);
        down.add(() -> isGiven(packet));
    }

    @Override
    protected void detach(Detach how, @Nullable Reason reason, byte[] text) {
        require(!closed, "was detached twice");
        closed = true;
        world.loop.effects.add(sessionId, name + " is detached: " + how);
        down.add(() -> isDetached(how));
    }

    @Override
    protected LinkFacts facts() {
        return new LinkFacts(name, "cut", forwarded, 0, 0, 0);
    }

    @Override
    protected ClientProtocol protocol() {
        return Version2.PROTOCOL;
    }

    @Override
    protected Cidr from() {
        return from;
    }

    @Override
    protected LinkOrigin origin() {
        return new LinkOrigin(from().withPort(4711), "192.0.2.254:42000", "test");
    }

    @Override
    protected long waitingBytes() {
        return 0;
    }

    @Override
    protected long bytesUp() {
        return 0;
    }

    @Override
    protected void look(Consumer<LinkView> then) {
        then.accept(new LinkView("simulated", 0, null, 0, 0, new QueueView(0, 0, new QueueBounds(1, 1))));
    }

    @Override
    protected long heldBytes() {
        return chargedBytes;
    }

    private void require(boolean fine, String otherwise) {
        WorldFailure.unless(fine, sessionId, name + " " + otherwise);
    }

    @Override
    public String toString() {
        return name;
    }
}
