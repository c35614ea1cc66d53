package net.voltlane.server.session;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.function.Consumer;
import net.voltlane.protocol.QueueBounds;
import net.voltlane.protocol.Reason;
import net.voltlane.server.address.Cidr;
import org.jspecify.annotations.Nullable;

/**
 * The server that a session comes from, in the place of the link that the session would have had here. It is being taken
 * away from the first moment on: the session is DETACHING, and its {@link NextStep} holds the client's new link. The answer
 * to that is the master's, which tells how far the session had come. So a session that waits for the master's answer goes
 * through the same states as one that waits for a link of its own, see {@link Session.State}.
 *
 * <pre>
 *   (claimed) ──► waits for a master ──it takes part──► Opened, waits for its answer
 *                                    ──it does not────► detached, with the client's own counts
 *   waits for its answer ──Position───────────────────► detached, with the master's counts
 *                        ──Elsewhere, a client is here─► claims again; then Opened again
 *                        ──Elsewhere, none is──────────► let go
 *                        ──Gap─────────────────────────► ended
 *   waits ──10 s──► detached, and stale with unknown counts: what the master sends is dropped
 *         ──10 s, for the second time──► let go: its client finds the record, and the master is asked anew
 *         ──kick, limit, stop, let go──► detached
 *   stale with unknown counts ──Position──► stale
 *                             ──a link has proved itself──► waits
 * </pre>
 *
 * Belongs to the session loop.
 */
final class FormerServer extends ClientPort {
    private static final QueueView NOTHING_WAITS = new QueueView(0, 0, new QueueBounds(1, 1));

    private final Adoptions adoptions;
    private final ClientProtocol protocol;

    /** The client's counts, which the master is told. */
    private MasterPort.Adopting told;

    private LinkOrigin origin;
    private Cidr from;
    /** The link whose ends the master is told. */
    private ClientPort toldLink;

    /** The time since which the client waits. */
    private long sinceNanos;
    /** The master was told of the session, and has not answered. */
    private boolean isTold;
    /** A packet of the client may have reached the master by way of another server. */
    private boolean isKnown = true;
    /** The master was told, and a client has waited for its answer in vain. */
    private boolean wasUnanswered;
    /** True if the master knew the session from this server, before that let it go to another one. */
    private boolean wasHere;
    /** The number of times that the master had it elsewhere. */
    private int tries;

    /** Frames that the former server has handed over. */
    private List<ByteBuf> frames = List.of();
    /** Data packets of the client beyond those that the session has counted. */
    private long packetsUp;
    /** Data packets for the client that it has acknowledged. */
    private long acknowledged;

    FormerServer(
            Adoptions adoptions,
            ClientProtocol protocol,
            ClientPort link,
            LinkOrigin origin,
            MasterPort.Adopting told) {
        this.adoptions = adoptions;
        this.protocol = protocol;
        this.origin = origin;
        this.told = told;
        from = link.from();
        toldLink = link;
    }

    /** The client has come again, on another link, before the master was told anything. */
    void isClaimedBy(ClientPort link, MasterPort.Adopting counts) {
        told = counts;
        origin = link.origin();
        from = link.from();
        toldLink = link;
    }

    /** A link has proved itself for the session, which is stale, and whose counts are not known. */
    void again(Session stale, ClientPort link) {
        adoptions.again(stale, link);
    }

    MasterPort.Adopting told() {
        return told;
    }

    /** True if the master knows the ends of this link. */
    boolean hasTold(ClientPort link) {
        return isTold && toldLink == link;
    }

    /** True if the client of this link, which is not the one that the master was told of, has got on meanwhile. */
    boolean isOutdatedBy(ClientPort link, long taken) {
        return link != toldLink && (link.received() >= told.nextToClient() || link.kept() > taken + 1);
    }

    /** Notes whether the master knew the session from this server earlier. */
    void wasHere(boolean isSo) {
        wasHere = isSo;
    }

    /** True if this server had told the master of the session, before it let it go to another one. */
    boolean wasHere() {
        return wasHere;
    }

    /** A client has waited in vain. */
    void isUnanswered() {
        wasUnanswered |= isTold;
    }

    /** True if the master was told, and a client has waited for its answer in vain. */
    boolean wasUnanswered() {
        return wasUnanswered;
    }

    /** The client waits from now on. */
    void waits(long nowNanos) {
        sinceNanos = nowNanos;
    }

    boolean hasWaited(long nanos, long nowNanos) {
        return nowNanos - sinceNanos >= nanos;
    }

    /** True if the master was told of the session, and has not answered. */
    boolean isTold() {
        return isTold;
    }

    void isTold(boolean isSo) {
        isTold = isSo;
    }

    /** True if a packet of the client may have reached the master by way of another server. */
    boolean isKnown() {
        return isKnown;
    }

    /** The former server has handed over that none has. */
    void isUnknown() {
        isKnown = false;
    }

    /** Counts that the master had it elsewhere, and answers how often that was. */
    int triesAgain() {
        return ++tries;
    }

    void handedOver(List<ByteBuf> kept) {
        frames = kept;
    }

    List<ByteBuf> takeFrames() {
        List<ByteBuf> all = frames;
        frames = List.of();
        return all;
    }

    /** @param up what the session has to add to its count of the client's packets */
    void answers(long up, long acknowledgedDown) {
        packetsUp = up;
        acknowledged = acknowledgedDown;
    }

    // ---- as a link

    /** The step that follows has changed: an end waits for nothing. */
    @Override
    void nextStepChanged() {
        Session its = session();
        if (its != null && its.isEnding()) {
            adoptions.answers.ends(its, this);
        }
    }

    @Override
    protected LinkFacts facts() {
        return new LinkFacts(from, "its client was lost during the adoption", packetsUp, 0, acknowledged, 0);
    }

    @Override
    protected ClientProtocol protocol() {
        return protocol;
    }

    @Override
    protected Cidr from() {
        return from;
    }

    @Override
    protected LinkOrigin origin() {
        return origin;
    }

    @Override
    protected void look(Consumer<LinkView> then) {
        then.accept(new LinkView(origin.transport(), 0, null, 0, 0, NOTHING_WAITS));
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
    protected long heldBytes() {
        return 0;
    }

    @Override
    protected void opened(long id) {
        throw new AssertionError("is no link");
    }

    @Override
    protected void resumed(Resumption point) {
        throw new AssertionError("is no link");
    }

    @Override
    protected void refused(Refusal why) {
        throw new AssertionError("is no link");
    }

    @Override
    protected void deliver(ByteBuf buf, int index, int length) {
        throw new AssertionError("its session is not live");
    }

    @Override
    protected void detach(Detach how, @Nullable Reason reason, byte[] text) {
        throw new AssertionError("is detached from the first moment on");
    }
}
