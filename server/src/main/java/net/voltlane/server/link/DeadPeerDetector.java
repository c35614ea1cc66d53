package net.voltlane.server.link;

import io.netty.channel.Channel;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Finds peers that have vanished: those that leave what was sent unanswered for too long. A peer that lives and merely
 * does not read goes on answering, and is let be.
 *
 * <p>Only links that may have something unacknowledged are here: {@link #add} when something is sent, and the look that
 * finds nothing owing lets go of it. So a quiet link costs nothing, and a busy one a system call a second or so. Each
 * look is noted with its time; what is unanswered counts from the first look that saw it. Belongs to one loop.
 */
public final class DeadPeerDetector {
    /** A link, as its loop sees it. */
    public interface Peer {
        Channel channel();

        /** False once the link is ending for another reason. */
        boolean isUp();

        /** True if something was sent since the last call, or waits to be; then the link stays watched. */
        boolean hasSent();

        /** It is watched no more. What is sent from now on has to add it again. */
        void unwatched();

        /** Nothing was acknowledged for too long. It is watched no more. */
        void vanished();
    }

    private static final long LOOK_NANOS = 1_000_000_000L;
    /**
     * A sweep looks at one in so many, so that those who sent in the same moment are not looked at in the same moment.
     */
    private static final int SWEEPS_FOR_ALL = 16;

    private static final class Watched {
        private final Peer peer;
        private long dueNanos;
        private boolean unanswered;
        private long unansweredSinceNanos;
        /** The same in real time, in which the kernel tells of the last answer. */
        private long unansweredSinceRealNanos;

        Watched(Peer peer, long dueNanos) {
            this.peer = peer;
            this.dueNanos = dueNanos;
        }
    }

    private final PeerProbe probe;
    private long timeoutNanos;
    private final ServedTime time;
    private long lookNanos;
    /** The one that is due first stands first: each goes to the end after a look. */
    private final Deque<Watched> links = new ArrayDeque<>();
    /** While some that are due wait for the next sweep: does not shrink with those that are let go. */
    private int looksPerSweep;

    /**
     * @param timeoutNanos how long a peer may leave unanswered what was sent; 0: for ever, and nobody is watched
     * @param time of the sweeps
     */
    public DeadPeerDetector(PeerProbe probe, long timeoutNanos, ServedTime time) {
        this.time = time;
        this.probe = probe;
        setTimeout(timeoutNanos);
    }

    private void setTimeout(long nanos) {
        timeoutNanos = nanos;
        lookNanos = Math.min(LOOK_NANOS, nanos / 4);
    }

    /** Changes the timeout, for links that are watched as well. 0: lets go of all of them. */
    public void timeout(long nanos) {
        setTimeout(nanos);
        if (nanos == 0) {
            links.forEach(watched -> watched.peer.unwatched());
            links.clear();
        }
    }

    /** False while peers have no timeout, and nobody is watched. */
    public boolean isOn() {
        return timeoutNanos > 0;
    }

    /** Something was sent on this link, which is not watched. */
    public void add(Peer peer, long nowNanos) {
        if (isOn()) {
            links.addLast(new Watched(peer, nowNanos + lookNanos));
        }
    }

    /** Looks at the links that are due, or at some of them. Called a few times a second. */
    public void sweep(long nowNanos) {
        looksPerSweep = Math.max(looksPerSweep, 1 + links.size() / SWEEPS_FOR_ALL);
        for (int i = 0; i < looksPerSweep; i++) {
            Watched next = links.peekFirst();
            if (next == null || next.dueNanos - nowNanos > 0) {
                looksPerSweep = 0;
                return;
            }
            links.removeFirst();
            look(next, nowNanos);
        }
    }

    /** How many links are watched. */
    int size() {
        return links.size();
    }

    private void look(Watched link, long nowNanos) {
        Peer peer = link.peer;
        if (!peer.isUp() || !probe.ask(peer.channel())) {
            return; // never again: it is ending, or its transport can't tell
        }
        boolean sent = peer.hasSent();
        if (probe.isUnanswered()) {
            long realNanos = time.realNanos();
            long answeredNanos = realNanos - probe.answeredNanosAgo();
            if (!link.unanswered || answeredNanos - link.unansweredSinceRealNanos > 0) {
                link.unanswered = true;
                link.unansweredSinceNanos = nowNanos;
                link.unansweredSinceRealNanos = realNanos;
            } else if (nowNanos - link.unansweredSinceNanos >= timeoutNanos) {
                peer.vanished();
                return;
            }
        } else {
            link.unanswered = false;
            if (!sent && !probe.isOwing()) {
                peer.unwatched();
                return;
            }
        }
        link.dueNanos = nowNanos + lookNanos;
        links.addLast(link);
    }
}
