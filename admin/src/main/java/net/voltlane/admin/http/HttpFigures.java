package net.voltlane.admin.http;

import java.util.concurrent.atomic.LongAdder;

/** Counters of the HTTP server. Thread-safe; no request is so frequent that they cost anything. */
public final class HttpFigures {
    final LongAdder answered = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder wrongTokens = new LongAdder();
    final LongAdder guessesRefused = new LongAdder();
    final LongAdder crowdedOut = new LongAdder();
    final LongAdder timedOut = new LongAdder();
    final LongAdder slowReaders = new LongAdder();

    /** Requests with an answer below 400. */
    public long answered() {
        return answered.sum();
    }

    /** Requests with an answer from 400 on, malformed ones included. */
    public long refused() {
        return refused.sum();
    }

    /** Requests with a token that is not the right one. */
    public long wrongTokens() {
        return wrongTokens.sum();
    }

    /** Requests with a token that was not looked at, as their address had sent too many wrong ones. */
    public long guessesRefused() {
        return guessesRefused.sum();
    }

    /** Connections closed to make room for others. */
    public long crowdedOut() {
        return crowdedOut.sum();
    }

    /** Connections closed because a request or an answer took too long. Quiet ones between two requests do not count. */
    public long timedOut() {
        return timedOut.sum();
    }

    /** Streams closed because their peer did not read. */
    public long slowReaders() {
        return slowReaders.sum();
    }
}
