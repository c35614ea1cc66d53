package net.voltlane.server.guard;

import net.voltlane.server.guard.Admission.Phase;
import org.jspecify.annotations.Nullable;

/**
 * The number of connections in each phase, for the whole server and for each of their sources. Every transition of an
 * {@link Admission} is made here, so that the counts always agree with the phases. Guarded by the {@link Guard}'s lock.
 */
final class Admissions {
    private final Sources sources;
    private final GivingWay handshakes = new GivingWay();
    private final GivingWay reserve = new GivingWay();
    private final GivingWay replaced = new GivingWay();
    private long links;
    /** The handshakes of both kinds, as any thread may read them. */
    private volatile int underWay;

    Admissions(Sources sources) {
        this.sources = sources;
    }

    long links() {
        return links;
    }

    /** The number of handshakes, those in the resume reserve included. Any thread, without the lock. */
    int underWay() {
        return underWay;
    }

    /** The handshakes outside of the resume reserve. */
    GivingWay handshakes() {
        return handshakes;
    }

    /** The handshakes in the resume reserve. */
    GivingWay reserve() {
        return reserve;
    }

    /** The links that wait for their peers to close, because their sessions have other links. */
    GivingWay replaced() {
        return replaced;
    }

    /** Moves a connection to its next phase. */
    void move(Admission admission, Phase next, long nowNanos) {
        Phase last = admission.phase;
        assert last.mayBecome(next) : last + " does not become " + next;
        admission.phase = next;
        GivingWay left = placesOf(last);
        GivingWay entered = placesOf(next);
        if (left != entered) {
            if (left != null) {
                left.remove(admission);
            }
            if (entered != null) {
                entered.add(admission, nowNanos);
            }
        }
        if (left != entered) {
            underWay = Math.toIntExact(handshakes.size() + reserve.size());
        }
        count(admission, last, -1);
        count(admission, next, 1);
    }

    private void count(Admission admission, Phase phase, int n) {
        if (phase.isLink()) {
            links += n;
        }
        for (Source source : admission.sources) {
            if (phase.isHandshake()) {
                source.handshakes += n;
            }
            if (phase.isLink()) {
                source.links += n;
            }
            if (phase == Phase.REPLACED) {
                source.replaced += n;
            }
        }
    }

    /** The connection is closed. A second call does nothing. */
    void leave(Admission admission, long nowNanos) {
        if (admission.phase == Phase.GONE) {
            return;
        }
        move(admission, Phase.GONE, nowNanos);
        for (Source source : admission.sources) {
            sources.forgetIfIdle(source, nowNanos);
        }
    }

    /** The connections that share a number of places with those of this phase; null if it has no such number. */
    private @Nullable GivingWay placesOf(Phase phase) {
        return switch (phase) {
            case HANDSHAKE, OPENING -> handshakes;
            case RESERVE -> reserve;
            case REPLACED -> replaced;
            case NEW, LINK, YIELDING, REFUSED, GAVE_WAY, GONE -> null;
        };
    }

    /** The handshake waits for the server now, and is not the first of its address to give way. */
    void waitsForServer(Admission admission, long nowNanos) {
        GivingWay places = placesOf(admission.phase);
        if (places != null) {
            places.move(admission, false, nowNanos);
        }
    }

    /** The handshake waits for its peer's next packet now, and is among the first of its address to give way. */
    void waitsForPeer(Admission admission, long nowNanos) {
        GivingWay places = placesOf(admission.phase);
        if (places != null) {
            places.move(admission, true, nowNanos);
        }
    }
}
