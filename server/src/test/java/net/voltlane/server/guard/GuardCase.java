package net.voltlane.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.metrics.Metrics;
import net.voltlane.testkit.ManualClock;
import org.jspecify.annotations.Nullable;

/** Tests of a Guard with small tables and a manual clock. */
abstract class GuardCase {
    static final String HOME = "192.0.2.1";
    static final int PLACES = 8;

    final ManualClock clock = new ManualClock();
    final Metrics metrics = new Metrics();
    Guard guard = new Guard(GuardLimits.OFF, metrics, clock, this::waitedSince, PLACES);

    /** The time for which connections that arrive now have waited, because the server was paused. */
    Duration waited = Duration.ZERO;

    long waitedSince() {
        return clock.getAsLong() - waited.toNanos();
    }

    void connections(UnaryOperator<ConnectionLimits> limits) {
        guard = new Guard(
                GuardLimits.OFF.withConnections(limits.apply(ConnectionLimits.OFF)),
                metrics,
                clock,
                this::waitedSince,
                PLACES);
    }

    /** The addresses of the handshakes that gave way. */
    final List<String> gaveWay = new ArrayList<>();

    Admission arrives(String from) {
        return guard.arrives(InetAddresses.of(from), () -> gaveWay.add(from));
    }

    /** Opens a session; null if it was refused at any step. */
    @Nullable
    Admission opens(String from) {
        Admission admission = arrives(from);
        if (!admission.isAdmitted()) {
            return null;
        }
        if (opening(admission) != null) {
            guard.leaves(admission);
            return null;
        }
        openingDone(admission);
        return admission;
    }

    Admission opened(String from) {
        Admission admission = opens(from);
        assertThat(admission).as("a session from %s", from).isNotNull();
        return admission;
    }

    /** The limit that stands against the step; null if it is granted. */
    static @Nullable Metric limit(Decision decision, Admission admission) {
        return decision == Decision.GRANTED ? null : admission.limit();
    }

    @Nullable
    Metric opening(Admission admission) {
        return limit(guard.beginOpening(admission), admission);
    }

    @Nullable
    Metric openingDone(Admission admission) {
        return limit(guard.finishOpening(admission), admission);
    }

    @Nullable
    Metric proving(Admission admission) {
        return limit(guard.beginProof(admission), admission);
    }

    /** @param replaced the link that the session still has */
    @Nullable
    Metric resuming(Admission admission, @Nullable Admission replaced) {
        if (replaced == null) {
            return limit(guard.takeSession(admission), admission);
        }
        boolean isTaken = guard.yieldSession(replaced, () -> guard.takeSession(admission) == Decision.GRANTED);
        return isTaken ? null : admission.limit();
    }

    void isRefused(String from, Metric limit) {
        Admission admission = arrives(from);
        assertThat(admission.isAdmitted()).isFalse();
        assertThat(admission.limit()).isEqualTo(limit);
    }

    /** A connection of this address is let in only to resume a session, and refused as a new client. */
    void mayOnlyResume(String from, Metric limit) {
        Admission admission = arrives(from);
        assertThat(admission.isInReserve()).isTrue();
        assertThat(opening(admission)).isEqualTo(limit);
        guard.leaves(admission);
        Admission back = arrives(from);
        assertThat(back.isAdmitted()).isTrue();
        guard.leaves(back);
    }

    void bans(long perMin, long banSecs) {
        guard.limits(GuardLimits.OFF.withResumes(new ResumeLimits(perMin, banSecs)));
    }

    boolean fails(String from) {
        Admission admission = arrives(from);
        assertThat(admission.isAdmitted()).isTrue();
        boolean banned = guard.failed(admission);
        guard.leaves(admission);
        return banned;
    }
}
