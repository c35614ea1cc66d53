package net.voltlane.server.session;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.QueueBounds;
import net.voltlane.protocol.Reason;
import net.voltlane.server.address.Cidr;
import org.jspecify.annotations.Nullable;

/**
 * A client link that does what {@link ClientPort} asks of it, one step at a time: it keeps taking deliveries after it
 * was lost, and answers a detach when the test says so. Its socket takes nothing but what the test lets it.
 */
class FakeLink extends ClientPort {
    private final Stage stage;
    /** Calls of the session, in order. */
    final List<String> told = new ArrayList<>();
    /** Packets that the socket has wholly taken. */
    final List<String> taken = new ArrayList<>();

    private final Deque<String> untaken = new ArrayDeque<>();
    private Detach detach = Detach.DISCARD;
    private boolean askedToDetach;
    private boolean hasSpoken;
    long id;
    /** The address of its client. */
    String from = "192.0.2.1";

    /** The link that yielded to it each time that it was to take a session; null for none. */
    final List<ClientPort> asked = new ArrayList<>();

    boolean mayResume = true;

    private final Deque<Runnable> looks = new ArrayDeque<>();
    boolean looksLate;

    private long packetsUp;
    private long bytesUp;
    /** Bytes that it claims to hold, for tests about memory. */
    long held;

    FakeLink(Stage stage) {
        this(stage, Stage.HOME);
    }

    FakeLink(Stage stage, Cidr from) {
        this.stage = stage;
        this.from = from.toString();
    }

    // ---- called by tests

    /** The client sends a packet. */
    FakeLink sends(String text) {
        if (!hasSpoken) {
            hasSpoken = true;
            stage.sessions.firstPacket(this);
        }
        stage.master.data(id, text);
        packetsUp++;
        bytesUp += text.length();
        return this;
    }

    /** The socket takes the next {@code packets} packets. */
    void takes(int packets) {
        for (int i = 0; i < packets; i++) {
            taken.add(untaken.remove());
        }
    }

    /** The socket dies. */
    void breaks() {
        stage.sessions.lost(this);
    }

    /** The client breaks a rule. */
    void violates(Reason reason) {
        stage.sessions.violated(this, reason);
    }

    boolean isAskedToDetach() {
        return askedToDetach;
    }

    /** The link answers the detach that it was asked for. */
    void answers() {
        List<ByteBuf> leftovers = new ArrayList<>();
        switch (detach) {
            case GIVE_BACK -> untaken.forEach(text -> leftovers.add(frame(text)));
            case DELIVER -> taken.addAll(untaken);
            case DISCARD -> {}
        }
        untaken.clear();
        stage.sessions.detached(this, leftovers);
    }

    /** The socket dies, and the link is detached. */
    void isLost() {
        breaks();
        answers();
    }

    /** The client goes to another server. */
    FakeLink resumeAt(Stage other) {
        FakeLink link = new FakeLink(other, Stage.address(from));
        link.id = id;
        other.sessions.find(id, Version2.PROTOCOL, token -> {
            if (token == null) {
                link.told.add("not found");
            } else {
                other.sessions.resume(link, token);
            }
        });
        other.turns();
        return link;
    }

    // ---- called by the session

    @Override
    protected boolean takeSession() {
        asked.add(stage.yielding);
        return mayResume;
    }

    @Override
    protected boolean yieldSession(BooleanSupplier takeover) {
        stage.yielding = this;
        boolean isTaken = takeover.getAsBoolean();
        stage.yielding = null;
        return isTaken;
    }

    @Override
    protected void opened(long newId) {
        id = newId;
        told.add("opened");
    }

    @Override
    protected void resumed(Resumption point) {
        id = point.id();
        List<String> texts = new ArrayList<>();
        for (ByteBuf frames : point.frames()) {
            while (frames.isReadable()) {
                texts.add(frames.readCharSequence(frames.readIntLE(), StandardCharsets.UTF_8)
                        .toString());
            }
            frames.release();
        }
        untaken.addAll(texts);
        told.add("resumed " + texts);
    }

    @Override
    protected void refused(Refusal why) {
        told.add("refused");
    }

    @Override
    protected void deliver(ByteBuf buf, int index, int length) {
        String text = buf.toString(index, length, StandardCharsets.UTF_8);
        untaken.add(text);
        told.add("deliver " + text);
    }

    @Override
    protected void detach(Detach how, @Nullable Reason reason, byte[] text) {
        detach = how;
        askedToDetach = true;
        told.add("detach " + how);
    }

    @Override
    protected LinkFacts facts() {
        return new LinkFacts(from, "reset", packetsUp, bytesUp, 0, 0);
    }

    @Override
    protected ClientProtocol protocol() {
        return Version2.PROTOCOL;
    }

    @Override
    protected Cidr from() {
        return Stage.address(from);
    }

    @Override
    protected LinkOrigin origin() {
        return new LinkOrigin(from().withPort(4711), "192.0.2.254:42000", "test");
    }

    @Override
    protected long waitingBytes() {
        return untaken.stream()
                .mapToLong(text -> Frame.PREFIX_BYTES + text.length())
                .sum();
    }

    @Override
    protected long bytesUp() {
        return bytesUp;
    }

    @Override
    protected void look(Consumer<LinkView> then) {
        QueueView waiting = new QueueView(untaken.size(), waitingBytes(), new QueueBounds(10, 1_000));
        LinkView view = new LinkView("fake", 0, null, packetsUp, bytesUp, waiting);
        looks.add(() -> then.accept(view));
        if (!looksLate) {
            answersLooks();
        }
    }

    boolean isLookedAt() {
        return !looks.isEmpty();
    }

    /** The link's loop answers the looks that wait. */
    void answersLooks() {
        while (!looks.isEmpty()) {
            looks.remove().run();
        }
    }

    @Override
    protected long heldBytes() {
        return held;
    }

    private ByteBuf frame(String text) {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        return stage.allocator
                .directBuffer(Frame.PREFIX_BYTES + payload.length)
                .writeIntLE(payload.length)
                .writeBytes(payload);
    }
}
