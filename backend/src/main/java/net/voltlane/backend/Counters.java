package net.voltlane.backend;

import java.util.concurrent.atomic.LongAdder;

/** The counters behind {@link BackendStats}. Thread-safe. Hot paths add once for each burst, not for each packet. */
final class Counters {
    final LongAdder received = new LongAdder();
    final LongAdder sent = new LongAdder();
    final LongAdder malformed = new LongAdder();
    final LongAdder dropped = new LongAdder();
    final LongAdder handlerFailures = new LongAdder();
    final LongAdder refusedFirehoses = new LongAdder();
    final LongAdder displacedFirehoses = new LongAdder();
    final LongAdder refusedSessions = new LongAdder();
    final LongAdder failedHandshakes = new LongAdder();

    /** Numbered packets that were sent to a server again. */
    final LongAdder resent = new LongAdder();
    /** Data that a server has sent again although it was taken over before. */
    final LongAdder repeated = new LongAdder();

    /** Sessions that went on at another server. */
    final LongAdder adopted = new LongAdder();
    /** Answers to servers that another one has the session. */
    final LongAdder elsewhere = new LongAdder();
    /** Sessions that ended because what their clients lacked was not kept. */
    final LongAdder gaps = new LongAdder();

    BackendStats snapshot(int firehoses, int sessions, int sessionsAway, long undeliveredBytes) {
        return new BackendStats(
                firehoses,
                sessions,
                sessionsAway,
                received.sum(),
                sent.sum(),
                malformed.sum(),
                dropped.sum(),
                handlerFailures.sum(),
                refusedFirehoses.sum(),
                displacedFirehoses.sum(),
                refusedSessions.sum(),
                resent.sum(),
                repeated.sum(),
                failedHandshakes.sum(),
                adopted.sum(),
                elsewhere.sum(),
                gaps.sum(),
                undeliveredBytes);
    }
}
