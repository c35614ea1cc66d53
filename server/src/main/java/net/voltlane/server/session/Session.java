package net.voltlane.server.session;

import net.voltlane.server.address.Cidr;
import org.jspecify.annotations.Nullable;

/**
 * A session: the part of a client's connection that survives its links, with its id, the client's key, and the packets
 * that are still to be delivered. Its state and its links change only here, so that they always fit together;
 * {@link SessionLife} says when. Belongs to the session loop.
 */
final class Session extends OwnedSession implements SessionRecord, MasterPort.Subject {
    /**
     * The state of a session. A link lives on another loop, so that taking it away is a question and an answer; between
     * the two the session is DETACHING, and its {@link NextStep} says what the answer leads to.
     *
     * <pre>
     *   (open) ──────────────────────────► LIVE
     *   LIVE ──link lost─────────────────► DETACHING, become stale
     *   LIVE ──another link has proved───► DETACHING, move
     *   LIVE ──kick, violation, limit,
     *          stop──────────────────────► DETACHING, end
     *
     *   DETACHING, become stale ──a link has proved───────────────────────► DETACHING, move
     *                           ──kick, violation, limit, stop────────────► DETACHING, end
     *                           ──detached────────────────────────────────► STALE
     *                           ──detached, and nothing may be stale──────► ENDED
     *   DETACHING, move ──another link has proved: the one before is
     *                     refused─────────────────────────────────────────► DETACHING, move
     *                   ──the new link is lost────────────────────────────► DETACHING, become stale
     *                   ──violation, memory limit: the new link is refused► DETACHING, end
     *                   ──kick, stop──────────────────────────────────────► DETACHING, move and end
     *                   ──detached────────────────────────────────────────► LIVE
     *   DETACHING, move and end ──the new link is lost────────────────────► DETACHING, end
     *                           ──memory limit: the new link is refused───► DETACHING, end
     *                           ──detached────────────► LIVE, and at once ► DETACHING, end
     *   DETACHING, end ──detached─────────────────────────────────────────► ENDED
     *
     *   LIVE; DETACHING, become stale or move ──another server has it─────► DETACHING, let go
     *   DETACHING, let go ──detached──────────────────────────────────────► ENDED
     *
     *   (claimed from another server) ──► DETACHING, move: the place of its link has a FormerServer, which the master's
     *                                     answer detaches; or DETACHING, become stale, if its client is lost already
     *
     *   STALE ──a link has proved─────────────────────────────────────────► LIVE
     *         ──time over, evicted, kick, too much missed, limit, stop────► ENDED
     *         ──another server has it─────────────────────────────────────► ENDED
     * </pre>
     */
    enum State {
        /** The session has a link, and delivers to it. */
        LIVE,
        /** The session waits until its link has given back the packets that its client did not get. */
        DETACHING,
        /** The session has no link, and waits for one. */
        STALE,
        /** The session is over, and no longer in the table. */
        ENDED
    }

    final long id;
    /** The time of its opening, which no other session has; see {@link SessionTable#newOpeningNanos}. */
    final long openedAtNanos;

    private final byte[] clientKey;
    private final ClientProtocol protocol;
    private final @Nullable Version3Part version3;

    private State state = State.LIVE;
    /** The link; null while stale, and once ended. */
    private @Nullable ClientPort port;
    /** While detaching: the step that follows. */
    private @Nullable NextStep nextStep;
    /** Packets that came for this session after its end was decided; answered once the master was told of its end. */
    int tooLatePackets;
    /**
     * A packet of its client was queued for the master, so the master will have heard of it before whatever is queued
     * from now on.
     */
    boolean isKnownToMaster;
    /** Position of that packet in the stream to the master, once {@link #isKnownToMaster}. */
    long firstPacketPosition;
    /** The session's client is slow, and the firehose waits for it. */
    boolean blocking;
    /** The master was told that much is kept for its client. */
    private boolean keepsMuch;
    /** Packets that wait for its next link; null when there are none. */
    @Nullable
    Undelivered undelivered;

