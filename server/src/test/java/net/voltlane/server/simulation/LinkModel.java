package net.voltlane.server.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import net.voltlane.protocol.Challenge;
import net.voltlane.protocol.ChallengeResponse;
import net.voltlane.protocol.ClientId;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.HandshakeCodec;
import net.voltlane.protocol.HandshakePacket;
import net.voltlane.protocol.MalformedPacketException;
import net.voltlane.protocol.Ping;
import net.voltlane.protocol.ProtocolVersion;
import net.voltlane.protocol.PubKey;
import net.voltlane.server.guard.RateLimits;
import net.voltlane.server.session.WorldFailure;
import net.voltlane.testkit.Bytes;
import org.jspecify.annotations.Nullable;

/** An honest client's use of one link: the handshake, then data. */
final class LinkModel {
    /** A link's first packet says whose it is, and each which it is. */
    private static final int LABEL_BYTES = 8;

    final Client client;
    final SimLink link;
    /** It comes back to this session; null: it wants a new one. */
    final @Nullable SessionModel returnsTo;

    private final World world;
    /** The client does not wait for answers. */
    private final boolean sendsAhead;
    /** Packets that came and that the client has not looked at yet. */
    private final Queue<HandshakePacket> inbox = new ArrayDeque<>();

    private int framesTaken;
    private boolean identified;
    /** Data may be written: all of the handshake was. */
    private boolean mayWrite;

    private long idEndsAtByte;
    private boolean tooLarge;
    /** Position of the byte behind which the handshake was complete, and right. */
    private long completeAtByte = Long.MAX_VALUE;

    private final ArrivalPace pace;
    private final Deque<Long> endsUnderWay = new ArrayDeque<>();
    private long arrivedBytes;

    private final List<byte[]> sent = new ArrayList<>();
    private final Deque<Long> endsUnread = new ArrayDeque<>();
    private int wholeRead;
    private int forwarded;

    private @Nullable SessionModel life;
    private @Nullable SessionModel opened;
    /** Number of the move of its session that it came with; 0 for the first link. */
    private int number = -1;

    private long joinedAtNanos;

    LinkModel(World world, Client client, @Nullable SessionModel returnsTo) {
        this.world = world;
        this.client = client;
        this.returnsTo = returnsTo;
        sendsAhead = world.dice.oneIn(3);
        link = world.connect(client.address(), this::taken);
        world.book.links.put(link.serial, this);
        pace = new ArrivalPace(world.rules.limits().rates(), world.now());
        link.onArrival(this::arrives);
        if (returnsTo != null) {
            returnsTo.links.add(this);
        }
        world.trace.note(
                returnsTo == null ? 0 : returnsTo.id,
                () -> this + (returnsTo == null ? " comes for a new session" : " comes back to " + returnsTo.id));
        write(new ProtocolVersion(2));
        if (sendsAhead) {
            identify();
        }
    }

    // ---- what the client does ----

    private void write(HandshakePacket packet) {
        link.write(HandshakeCodec.frame(packet));
    }

    private void identify() {
        identified = true;
        if (returnsTo == null) {
            write(new PubKey(client.keys.publicKey()));
            handshakeWritten();
        } else {
            write(new ClientId(returnsTo.id));
            idEndsAtByte = link.writtenBytes();
        }
    }

    private void handshakeWritten() {
        completeAtByte = link.writtenBytes();
        mayWrite = true;
        if (sendsAhead) {
            sendSome();
        }
    }

    /** Looks at what came. */
    void think() {
        for (HandshakePacket packet = inbox.poll(); packet != null && !link.isOver(); packet = inbox.poll()) {
            if (packet instanceof PubKey && !identified) {
                identify();
            } else if (packet instanceof Challenge challenge) {
                answer(challenge.box());
            }
        }
    }

    private void answer(byte[] box) {
        byte[] answer = client.keys.answer(box, world.clientRandom);
        if (answer == null) {
            world.trace.note(idOrZero(), () -> this + ": the challenge does not open");
            client.forget(returnsTo);
            link.fin();
            return;
        }
        world.strangersMayKnow(answer);
        write(new ChallengeResponse(answer));
        write(new Ping());
        handshakeWritten();
    }

    boolean mayWrite() {
        return mayWrite && !tooLarge && !link.isOver();
    }

    void sendSome() {
        for (int n = world.dice.between(1, world.dice.oneIn(8) ? 30 : 4); n > 0; n--) {
            send();
        }
    }

    private void send() {
        int most = world.rules.edge().maxFrameBytes();
        int length = world.dice.oneIn(6) ? world.dice.between(LABEL_BYTES, most) : world.dice.between(8, 24);
        byte[] payload;
        if (!sent.isEmpty() && world.dice.oneIn(10)) {
            payload = new byte[0];
        } else {
            payload = world.dice.bytes(length);
            System.arraycopy(Bytes.u32(link.serial), 0, payload, 0, 4);
            System.arraycopy(Bytes.u32(sent.size()), 0, payload, 4, 4);
        }
        sent.add(payload);
        link.write(Frame.of(payload));
        endsUnread.add(link.writtenBytes());
        endsUnderWay.add(link.writtenBytes());
    }

    void sendTooLarge() {
        tooLarge = true;
        world.trace.note(idOrZero(), () -> this + " writes a frame too large");
        link.write(Bytes.concat(
                Bytes.u32(world.dice.oneIn(2) ? -1 : world.rules.edge().maxFrameBytes() + 1), new byte[9]));
    }

