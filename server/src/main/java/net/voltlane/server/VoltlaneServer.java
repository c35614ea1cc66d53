package net.voltlane.server;

import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import net.voltlane.proof.PublicKeys;
import net.voltlane.proof.WarmUp;
import net.voltlane.server.address.AddressText;
import net.voltlane.server.config.ConfigChange;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.server.fleet.FleetMember;
import net.voltlane.server.guard.Bans;
import net.voltlane.server.log.LogEvent;
import net.voltlane.server.metrics.Figures;
import net.voltlane.server.metrics.Gauge;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.session.ExpiredCursorException;
import net.voltlane.server.session.SessionPage;
import net.voltlane.server.session.SessionQuery;
import net.voltlane.server.session.SessionView;
import net.voltlane.server.session.TooManyPagesException;
import net.voltlane.server.store.StoreFacts;
import net.voltlane.server.uplink.MasterUplink;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection server: dials the master, and accepts clients once the master has been reached. Puts the parts together,
 * starts and stops them; each part says which thread owns it. Thread-safe.
 */
public final class VoltlaneServer {
    private static final Logger log = LoggerFactory.getLogger(VoltlaneServer.class);
    private static final Duration LONGEST_DRAIN = Duration.ofDays(1);
    private static final long END_LOOPS_MILLIS = 500;
    private static final long QUIET_MILLIS = 50;

    private final ServerParts parts;
    private final EventLoop sessionLoop;
    private final SessionLoopQuestions questions;
    private final OrderlyStop orderlyStop;
    private final CompletableFuture<InetSocketAddress> listening = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    /** Written on the session loop. */
    private volatile ServerState state = ServerState.STARTING;

    /**
     * Starts a server and returns at once.
     *
     * @throws StartException for a reason that the operator can mend
     */
    public static VoltlaneServer start(ServerConfig config) {
        VoltlaneServer server = new VoltlaneServer(config);
        server.sessionLoop.execute(server::begin);
        return server;
    }

    /**
     * Checks what can be checked of a start without starting: key file and certificates. Changes nothing.
     *
     * @return what a start would find, in lines for people: certificates with their ends and warnings, and the key file
     * @throws StartException as {@link #start} would
     */
    public static List<String> check(ServerConfig config) {
        return StartCheck.of(config);
    }

    private VoltlaneServer(ServerConfig config) {
        parts = new ServerParts(config, this::died, new UplinkListener());
        sessionLoop = parts.sessionLoop;
        questions = new SessionLoopQuestions(sessionLoop);
        parts.gauges.registerState(parts.metrics, this::state);
        parts.join(config, this::state, fault -> sessionLoop.execute(() -> fail(fault)));
        orderlyStop = new OrderlyStop(parts, next -> state = next, () -> close(null));
        parts.budget.onExceeded(() -> sessionLoop.execute(this::shed));
    }

    /** The first listener's address; of a Unix socket an unresolved one with its path as host. Completes when all listen. */
    public CompletionStage<InetSocketAddress> listening() {
        return listening;
    }

    /** The address of each listener by the name of its section. Empty before {@link #listening} has completed. */
    public Map<String, SocketAddress> addresses() {
        return parts.listeners.addresses();
    }

    /** The addresses of all listeners for people, each behind its transport unless that is plain TCP. Empty before. */
    public List<String> listeners() {
        return parts.listeners.shown();
    }

    /** The number of clients that there is room for; null before {@link #listening} has completed. */
    public @Nullable ClientCapacity capacity() {
        return parts.capacity.now();
    }

    /** The short name of the key that clients know this server by, as {@link PublicKeys#fingerprint} writes it. */
    public String keyFingerprint() {
        return parts.keyFingerprint;
    }

    /**
     * Completes when the server has ended: normally after {@link #stop}, exceptionally with
     * {@link ServerFailedException} for a reason that lies outside.
     */
    public CompletionStage<Void> ended() {
        return ended;
    }

    /** The state that the server is in. */
    public ServerState state() {
        return state;
    }

    /** All figures of this server; {@link #count} and {@link #read} give single ones. */
    public Figures figures() {
        return parts.metrics;
    }

    /** The value of a counter. */
    public long count(Metric metric) {
        return parts.metrics.sum(metric);
    }

    /** The value of a gauge, at most a tenth of a second old, in nanoseconds if its unit is seconds. */
    public long read(Gauge gauge) {
        return parts.metrics.read(gauge);
    }

