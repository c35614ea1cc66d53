package net.voltlane.cli.demo;

import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import net.voltlane.cli.relay.Losses;
import org.jspecify.annotations.Nullable;

/** The counts of a demo so far. Thread-safe. */
final class Tally {

    /** The cuts of one kind of connection. */
    static final class Cuts implements Losses {

        private final LongAdder cut = new LongAdder();
        private final LongAdder resumed = new LongAdder();
        private final LongAdder lay = new LongAdder();

        @Override
        public void cut() {
            cut.increment();
        }

        @Override
        public void resumed() {
            resumed.increment();
        }

        @Override
        public void lay(long toDialled, long toDialler) {
            lay.add(toDialled + toDialler);
        }

        /** Number of connections that were cut. */
        long count() {
            return cut.sum();
        }

        /** Number of connections that took the place of one that was cut. */
        long resumes() {
            return resumed.sum();
        }

        /** Number of messages that lay in the buffers of connections that were cut. */
        long saved() {
            return lay.sum();
        }
    }

    final LongAdder connected = new LongAdder();

    /** Messages sent by clients, and those of them that the backend took. */
    final LongAdder sentByClients = new LongAdder();

    final LongAdder takenByBackend = new LongAdder();

    /** Messages sent by the backend, and those of them that clients took. */
    final LongAdder sentByBackend = new LongAdder();

    final LongAdder takenByClients = new LongAdder();

    /** Messages that came once more. */
    final LongAdder twice = new LongAdder();

    /** Messages that came damaged, to the wrong end, or before others of the same row. */
    final LongAdder mixedUp = new LongAdder();

    final Cuts links = new Cuts();
    final Cuts firehoses = new Cuts();

    /** Servers that were killed, and resumes of sessions that the clients have told of. */
    final LongAdder kills = new LongAdder();

    final LongAdder resumes = new LongAdder();

    private long failures;
    private @Nullable String firstFailure;
    private long[] latenciesNanos = new long[1024];
    private int latencies;

    /** An end could not go on. The first reason is kept, as the others mostly follow from it. */
    synchronized void failed(String reason) {
        failures++;
        firstFailure = firstFailure == null ? reason : firstFailure;
    }

    synchronized long failures() {
        return failures;
    }

    synchronized @Nullable String firstFailure() {
        return firstFailure;
    }

    synchronized void latency(long nanos) {
        if (latencies == latenciesNanos.length) {
            latenciesNanos = Arrays.copyOf(latenciesNanos, 2 * latencies);
        }
        latenciesNanos[latencies++] = nanos;
    }

    /** The latency, in nanoseconds, that this share of all messages did not exceed; 0 where there were none. */
    synchronized long latencyNanos(double share) {
        long[] sorted = Arrays.copyOf(latenciesNanos, latencies);
        Arrays.sort(sorted);
        return latencies == 0 ? 0 : sorted[(int) Math.ceil(share * latencies) - 1];
    }

    /** Number of messages that were sent and did not come; right when nothing is under way any more. */
    long lost() {
        return sentByClients.sum() - takenByBackend.sum() + sentByBackend.sum() - takenByClients.sum();
    }

    long cut() {
        return links.count() + firehoses.count();
    }

    long resumed() {
        return links.resumes() + firehoses.resumes();
    }

    /** Number of messages that would have been lost without acknowledgements. */
    long saved() {
        return links.saved() + firehoses.saved();
    }

    /** True if everything that was cut has been resumed. */
    boolean isWhole() {
        return links.resumes() >= links.count() && firehoses.resumes() >= firehoses.count();
    }

    /** True if everything happened as planned, and nothing else. */
    boolean isPerfect(int clients) {
        return isClean(clients) && cut() > 0 && isWhole();
    }

    /** True if servers were killed, and nobody noticed. */
    boolean isPerfectAfterKills(int clients) {
        return isClean(clients) && kills.sum() > 0 && resumes.sum() > 0;
    }

    private boolean isClean(int clients) {
        return connected.sum() == clients
                && sentByClients.sum() > 0
                && sentByBackend.sum() > 0
                && lost() == 0
                && twice.sum() == 0
                && mixedUp.sum() == 0
                && failures() == 0;
    }
}