    /** Some of what was written reaches the server's socket. What came before it was told that it is there counts then. */
    private void arrives() {
        if (!isJoined()) {
            return;
        }
        int packets = 0;
        while (!endsUnderWay.isEmpty() && endsUnderWay.peek() <= link.arrivedBytes()) {
            endsUnderWay.remove();
            packets++;
        }
        long now = Math.max(0, link.arrivedBytes() - completeAtByte);
        pace.arrived(world.now(), packets, now - arrivedBytes);
        arrivedBytes = now;
    }

    // ---- what its socket takes ----

    private void taken(byte[] payload) {
        SessionModel current = life;
        if (current != null) {
            current.taken(this, payload);
            return;
        }
        HandshakePacket packet = decode(payload);
        switch (framesTaken++) {
            case 0 ->
                expect(
                        packet instanceof PubKey key && java.util.Arrays.equals(key.key(), Keys.SERVER.publicKey()),
                        packet);
            case 1 -> {
                if (returnsTo == null) {
                    expect(packet instanceof ClientId, packet);
                    joined(world.book.opened(this, ((ClientId) packet).id()));
                } else {
                    expect(packet instanceof Challenge, packet);
                    WorldFailure.unless(
                            !link.wasReadUnderBan(idEndsAtByte), idOrZero(), this + " is banned, and got a challenge");
                }
            }
            default -> {
                expect(packet instanceof Ping && returnsTo != null, packet);
                WorldFailure.unless(isProofRead(), idOrZero(), this + " was let in without its proof");
                joined(returnsTo);
            }
        }
        inbox.add(packet);
    }

    private HandshakePacket decode(byte[] payload) {
        try {
            return HandshakeCodec.decode(payload);
        } catch (MalformedPacketException e) {
            throw new WorldFailure(idOrZero(), this + " got rubbish in its handshake: " + e.getMessage());
        }
    }

    private void expect(boolean right, HandshakePacket got) {
        WorldFailure.unless(right, idOrZero(), this + " got " + got + " as answer " + framesTaken);
    }

    private void joined(SessionModel joined) {
        life = joined;
        joinedAtNanos = world.now();
        arrives();
        number = joined.joined(this);
        world.trace.note(joined.id, () -> this + " is told that it is there, move " + number);
    }

    // ---- what the rules need to know ----

    /** True if this is the link's next packet for the master. */
    boolean isNext(byte[] payload) {
        return forwarded < sent.size() && java.util.Arrays.equals(sent.get(forwarded), payload);
    }

    void forwarded() {
        WorldFailure.unless(forwarded < wholeRead(), idOrZero(), this + ": a packet was forwarded before it was read");
        forwarded++;
    }

    int forwardedPackets() {
        return forwarded;
    }

    /** Number of its packets that the server has read to their last byte. */
    int wholeRead() {
        while (!endsUnread.isEmpty() && endsUnread.peek() <= link.readBytes()) {
            endsUnread.remove();
            wholeRead++;
        }
        return wholeRead;
    }

    /** The server has read all that it takes to be let in. */
    boolean isProofRead() {
        return link.readBytes() >= completeAtByte;
    }

    /** Number of its bytes that the server has read behind its handshake. */
    long readBytesOfSession() {
        return Math.max(0, link.readBytes() - completeAtByte);
    }

    boolean isTooLarge() {
        return tooLarge;
    }

    /**
     * It was read more from than a link may send at once, and has sent more than it may at some time; of one that came
     * back anything, as that has nothing saved up.
     */
    boolean mayBeOverRate() {
        if (returnsTo != null) {
            return wholeRead() > 0 || link.readBytes() > completeAtByte;
        }
        if (isJoined() && !pace.wasOver()) {
            return false;
        }
        RateLimits rates = world.rules.limits().rates();
        return rates.packetsPerSec() > 0 && wholeRead() > rates.packetsPerSec()
                || rates.bytesPerSec() > 0 && link.readBytes() > rates.bytesPerSec();
    }

    /** The master has heard of its session, though its own socket may not have taken the id. */
    void hasOpened(SessionModel newLife) {
        opened = newLife;
    }

    /** The session that it is for, as far as is known; null for a new one. */
    @Nullable
    SessionModel wanted() {
        return returnsTo != null ? returnsTo : opened;
    }

    /** The session whose link it is; null until its socket was told so. */
    @Nullable
    SessionModel life() {
        return life;
    }

    /** The socket was told so. */
    boolean isJoined() {
        return life != null;
    }

    /** The time at which its socket was told that its session has it. */
    long joinedAtNanos() {
        return joinedAtNanos;
    }

    int number() {
        return number;
    }

    /** It was told that it is there, and nobody has ended that. */
    boolean isLive() {
        SessionModel current = life;
        return current != null && !link.isOver() && !link.isShut() && number == current.moves();
    }

    /** True if it is live and its session has not ended, not without a word either. */
    boolean isOfALivingSession() {
        SessionModel current = life;
        return current != null
                && isLive()
                && current.failed() == null
                && (current.isHeard() || !current.mayHaveEnded());
    }

    private long idOrZero() {
        SessionModel current = life;
        return current != null ? current.id : returnsTo != null ? returnsTo.id : 0;
    }

    @Override
    public String toString() {
        return client + "'s " + link;
    }
}