    /**
     * Runs {@code beat} at an interval for as long as all event loops of the server work. While a loop hangs there is no
     * beat, and after the death of one, or the end of the server, there is none any more.
     *
     * @param interval the first beat comes at once, each other one after such a time
     * @param beat runs on an event loop of the server, so it must not block
     */
    public void heartbeat(Duration interval, Runnable beat) {
        new Heartbeat(parts.loops, sessionLoop, beat).start(interval);
    }

    /**
     * Gives the server another configuration while it runs. Clients stay connected. Settings that only a restart can
     * change keep their values, and are named in the answer, again at each call until they are back to their old values.
     *
     * <p>The section {@code general} is not the server's, which logs through SLF4J: the program that has set logging up
     * applies {@code general.log_level} where the answer names it.
     *
     * @param next a configuration that {@link net.voltlane.server.config.ConfigLoader} could have let through
     * @return what takes effect at once, what for new links, and what at the next start; completes when all parts of the
     *     server have their new settings, or exceptionally, with {@link ServerFailedException}, if the server is ending
     */
    public CompletionStage<ConfigChange> reload(ServerConfig next) {
        CompletableFuture<ConfigChange> answer = new CompletableFuture<>();
        // Forgotten by ended once it is answered, as a callback of ended's own would not be.
        CompletableFuture.anyOf(answer, ended)
                .whenComplete((first, failure) -> answer.completeExceptionally(isEnding()));
        try {
            sessionLoop.execute(() -> {
                if (state.isEnding()) {
                    answer.completeExceptionally(isEnding());
                } else {
                    parts.reloader.reload(next, answer);
                }
            });
        } catch (RejectedExecutionException closed) {
            answer.completeExceptionally(isEnding());
        }
        return answer;
    }

    private static ServerFailedException isEnding() {
        return new ServerFailedException("the server is ending");
    }

    /**
     * Begins an orderly stop that gives clients time, and returns at once. From now on no client can open a session.
     * Clients can still resume theirs, until all have ended. Sessions with nothing waiting for their clients end first,
     * about 200 at once and the others spread over {@code timeout}; sessions whose clients have packets to take end when
     * those have taken them. When only sessions without a connection are left, or the time is up, the server stops as
     * by {@link #stop}. All of that takes at most three seconds more than {@code timeout}. A server without sessions
     * stops at once. A second call, and a call after {@link #stop}, do nothing.
     *
     * @param timeout the time for the drain, 0 to one day. With 0, the server stops at once, within three seconds
     */
    public void drain(Duration timeout) {
        if (timeout.isNegative() || timeout.compareTo(LONGEST_DRAIN) > 0) {
            throw new IllegalArgumentException("timeout: " + timeout + " (expected: 0 to one day)");
        }
        questions.tell(() -> {
            if (!state.isEnding()) {
                orderlyStop.drain(timeout);
            }
        });
    }

    /** The progress of the drain; empty unless the server {@linkplain ServerState#DRAINING drains}. */
    public Optional<DrainStatus> draining() {
        return orderlyStop.status();
    }

    /**
     * Stops in order and without a drain: accepts no clients, forwards what was taken from clients, delivers what is
     * queued for them, and tells the master the end of every session. Returns at once; the stop takes at most eight
     * seconds. If the server drains, this ends the drain. A second call does nothing.
     */
    public void stop() {
        questions.tell(() -> {
            if (state == ServerState.DRAINING || !state.isEnding()) {
                orderlyStop.stop(OrderlyStop.LIMIT);
            }
        });
    }

    /**
     * Looks at sessions, a page at a time. The work is done on the loops that own sessions and links, in small steps
     * between what these loops do for clients.
     *
     * @return completes on none of the server's loops; exceptionally where the server ends before, with
     *     {@link ExpiredCursorException} where the pages can't be turned any more, and with
     *     {@link TooManyPagesException} where others ask for too many pages at once
     */
    public CompletionStage<SessionPage> sessions(SessionQuery query) {
        return questions.ask(page -> parts.sessions.page(query, questions::inTheNextRound, page));
    }

    /** Looks at one session; nothing where there is no such session. Completes as {@link #sessions} does. */
    public CompletionStage<Optional<SessionView>> session(long id) {
        return questions.ask(answer -> parts.sessions.look(id, answer));
    }

    /**
     * Ends a session as the backend does with a kick: the client gets what was sent to it before, and the session cannot
     * be resumed. The backend is told of the end, if it has heard of the session.
     *
     * @return true, or false where there is no such session, or its end is decided already; completes as that of
     *     {@link #sessions}, when the end is decided
     */
    public CompletionStage<Boolean> kick(long id) {
        return questions.ask(answer -> {
            boolean isKicked = parts.sessions.kick(id);
            answer.completeAsync(() -> isKicked);
        });
    }