    /** Time at which its last link was lost. */
    long lostAtNanos;
    /** Number of times that it was resumed. */
    int resumes;
    /** Packets of its client on links that are detached. */
    private long packetsUp;

    private long bytesUp;
    /** Packets of the master's for its client, whether they reached it or not. */
    private long packetsDown;

    private long bytesDown;
    /** The address of its last link. */
    private Cidr from;

    /** The session's places among the stale; null while it is not stale. */
    StaleSessions.@Nullable Entry staleEntry;

    /** Neighbours in the order of opening. */
    @Nullable
    Session older;

    @Nullable
    Session newer;

    Session(long id, long openedAtNanos, byte[] clientKey, byte @Nullable [] credentials, ClientPort link) {
        this.id = id;
        this.openedAtNanos = openedAtNanos;
        this.clientKey = clientKey;
        protocol = link.protocol();
        version3 = protocol == Version3.PROTOCOL ? new Version3Part(credentials) : null;
        from = link.from();
        attach(link);
    }

    // ---- transitions ----

    /** The session is live on this link, new or resumed. */
    void attach(ClientPort link) {
        assert port == null : "has a link";
        plan(null);
        link.belongsTo(this);
        port = link;
        from = link.from();
        state = State.LIVE;
        assert isConsistent();
    }

    /** The link is being taken away, or the next step behind that has changed. */
    void detaching(NextStep step) {
        assert state == State.LIVE || state == State.DETACHING;
        state = State.DETACHING;
        plan(step);
        assert isConsistent();
    }

    /** The link has been detached: one of the other transitions follows at once. */
    NextStep detached() {
        ClientPort link = port;
        NextStep step = nextStep;
        assert link != null && step != null : "was asked to detach";
        port = null;
        link.isFree(this);
        return step;
    }

    void becomeStale() {
        assert state == State.DETACHING && port == null;
        state = State.STALE;
        plan(null);
        assert isConsistent();
    }

    void end() {
        assert port == null;
        state = State.ENDED;
        plan(null);
        assert isConsistent();
    }

    private void plan(@Nullable NextStep step) {
        ClientPort before = nextStep == null ? null : nextStep.link();
        ClientPort link = step == null ? null : step.link();
        nextStep = step;
        if (before != link) {
            if (before != null) {
                before.isFree(this);
            }
            if (link != null) {
                link.belongsTo(this);
            }
        }
    }

    private boolean isConsistent() {
        assert (state == State.LIVE || state == State.DETACHING) == (port != null) : state + " with or without a link";
        assert (state == State.DETACHING) == (nextStep != null) : state + ", then " + nextStep;
        assert port == null || port.session() == this : "bound one way only";
        ClientPort successor = successor();
        assert successor == null || successor != port && successor.session() == this : "bound one way only";
        return true;
    }

    // ---- counts ----

    /** Sets the counts of a session that comes from another server. Only while it has no link of its own. */
    void startsAt(long up, long down) {
        packetsUp = up;
        packetsDown = down;
    }

    /** Counts a packet from the master. */
    void countDown(int bytes) {
        packetsDown++;
        bytesDown += bytes;
    }

    /** Counts what the client has sent and acknowledged on a link that is detached. */
    void count(LinkFacts link) {
        packetsUp += link.packetsUp();
        bytesUp += link.bytesUp();
        if (version3 != null) {
            version3.acknowledgedDown(link.acknowledged());
        }
    }

    /**
     * Answers if this session and the client of a link that is to resume it agree on what was sent. Each may have more
     * than the other has heard of, and must not lack what the other no longer keeps. Only while the session has no link.
     */
    boolean fits(ClientPort link) {
        return version3 == null || version3.fits(link, packetsUp, packetsDown);
    }

    /** True if the client of this link has had more, or was acknowledged more, than this server has seen. */
    boolean isBehind(ClientPort link) {
        return epoch() > 0 && version3 != null && (link.received() > packetsDown || link.kept() > packetsUp + 1);
    }

    boolean keepsMuch() {
        return keepsMuch;
    }

    void keepsMuch(boolean isMuch) {
        keepsMuch = isMuch;
    }

