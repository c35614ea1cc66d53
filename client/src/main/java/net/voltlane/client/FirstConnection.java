package net.voltlane.client;

import java.util.Arrays;
import net.voltlane.client.Connector.Connected;
import org.jspecify.annotations.Nullable;

/** The first link of a client, made by the thread that called {@link ClientBuilder#connect()}. */
final class FirstConnection {

    private final Connector connector;
    private final ServerPins pins;
    private final Backoff backoff;
    private final boolean newSessionWhenGone;
    private final Time time;

    FirstConnection(Connector connector, ServerPins pins, Backoff backoff, boolean newSessionWhenGone, Time time) {
        this.connector = connector;
        this.pins = pins;
        this.backoff = backoff;
        this.newSessionWhenGone = newSessionWhenGone;
        this.time = time;
    }

    /** @param known the session to resume; null for a new one */
    Connected make(@Nullable SessionState known) throws ClientException, InterruptedException {
        BlockingConnect callbacks = new BlockingConnect(time);
        try {
            return known == null ? connector.open(null, callbacks) : resume(known, callbacks);
        } catch (ClientException e) {
            // An interrupt closes the socket that the thread waits in, which looks like a failure of the connection.
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while connecting");
            }
            throw e;
        }
    }

    private Connected resume(SessionState known, BlockingConnect callbacks)
            throws ClientException, InterruptedException {
        byte[] pinned = pins.of(known.protocol());
        if (!pins.isEmpty() && (pinned == null || !Arrays.equals(pinned, known.serverKey()))) {
            throw ServerKeyException.of(pinned == null ? pins.any() : pinned, known.serverKey());
        }
        // How long the session of an exported state is still kept is not known, so a server that hangs up says nothing.
        long waitNanos = known.protocol() == Protocol.V3 ? Long.MAX_VALUE : 0;
        RetryPolicy policy = RetryPolicy.none().forSession(waitNanos, false);
        return new Reconnector(connector, policy, backoff, newSessionWhenGone, time)
                .run(known, time.nowNanos(), callbacks);
    }
}