    /**
     * The servers that share the store of records, this one included, by name and as they were known a second ago or so.
     * Empty where the store is not shared.
     */
    public List<FleetMember> fleet() {
        return parts.members();
    }

    /** The name of this server process, which no other has: 32 hexadecimal digits. */
    public String processName() {
        return parts.owner;
    }

    /** Facts about the store of records; empty where sessions end with this process. */
    public Optional<StoreFacts> store() {
        return parts.storeFacts();
    }

    /** True if the store of records answers, as far as is known; also where there is none. */
    public boolean isStoreUp() {
        return parts.isStoreUp();
    }

    /** The bans of addresses, to look at and to change. */
    public Bans bans() {
        return parts.guard.bans();
    }

    /** Not private, because a test lets loops die. */
    Loops loops() {
        return parts.loops;
    }

    private void begin() {
        assert sessionLoop.inEventLoop() : "belongs to the session loop";
        if (state != ServerState.STARTING) {
            return; // stopped, or a loop has died, before it began
        }
        state = ServerState.DIALLING;
        parts.start();
    }

    private void listen() {
        state = ServerState.OPENING;
        new Opening(parts).begin(Listeners.Outcome.of(this::ready, this::fail));
    }

    private void ready(Map<String, SocketAddress> local) {
        assert state == ServerState.OPENING : "a listener opened though it was closed";
        state = ServerState.LISTENING;
        parts.listeners.logReady(log, parts.sockets.name());
        listening.complete(AddressText.inet(local.values().iterator().next()));
        WarmUp.startOnce(); // no sooner: it would compete with the start for a processor
    }

    /**
     * A loop has died, and with it everything that its clients' links and loop queues held, so there can be no orderly
     * stop. The rest of the server is closed, so that no peer goes on waiting for it. On the thread of the dying loop,
     * which may be the session loop.
     */
    private void died(EventLoop loop, Throwable cause) {
        String message = "internal error: a thread that serves clients died of " + cause;
        try {
            if (loop == sessionLoop) {
                fail(message);
            } else {
                sessionLoop.execute(() -> fail(message));
            }
        } catch (Throwable again) {
            endLoops(new ServerFailedException(message));
        }
    }

    private void fail(String message) {
        close(new ServerFailedException(message));
    }

    private void close(@Nullable ServerFailedException failure) {
        if (state.isClosed()) {
            return;
        }
        state = failure == null ? ServerState.STOPPED : ServerState.FAILED;
        try {
            orderlyStop.endDrain();
            parts.uplink.close();
            parts.sessions.release();
            parts.proofs.close();
            parts.listeners.close();
        } finally { // else nobody would hear of the end
            endLoops(failure);
        }
    }

    private void endLoops(@Nullable ServerFailedException failure) {
        // The quiet time lets loops tell each other of the channels that they close.
        parts.loops
                .shutdownGracefully(QUIET_MILLIS, END_LOOPS_MILLIS, TimeUnit.MILLISECONDS)
                .addListener(f -> {
                    try {
                        parts.free();
                    } finally {
                        conclude(failure);
                    }
                });
    }

    private void conclude(@Nullable ServerFailedException failure) {
        if (failure == null) {
            LogEvent.STOPPED.on(log).log("The server has stopped");
            listening.completeExceptionally(new ServerFailedException("stopped before the master was reached"));
            ended.complete(null);
        } else {
            listening.completeExceptionally(failure);
            ended.completeExceptionally(failure);
        }
    }

    /** Memory is at its limit: connections that have no session, or no longer, are closed first. */
    private void shed() {
        parts.counters.count(Metric.MEMORY_LIMIT_REACHED);
        parts.edge.shedWithoutSession(sessionLoop, () -> {
            parts.budget.listen();
            parts.sessions.shed();
        });
    }

    private final class UplinkListener implements MasterUplink.Listener {
        @Override
        public void reached() {
            if (state == ServerState.DIALLING) { // else it was stopped meanwhile
                listen();
            }
        }

        @Override
        public void gaveUp(String message) {
            if (state == ServerState.DRAINING) {
                orderlyStop.stop(OrderlyStop.LIMIT); // clients still get what waits for them
            } else if (state.isEnding()) {
                close(null); // nobody is left to be told of the sessions' ends
            } else {
                fail(message);
            }
        }
    }
}
