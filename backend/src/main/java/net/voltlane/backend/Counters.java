package net.voltlane.backend;

import java.util.concurrent.atomic.LongAdder;

/** What is counted, see {@link BackendStats}. Any thread; hot paths add once for each burst. */
final class Counters {
    final LongAdder received = new LongAdder();
    final LongAdder sent = new LongAdder();
    final LongAdder malformed = new LongAdder();
    final LongAdder dropped = new LongAdder();
    final LongAdder handlerFailures = new LongAdder();
}
