package net.voltlane.server;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import net.voltlane.server.log.LogEvent;
import net.voltlane.server.log.LogField;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of a running server for which nothing is lost: a {@link Drain} if there are sessions and there is time for it,
 * then the stop. Belongs to the session loop; {@link #status} is for any thread.
 */
final class OrderlyStop {
    private static final Logger log = LoggerFactory.getLogger(VoltlaneServer.class);

    /**
     * The time for a stop without a drain. Packets that are not delivered by then are dropped. It is below the ten
     * seconds after which supervisors commonly kill a process that they have told to stop.
     */
    static final Duration LIMIT = Duration.ofSeconds(8);

    /** The time for a stop behind a drain that took all of its own time. */
    private static final Duration LIMIT_AFTER_DRAIN = Duration.ofSeconds(3);

    /** The last part of that time, in which nothing more is delivered: connections are closed, and the loops end. */
    private static final Duration END = Duration.ofSeconds(1);

    private final ServerParts parts;
    private final Consumer<ServerState> become;
    private final Runnable close;
    private volatile @Nullable Drain drain;

    /**
     * @param become takes the states DRAINING and STOPPING, each right before what it stands for begins
     * @param close closes everything at the end of the stop. Called at least once, also after everything is closed
     */
    OrderlyStop(ServerParts parts, Consumer<ServerState> become, Runnable close) {
        this.parts = parts;
        this.become = become;
        this.close = close;
    }

    /** Drains, if there are sessions and the time is over 0, then stops. Once, and not after {@link #stop}. */
    void drain(Duration timeout) {
        int sessions = parts.sessions.size();
        boolean liveOn = parts.sessionsLiveOn();
        // Where sessions live on and there is no other server, clients have nowhere to go, and come back to the next
        // process.
        if (timeout.isZero() || sessions == 0 || liveOn && !parts.isInCompany()) {
            stop(timeout.plus(LIMIT_AFTER_DRAIN));
            return;
        }
        become.accept(ServerState.DRAINING);
        LogEvent.DRAINING
                .on(log)
                .addKeyValue(LogField.SESSIONS.key(), sessions)
                .log(
                        "Draining for at most {} s: no client can open a session, and {} to {}",
                        seconds(timeout),
                        sessions == 1 ? "1 session has" : sessions + " sessions have",
                        liveOn ? "move to other servers" : "end");
        parts.guard.openNoSessions();
        parts.edge.goAway(timeout.toMillis(), parts.elsewhere());
        Drain begun = new Drain(
                parts.sessionLoop,
                parts.sessions,
                System::nanoTime,
                timeout,
                left -> stop(left.plus(LIMIT_AFTER_DRAIN)));
        drain = begun;
        begun.begin();
    }

    /** Stops, and ends the drain if there is one. Once. */
    void stop(Duration limit) {
        assert parts.sessionLoop.inEventLoop() : "belongs to the session loop";
        endDrain();
        become.accept(ServerState.STOPPING);
        int sessions = parts.sessions.size();
        boolean liveOn = parts.sessionsLiveOn();
        LogEvent.STOPPING
                .on(log)
                .addKeyValue(LogField.SESSIONS.key(), sessions)
                .log(
                        liveOn
                                ? "Stopping within {} s: leaving {} in the store, for clients to resume"
                                : "Stopping within {} s: ending {}, and telling the backend of each",
                        seconds(limit),
                        sessions == 1 ? "1 session" : sessions + " sessions");
        parts.listeners.close();
        parts.edge.stopHandshakes();
        Runnable finish =
                () -> parts.uplink.finish(() -> parts.edge.whenNoneOpen(() -> parts.sessionLoop.execute(close)));
        parts.sessions.stop(finish);
        parts.sessionLoop.schedule(close, limit.minus(END).toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Ends the drain if there is one: the server is being closed. */
    void endDrain() {
        Drain underWay = drain;
        if (underWay != null) {
            drain = null;
            underWay.end();
        }
    }

    /** The progress of the drain; empty while there is none. Any thread. */
    Optional<DrainStatus> status() {
        return Optional.ofNullable(drain).map(Drain::status);
    }

    private static String seconds(Duration duration) {
        long tenths = duration.plusMillis(50).toMillis() / 100;
        return tenths % 10 == 0 ? Long.toString(tenths / 10) : tenths / 10 + "." + tenths % 10;
    }
}
