package net.voltlane.client;

import net.voltlane.client.Connector.Connected;

/**
 * A loop that gets a new link for a session that has none: it tries, waits and tries again, until the session is
 * resumed or can't be. If the session is gone and a new one is allowed, it opens that. For one lost link and one
 * thread.
 */
final class Reconnector {

    /** The caller's part in the loop, which differs between {@link ClientBuilder#connect()} and a running client. */
    interface Callbacks extends Connector.Observer {
        /** Waits before the next attempt. Throws to end the loop. */
        void pause(long nanos) throws ClientException, InterruptedException;

        /**
         * Called when a server has refused to resume the session, and is not believed yet.
         *
         * @param why what it has said
         */
        default void refused(ClientException why) {}

        /** Called when the session is gone, before the first attempt to open a new one. */
        void sessionGone(ClientException why);
    }

    private final Connector connector;
    private final RetryPolicy retryPolicy;
    private final Backoff backoff;
    private final boolean newSessionWhenGone;
    private final Time time;

    Reconnector(Connector connector, RetryPolicy retryPolicy, Backoff backoff, boolean newSessionWhenGone, Time time) {
        this.connector = connector;
        this.retryPolicy = retryPolicy;
        this.backoff = backoff;
        this.newSessionWhenGone = newSessionWhenGone;
        this.time = time;
    }

    /**
     * Runs the loop. It starts with an attempt, not with a wait.
     *
     * @param sinceNanos when the link was lost
     */
    Connected run(SessionState state, long sinceNanos, Callbacks callbacks)
            throws ClientException, InterruptedException {
        return run(state, sinceNanos, callbacks, false);
    }

    /**
     * As {@link #run(SessionState, long, Callbacks)}.
     *
     * @param gone whether the session is gone already, so that only a new one can be opened
     */
    Connected run(SessionState state, long sinceNanos, Callbacks callbacks, boolean gone)
            throws ClientException, InterruptedException {
        boolean resuming = !gone;
        Connector.Observer observer = new Connector.Observer() {
            @Override
            public void dialing(Link link) throws ClientException {
                callbacks.dialing(link);
            }

            @Override
            public void sessionConfirmed() {
                retryPolicy.sessionConfirmed();
            }

            @Override
            public ResumeCounts counts(SessionState of) {
                return callbacks.counts(of);
            }
        };
        while (true) {
            try {
                return resuming ? connector.resume(state, observer) : connector.open(state.serverKey(), observer);
            } catch (ClientException failure) {
                long awayNanos = time.nowNanos() - sinceNanos;
                ClientException verdict = resuming
                        ? retryPolicy.verdict(failure, awayNanos)
                        : retryPolicy.verdictOnOpening(failure, awayNanos);
                if (verdict == null) {
                    if (resuming && failure.reason().endsSession()) {
                        callbacks.refused(failure);
                    }
                    callbacks.pause(retryPolicy.cap(waitNanos(failure), awayNanos));
                } else if (resuming && isGone(verdict) && newSessionWhenGone) {
                    resuming = false;
                    callbacks.sessionGone(verdict);
                } else {
                    throw verdict;
                }
            }
        }
    }

    /** Tells whether the session is gone. That a server is stopping does not say so, before it has proved anything. */
    private static boolean isGone(ClientException verdict) {
        return verdict.reason().mayReplace() && verdict.reason() != CloseReason.STOPPING;
    }

    /**
     * Chooses the next wait. A server that has sent a challenge is neither down nor overloaded, so it is asked again
     * soon. A client whose session has ended then learns so within seconds, even after a long restart of the server. A
     * server that has named a time is not asked before it, nor by all its clients right at it.
     */
    private long waitNanos(ClientException failure) {
        long nanos = failure.reason().endsSession() ? backoff.nanosAfterAnswer() : backoff.nextNanos();
        return nanos + CloseCodes.retryAfterNanos(failure);
    }
}
