package net.voltlane.server.session;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.QueueBounds;
import net.voltlane.protocol.Reason;
import net.voltlane.server.address.Cidr;
import org.jspecify.annotations.Nullable;

/**
 * A client link of version 3 that does what {@link ClientPort} asks of it: it keeps what its client has not acknowledged,
 * and gives all of that back. A test says what its client acknowledges, and what it claims when it returns.
 */
final class CountedLink extends ClientPort {
    private static final byte[] KEY = {7, 5, 3, 2};

    private final Stage stage;
    private final long received;
    private final long kept;
    /** Calls of the session, in order. */
    final List<String> told = new ArrayList<>();

    private final List<String> unacknowledged = new ArrayList<>();
    private long acknowledged;
    private @Nullable Detach detach;
    private boolean hasSpoken;
    private long packetsUp;
    /** Packets of those that it gives back that count against no bound. */
    long excused;

    long id;

    private CountedLink(Stage stage, long received, long kept) {
        this.stage = stage;
        this.received = received;
        this.kept = kept;
        acknowledged = received;
    }

    // ---- called by tests

    static CountedLink open(Stage stage) {
        return open(stage, null);
    }

    static CountedLink open(Stage stage, byte @Nullable [] credentials) {
        return open(stage, KEY.clone(), credentials);
    }

    static CountedLink open(Stage stage, byte[] key, byte @Nullable [] credentials) {
        CountedLink link = new CountedLink(stage, 0, 1);
        stage.sessions.open(link, key, credentials);
        return link;
    }

    /** The client returns with a right proof, and with these counts. */
    CountedLink resume(long claimsReceived, long claimsKept) {
        CountedLink link = new CountedLink(stage, claimsReceived, claimsKept);
        AtomicReference<ResumeToken> token = new AtomicReference<>();
        stage.sessions.find(id, Version3.PROTOCOL, token::set);
        stage.sessions.resume(link, token.get() == null ? Stage.unproved(id) : token.get());
        return link;
    }

    /** The client goes to another server, or to the same, with these counts. */
    CountedLink resumeAt(Stage other, long claimsReceived, long claimsKept) {
        CountedLink link = new CountedLink(other, claimsReceived, claimsKept);
        link.id = id;
        other.sessions.find(id, Version3.PROTOCOL, new Sessions.FindOutcome() {
            @Override
            public void found(@Nullable ResumeToken token) {
                if (token == null) {
                    link.told.add("not found");
                } else {
                    other.sessions.resume(link, token);
                }
            }

            @Override
            public void unavailable() {
                link.told.add("unavailable");
            }
        });
        other.turns();
        return link;
    }

    /** The client sends a packet. */
    CountedLink sends(String text) {
        if (!hasSpoken) {
            hasSpoken = true;
            stage.sessions.firstPacket(this);
        }
        stage.master.data(id, text);
        packetsUp++;
        return this;
    }

    /** The client acknowledges everything up to this number. */
    void acknowledges(long packets) {
        unacknowledged.subList(0, (int) (packets - acknowledged)).clear();
        acknowledged = packets;
    }

    void breaks() {
        stage.sessions.lost(this);
    }

    /** The link answers the detach that it was asked for. */
    void answers() {
        List<ByteBuf> leftovers = new ArrayList<>();
        if (detach == Detach.GIVE_BACK && !unacknowledged.isEmpty()) {
            ByteBuf chunk = stage.allocator.directBuffer();
            for (String text : unacknowledged) {
                chunk.writeIntLE(1 + text.length()).writeByte(0).writeCharSequence(text, StandardCharsets.UTF_8);
            }
            leftovers.add(chunk);
        }
        stage.sessions.detached(this, leftovers);
    }

    void isLost() {
        breaks();
        answers();
    }

    // ---- called by the session

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
                int length = frames.readIntLE();
                if (frames.readByte() != 0) {
                    throw new AssertionError("not data");
                }
                texts.add(frames.readCharSequence(length - 1, StandardCharsets.UTF_8)
                        .toString());
            }
            frames.release();
        }
        unacknowledged.addAll(texts);
        excused = point.excused();
        told.add("resumed " + texts + " from " + (point.received() + 1) + ", accepted " + point.accepted()
                + ", acknowledged " + point.acknowledged());
    }

    @Override
    protected void refused(Refusal why) {
        told.add("refused " + why);
    }

    @Override
    protected void deliver(ByteBuf buf, int index, int length) {
        String text = buf.toString(index, length, StandardCharsets.UTF_8);
        unacknowledged.add(text);
        told.add("deliver " + text);
    }

    @Override
    protected void acknowledged(long packets) {
        told.add("acknowledged " + packets);
    }

    @Override
    protected long received() {
        return received;
    }

    @Override
    protected long kept() {
        return kept;
    }

    @Override
    protected void detach(Detach how, @Nullable Reason reason, byte[] text) {
        detach = how;
        told.add("detach " + how + (reason == null ? "" : ", " + reason.text())
                + new String(text, StandardCharsets.UTF_8));
    }

    @Override
    protected void detachForNow(Detach how) {
        detach = how;
        told.add("detach for now " + how);
    }

    @Override
    protected LinkFacts facts() {
        return new LinkFacts(Stage.HOME, "reset", packetsUp, 0, acknowledged, excused);
    }

    @Override
    protected ClientProtocol protocol() {
        return Version3.PROTOCOL;
    }

    @Override
    protected Cidr from() {
        return Stage.HOME;
    }

    @Override
    protected LinkOrigin origin() {
        return new LinkOrigin("192.0.2.1:4711", "192.0.2.2:42000", "fake");
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
        then.accept(new LinkView("fake", 0, null, packetsUp, 0, new QueueView(0, 0, new QueueBounds(1, 1))));
    }

    @Override
    protected long heldBytes() {
        return unacknowledged.stream()
                .mapToLong(text -> Frame.PREFIX_BYTES + 1L + text.length())
                .sum();
    }
}