    /** The counts; upstream, those of detached links alone. */
    SessionView.Counts counts() {
        return new SessionView.Counts(packetsUp, bytesUp, packetsDown, bytesDown);
    }

    @Override
    public long takenUp() {
        return packetsUp;
    }

    @Override
    public long delivered() {
        return version3 == null ? 0 : version3.acknowledgedDown();
    }

    @Override
    public long nextDown() {
        return packetsDown + 1;
    }

    @Override
    public void acknowledged(long packets) {
        if (version3 != null) {
            version3.acknowledgedUp(packets);
            if (port != null) {
                port.acknowledged(packets);
            }
        }
    }

    // ---- questions ----

    @Override
    public LinkOrigin origin() {
        return link().origin();
    }

    @Override
    public int protocolVersion() {
        return protocol.version();
    }

    @Override
    public byte @Nullable [] credentials() {
        return version3 == null ? null : version3.credentials;
    }

    @Override
    public boolean isKnownToMaster() {
        return isKnownToMaster;
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public byte[] clientKey() {
        return clientKey;
    }

    @Override
    public ClientProtocol protocol() {
        return protocol;
    }

    @Override
    public @Nullable Version3Part version3() {
        return version3;
    }

    State state() {
        return state;
    }

    boolean isLive() {
        return state == State.LIVE;
    }

    /** The link; null while stale, and once ended. */
    @Nullable
    ClientPort port() {
        return port;
    }

    /** The link of a session that has one. */
    ClientPort link() {
        ClientPort link = port;
        assert link != null : "only a stale session has no link";
        return link;
    }

    /** While detaching: the step that follows. Null in all other states. */
    @Nullable
    NextStep nextStep() {
        return nextStep;
    }

    /** The link that has proved itself, and waits until the last one is detached; null where there is none. */
    @Nullable
    ClientPort successor() {
        return nextStep == null ? null : nextStep.link();
    }

    /** The link that it gives up for the next one that proves itself; null while stale. */
    @Nullable
    ClientPort linkToReplace() {
        ClientPort successor = successor();
        return successor != null ? successor : port;
    }

    /** Its client is there: on its link, or on one that waits to become it. */
    boolean hasClient() {
        return state == State.LIVE || successor() != null;
    }

    /** Its end here is decided, and waits for its link alone. */
    boolean isEnding() {
        return nextStep != null && (nextStep.kind() == NextStep.Kind.END || nextStep.kind() == NextStep.Kind.LET_GO);
    }

    /** Its end here is decided: packets that come for it come too late. */
    boolean isClosed() {
        return isEnding() || nextStep != null && nextStep.reason() != null;
    }

    /** A master's socket has wholly taken a packet of its client; on which link makes no difference. */
    boolean wasSent(long sentBytes) {
        return isKnownToMaster && firstPacketPosition < sentBytes;
    }

    boolean isOverdue(long nowNanos, long staleTimeoutNanos) {
        return nowNanos - lostAtNanos >= staleTimeoutNanos;
    }

    /** The address of its last link. */
    Cidr from() {
        return from;
    }

    /** Its client does not take everything at once. */
    boolean isSlow() {
        return blocking || port != null && port.waitingBytes() > 0;
    }

    /** Bytes that wait for its client, here and at its link. */
    long waitingBytes() {
        long bytes = undelivered == null ? 0 : undelivered.heldBytes();
        return port == null ? bytes : bytes + port.waitingBytes();
    }

    /** Payload bytes of both directions per nanosecond of its life. */
    double payloadBytesPerNano(long nowNanos) {
        long bytes = bytesUp + bytesDown + (port == null ? 0 : port.bytesUp());
        return (double) bytes / Math.max(1, nowNanos - openedAtNanos);
    }

    /** Bytes held for its client, here and by its link. */
    long heldBytes() {
        long bytes = undelivered == null ? 0 : undelivered.heldBytes();
        return bytes + (version3 == null ? 0 : version3.heldBytes()) + (port == null ? 0 : port.heldBytes());
    }
}
