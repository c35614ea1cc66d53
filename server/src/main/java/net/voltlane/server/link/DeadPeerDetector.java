package net.voltlane.server.link;

import io.netty.channel.Channel;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Detects peers that have vanished: those that leave what was sent unanswered for too long. A live peer that does not
 * read goes on answering, and is left alone.
 *
 * <p>Only links on which something may be unacknowledged are watched. A link is {@linkplain #add added} when it sends,
 * and leaves at the check that finds everything acknowledged. So a quiet link costs nothing, and a busy one costs a
 * system call every second or two. The time without an answer counts from the first check that saw it. Belongs to one
 * loop.
 */
public final class DeadPeerDetector {
    /** A link to a peer. */
    public interface Peer {
        Channel channel();

        /** False once the link ends for another reason. */
        boolean isUp();

        /**
         * Begins to note anew whether something is sent.
         *
         * @return true if something was sent since the last call, or waits to be sent: the link stays watched
         */
        boolean pollSent();

        /** The link is no longer watched. When it sends next, it has to be added again. */
        void unwatched();

        /** Nothing was acknowledged for too long. The link is no longer watched. */
        void vanished();
    }

    private static final long LOOK_NANOS = 1_000_000_000L;
    /** The number of sweeps that check all links, so that links that sent at the same moment are checked apart. */
    private static final int SWEEPS_FOR_ALL = 16;

    private static final class Watched {
        private final Peer peer;
        private long dueNanos;
        private boolean unanswered;
        private long unansweredSinceNanos;
        /** {@link #unansweredSinceNanos} in real time, which the kernel uses. */
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
    /** The links in the order in which they are due: each goes to the end after its check. */
    private final Deque<Watched> links = new ArrayDeque<>();
    /** The number of checks in a sweep. It does not shrink while links that are due wait for the next sweep. */
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

    /** False while peers have no timeout, and none is watched. */
    public boolean isOn() {
        return timeoutNanos > 0;
    }

    /** Watches a link that has sent something and is not watched yet. */
    public void add(Peer peer, long nowNanos) {
        if (isOn()) {
            links.addLast(new Watched(peer, nowNanos + lookNanos));
        }
    }

    /** Checks the links that are due, or some of them. Called a few times a second. */
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

    /** The number of links that are watched. */
    int size() {
        return links.size();
    }

    private void look(Watched link, long nowNanos) {
        Peer peer = link.peer;
        if (!peer.isUp() || !probe.ask(peer.channel())) {
            return; // never again: the link ends, or its transport can't tell
        }
        boolean sent = peer.pollSent();
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
