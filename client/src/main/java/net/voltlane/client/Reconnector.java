package net.voltlane.client;

import net.voltlane.client.Connector.Connected;

/**
 * Gets a session that has no link a new one: tries, waits, tries again, until it is in or knows better; and opens a new
 * session where the old one is gone and that is allowed. For one absence and one thread.
 */
final class Reconnector {

    /** What to do meanwhile; differs between a program that waits and a client on its own. */
    interface Host extends Connector.Observer {
        /** Waits; throws where there is no point in trying again. */
        void pause(long nanos) throws ClientException, InterruptedException;

        /** The session is gone; the next attempt is for a new one. */
        void sessionGone();
    }

    private final Connector connector;
    private final RetryPolicy patience;
    private final Backoff backoff;
    private final boolean newSessionWhenGone;
    private final Time time;

    Reconnector(Connector connector, RetryPolicy patience, Backoff backoff, boolean newSessionWhenGone, Time time) {
        this.connector = connector;
        this.patience = patience;
        this.backoff = backoff;
        this.newSessionWhenGone = newSessionWhenGone;
        this.time = time;
    }

    /** Begins with an attempt, not with a wait; {@code sinceNanos} is when the link was lost. */
    Connected run(SessionState state, long sinceNanos, Host host) throws ClientException, InterruptedException {
        boolean resuming = true;
        Connector.Observer observer = new Connector.Observer() {
            @Override
            public void dialing(Link link) throws ClientException {
                host.dialing(link);
            }

            @Override
            public void sessionLives() {
                patience.sessionLives();
            }
        };
        while (true) {
            try {
                return resuming ? connector.resume(state, observer) : connector.open(state.serverKey(), observer);
            } catch (ClientException failure) {
                long awayNanos = time.nowNanos() - sinceNanos;
                ClientException verdict = patience.verdict(failure, awayNanos);
                if (verdict == null) {
                    host.pause(patience.cap(waitNanos(failure), awayNanos));
                } else if (verdict instanceof SessionGoneException && newSessionWhenGone) {
                    resuming = false;
                    host.sessionGone();
                } else {
                    throw verdict;
                }
            }
        }
    }

    /**
     * A server that has shown a challenge is neither away nor overloaded: to ask it again soon lets a client whose
     * session ended know of that within seconds, also after a server's restart that took long.
     */
    private long waitNanos(ClientException failure) {
        return failure instanceof SessionGoneException ? backoff.nanosAfterAnswer() : backoff.nextNanos();
    }
}
