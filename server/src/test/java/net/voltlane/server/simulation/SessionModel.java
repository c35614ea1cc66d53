package net.voltlane.server.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.Reason;
import net.voltlane.server.session.WorldFailure;
import org.jspecify.annotations.Nullable;

/**
 * The model of a session: what its client's sockets took, what the server has read for it, and what it told the master,
 * with the rules that hold at each of these events. It knows nothing of the server's insides.
 */
final class SessionModel {
    final long id;
    final Client owner;
    final List<LinkModel> links = new ArrayList<>();
    private final World world;

    /** The link whose data came first; null where none has come. */
    private @Nullable LinkModel heardFrom;

    private int reconnections;
    private int reconnectionsAtJoin;
    /**
     * Number of times that another link took it over: by its Reconnection, or in silence where the master does not know
     * it.
     */
    private int moves;

    private @Nullable Reason failed;
    private long failedAtNanos;
    private int notFound;

    private @Nullable LinkModel speaker;
    private int speakerCameWith;
    private final Set<LinkModel> silenced = new HashSet<>();

    /** Packets that the master sent for it and the server has read, in order. */
    private final List<byte[]> due = new ArrayList<>();
    /** Bytes of {@code due} as frames, up to and including each. */
    private final List<Long> dueBytes = new ArrayList<>();

    private int taken;
    /** Of {@code due}: those up to here are what was missed, and count against no bound. */
    private int uncounted;

    private int mostWaiting;
    private long mostWaitingBytes;
    private boolean kicked;
    /** Size of {@code due} when it was to end in order: at the first kick, or at the stop. */
    private int dueAtEnd = -1;

    private boolean away;
    private int linksWhenAway;
    private long awaySinceNanos;
    private int dueWhenAway;

    SessionModel(World world, long id, Client owner) {
        this.world = world;
        this.id = id;
        this.owner = owner;
    }

    // ---- up: what passes the junction ----

    void forwarded(byte[] payload) {
        LinkModel from = speaker;
        if (from == null || !from.isNext(payload)) {
            from = newSpeaker(payload);
        }
        unless(failed == null, from + " is heard after its Failure");
        from.forwarded();
        if (heardFrom == null) {
            heardFrom = from;
        }
    }

    private LinkModel newSpeaker(byte[] payload) {
        LinkModel next = world.book.modelOf(payload);
        unless(next != null && links.contains(next), "somebody else's packet, or one out of turn");
        unless(next != speaker && !silenced.contains(next), next + " is heard behind a later link, or out of turn");
        unless(next.isNext(payload), next + "'s packet is out of turn");
        if (speaker != null) {
            silenced.add(speaker);
            unless(reconnections > speakerCameWith, next + " is heard without a Reconnection");
        }
        // The first to be heard may be one that came back: whoever was there before has said nothing.
        unless(
                heardFrom == null ? reconnections == 0 : (next.returnsTo == null) == (reconnections == 0),
                next + " is heard behind another's Reconnection");
        unless(next.returnsTo != null || moves == 0, next + " is heard behind a later link");
        speaker = next;
        speakerCameWith = reconnections;
        return next;
    }

    void reconnection() {
        unless(isHeard(), "Reconnection though the master never heard of it");
        unless(failed == null, "Reconnection after its Failure");
        reconnections++;
        moves(null);
    }

    /** @param to null where its socket was not told yet */
    private void moves(@Nullable LinkModel to) {
        away = false; // though its new link may be lost again before all is quiet
        moves++;
        uncounted = due.size();
        int proved = 0;
        for (LinkModel model : links) {
            if (model.returnsTo != null && model.isProofRead()) {
                proved++;
            }
            unless(model == to || !model.isJoined() || model.link.isShut(), model + " still has it as it moves");
        }
        unless(moves <= proved, "moved " + moves + " times for " + proved + " proofs");
    }

    void failure(Reason reason) {
        if (reason == Reason.CLIENT_NOT_FOUND) {
            notFound++;
            unless(!isHeard() || failed != null, "not found before its Failure");
            unless(notFound <= due.size() - taken, "more often not found than asked for");
            return;
        }
        unless(isHeard(), "a Failure though the master never heard of it");
        unless(failed == null, "a second Failure");
        unless(isCause(reason), "no cause for a Failure: " + reason.text());
        failed = reason;
        failedAtNanos = world.now();
    }

    private boolean isCause(Reason reason) {
        Rules rules = world.rules;
        return switch (reason) {
            case CLIENT_KICKED -> kicked;
            case CLIENT_DISCONNECTED ->
                isAwayFor(rules.keepsStale() ? rules.sessions().staleTimeoutNanos() : 0);
            case CLIENT_EVICTED ->
                rules.sessions().maxStalePerIp() > 0
                        || world.server.sessions.staleSize() >= rules.sessions().maxStale()
                                && world.fair.mayBeEvicted(this);
            case BUFFER_OVERFLOW -> !rules.edge().blocksOnOverflow() && couldOverflow();
            case MISSED_PACKETS_OVERFLOW -> couldMissTooMuch();
            case FRAME_TOO_LARGE -> links.stream().anyMatch(LinkModel::isTooLarge);
            case MEMORY_LIMIT -> rules.isMemoryBounded();
            case RATE_LIMIT -> mayBeOverRate();
            case SERVER_STOPPING -> world.server.isEnding();
            case CLIENT_LEFT, PROTOCOL_VIOLATION, GAP -> false; // ends of version 3
            case CLIENT_NOT_FOUND -> true;
        };
    }

    /**
     * No link that was there for it was in use lately. One that was taken over is not, even where its successor is
     * lost.
     */
    private boolean isAwayFor(long nanos) {
        for (LinkModel model : links) {
            boolean there = model.isJoined() && model.number() == moves;
            if (there && (!model.link.isGivenUp() || world.pauses.fairSince(model.link.givenUpAtNanos()) < nanos)) {
                return false;
            }
        }
        return true;
    }

    private boolean mayBeOverRate() {
        return world.rules.kicksForRate() && links.stream().anyMatch(LinkModel::mayBeOverRate);
    }

    private boolean couldOverflow() {
        return mostWaiting > 1
                && (mostWaiting > world.rules.edge().channel().packets()
                        || mostWaitingBytes > world.rules.edge().channel().bytes());
    }

    private boolean couldMissTooMuch() {
        return mostWaiting > world.rules.sessions().missed().packets()
                || (mostWaiting > 1
                        && mostWaitingBytes > world.rules.sessions().missed().bytes());
    }

    // ---- down ----

    /** The server has read data for it. */
    void due(byte[] payload) {
        due.add(payload);
        dueBytes.add(bytesUpTo(due.size() - 1) + Frame.PREFIX_BYTES + payload.length);
        mostWaiting = Math.max(mostWaiting, due.size() - taken);
        mostWaitingBytes = Math.max(mostWaitingBytes, bytesUpTo(due.size()) - bytesUpTo(taken));
    }

    void kicked() {
        kicked = true;
        endsInOrder();
    }

    /** It is to end, but not before what was sent until now is delivered. */
    void endsInOrder() {
        if (dueAtEnd < 0) {
            dueAtEnd = due.size();
        }
    }

    /** A link of its client was told that it is there; returns which move that was, 0 for the first link. */
    int joined(LinkModel model) {
        if (model.returnsTo != null && reconnections == reconnectionsAtJoin) {
            boolean unheard = heardFrom == null || heardFrom == model; // as it came back
            unless(unheard, model + " came back without a Reconnection");
            moves(model);
        }
        reconnectionsAtJoin = reconnections;
        for (LinkModel other : links) {
            unless(
                    other == model || !other.isJoined() || other.number() < moves,
                    model + " and " + other + " have both got it");
        }
        unless((model.returnsTo == null) == (moves == 0), model + " came with move " + moves);
        return moves;
    }

    /** A socket has wholly taken a packet. */
    void taken(LinkModel model, byte[] payload) {
        unless(model.number() == moves, model + " got a packet after another link had taken over");
        unless(failed == null || deliversItsLast(), model + " got a packet though its session has failed");
        unless(taken < due.size(), model + " got a packet that nobody sent");
        unless(Arrays.equals(due.get(taken), payload), model + " got another packet than the next one, #" + taken);
        taken++;
    }

    private boolean deliversItsLast() {
        return failed == Reason.CLIENT_KICKED
                || failed == Reason.FRAME_TOO_LARGE
                || failed == Reason.RATE_LIMIT
                || failed == Reason.SERVER_STOPPING;
    }

    // ---- what the rules need to know ----

    /** Notes whether it has a link, as seen when all was quiet. */
    void seen(boolean nowAway) {
        if (nowAway && !away) {
            awaySinceNanos = world.now();
            dueWhenAway = due.size();
            linksWhenAway = links.size();
        }
        away = nowAway;
    }

    /** It was seen so, and nobody has come for it since. */
    boolean isSurelyStale() {
        return away && links.size() == linksWhenAway;
    }

    /** Since when it was seen so. */
    long awaySinceNanos() {
        return awaySinceNanos;
    }

    boolean isHeard() {
        return heardFrom != null;
    }

    /** Number of times that another link took it over. */
    int moves() {
        return moves;
    }

    @Nullable
    Reason failed() {
        return failed;
    }

    long failedAtNanos() {
        return failedAtNanos;
    }

    boolean isKicked() {
        return kicked;
    }

    /** It has ended in order, and all that its socket was to take before that was taken. */
    boolean hasGotItsLast() {
        boolean inOrder = failed == Reason.CLIENT_KICKED || failed == Reason.SERVER_STOPPING;
        return !inOrder || taken >= dueAtEnd;
    }

    /**
     * Another link has proved itself, for which this one was given up, and its socket was not told yet, or was lost
     * before that. Where there was no Reconnection nobody saw the session move.
     */
    boolean mayHaveMovedFrom(LinkModel model) {
        return links.stream()
                .anyMatch(
                        other -> other != model && !other.isJoined() && other.returnsTo != null && other.isProofRead());
    }

    int duePackets() {
        return due.size();
    }

    int takenPackets() {
        return taken;
    }

    /** Packets that wait for a live client and count against the bound. */
    int waitingPackets() {
        return due.size() - Math.max(taken, uncounted);
    }

    long waitingBytes() {
        return bytesUpTo(due.size()) - bytesUpTo(Math.max(taken, uncounted));
    }

    /** True if the packets that an absent client has missed since it was seen away are within bounds. */
    boolean isWithinMissed() {
        int packets = due.size() - dueWhenAway;
        long bytes = bytesUpTo(due.size()) - bytesUpTo(dueWhenAway);
        return packets <= world.rules.sessions().missed().packets()
                && (packets <= 1 || bytes <= world.rules.sessions().missed().bytes());
    }

    /** Something has happened for which it may have ended without a word, had the master not heard of it. */
    boolean mayHaveEnded() {
        return isKicked()
                || couldOverflow()
                || couldMissTooMuch()
                || links.stream().anyMatch(LinkModel::isTooLarge)
                || mayBeOverRate()
                || !world.rules.evictsNobody()
                || world.rules.isMemoryBounded()
                || world.server.isEnding();
    }

    private long bytesUpTo(int packets) {
        return packets == 0 ? 0 : dueBytes.get(packets - 1);
    }

    void unless(boolean fine, String message) {
        WorldFailure.unless(fine, id, "session " + id + ": " + message);
    }
}
