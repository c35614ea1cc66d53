package net.voltlane.client;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.voltlane.client.Connector.Connected;
import net.voltlane.proof.InvalidKeyException;
import net.voltlane.proof.PublicKeys;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.QueueBounds;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a client; {@link #connect()} creates it. Every setting has a default that suits most programs. A
 * value out of range is refused at once, with an {@link IllegalArgumentException} that says what is expected.
 *
 * <p>Not thread-safe. A builder may be used again for further clients.
 */
public final class ClientBuilder {

    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final long FOR_EVER_NANOS = Long.MAX_VALUE;

    private final ServerAddress address;
    private long connectNanos = TimeUnit.SECONDS.toNanos(5);
    private long handshakeNanos = TimeUnit.SECONDS.toNanos(10);
    private long closeNanos = TimeUnit.SECONDS.toNanos(2);
    private long peerNanos = TimeUnit.SECONDS.toNanos(20);
    private HostResolver resolver = host -> List.of(InetAddress.getAllByName(host));
    private byte @Nullable [] serverKey;
    private long backoffBaseNanos = TimeUnit.MILLISECONDS.toNanos(500);
    private long backoffCapNanos = TimeUnit.SECONDS.toNanos(30);
    private long giveUpNanos = FOR_EVER_NANOS;
    private boolean newSessionWhenGone;
    private QueueBounds sending = new QueueBounds(1024, 16L << 20);
    private SendPolicy policy = SendPolicy.WAIT;
    private QueueBounds receiving = new QueueBounds(1024, 16L << 20);
    private int maxFrameBytes = Limits.DEFAULT_MAX_FRAME_BYTES;
    private ClientListener listener = new ClientListener() {};
    private @Nullable PacketHandler onData;
    private @Nullable SessionState state;
    private @Nullable ThreadFactory threads;
    private Environment environment = Environment.system();

    ClientBuilder(ServerAddress address) {
        this.address = address;
    }

    /**
     * Limits the time to get a TCP connection, for all addresses of the server's name together. They are dialled in
     * turn: the next one when the one before has failed, or has not answered for 250 ms. The address that worked last
     * comes first. The look-up of the name is not included; its limits are those of the {@linkplain #resolver
     * resolver}.
     *
     * @param timeout more than 0; 5 s by default
     * @return this
     */
    public ClientBuilder connectTimeout(Duration timeout) {
        connectNanos = positive("connectTimeout", timeout);
        return this;
    }

    /**
     * Limits the time that the whole handshake may take, even if the server keeps sending single bytes.
     *
     * @param timeout more than 0; 10 s by default
     * @return this
     */
    public ClientBuilder handshakeTimeout(Duration timeout) {
        handshakeNanos = positive("handshakeTimeout", timeout);
        return this;
    }

    /**
     * Limits the time that {@link VoltlaneClient#close()} spends on sending the packets that wait and on ending the
     * connection in good order.
     *
     * @param timeout more than 0; 2 s by default
     * @return this
     */
    public ClientBuilder closeTimeout(Duration timeout) {
        closeNanos = positive("closeTimeout", timeout);
        return this;
    }

    /**
     * Sets how long the server may acknowledge nothing of what was sent, or be silent on an idle link, before the
     * client drops the link and makes a new one. Set it longer than the longest network outage that a link should
     * outlive.
     *
     * <p>A server that is alive but does not read is not given up, since its kernel still answers. On Linux the client
     * can tell: while sent data is unacknowledged, it looks at {@code /proc/net/tcp} about once a second, on the JDK's
     * common pool (less often on a machine with very many sockets). TCP keepalive detects a dead idle link, which takes
     * at least 4 s. On other systems the client can't look. There a link counts as lost when a write has been stuck for
     * six times this timeout and nothing was received either; if no write is stuck, the operating system's own limits
     * apply (minutes).
     *
     * @param timeout more than 0; 20 s by default. A timeout of years disables the check
     * @return this
     */
    public ClientBuilder peerTimeout(Duration timeout) {
        peerNanos = positive("peerTimeout", timeout);
        return this;
    }

    /**
     * Sets the resolver that looks up the server's name before each dial. The default is
     * {@link InetAddress#getAllByName}, which caches addresses for 30 s and failures for 10 s. If your servers move
     * faster, set the security properties {@code networkaddress.cache.ttl} and
     * {@code networkaddress.cache.negative.ttl} (see {@link InetAddress}), or use a resolver of your own.
     *
     * @param lookUp called by the thread that dials, see {@link HostResolver#resolve}
     * @return this
     */
    public ClientBuilder resolver(HostResolver lookUp) {
        resolver = lookUp;
        return this;
    }

    /**
     * Pins the server's public key: a server that shows another key is refused at once ({@link ServerKeyException}).
     * Without a pin, the client trusts the first server that it meets, and remembers its key as part of the session
     * state. A client that reconnects then ends once it has been shown another key five times.
     *
     * <p>The key is public, so a server does not prove its identity by showing it. A resume also demands a challenge,
     * but in version 2 of the protocol an attacker on the path can obtain one in advance and answer in the server's
     * place. See {@code docs/CLIENT.md}.
     *
     * @param sec1 a point of secp256k1 in SEC1 form, 33 bytes (or 65, uncompressed)
     * @return this
     */
    public ClientBuilder serverKey(byte[] sec1) {
        try {
            serverKey = PublicKeys.validate(sec1);
        } catch (InvalidKeyException e) {
            throw new IllegalArgumentException("serverKey: " + e.getMessage(), e);
        }
        return this;
    }

    /**
     * Sets the waits between attempts to reconnect. Each wait is random, between 0 and a bound. The bound starts at
     * {@code base} and doubles with each attempt up to {@code cap}. It starts over only after a link has lived for 5 s.
     *
     * @param base more than 0; 0.5 s by default
     * @param cap not less than {@code base}; 30 s by default
     * @return this
     */
    public ClientBuilder backoff(Duration base, Duration cap) {
        long baseNanos = positive("backoff base", base);
        long capNanos = positive("backoff cap", cap);
        if (capNanos < baseNanos) {
            throw new IllegalArgumentException(
                    "backoff cap: " + cap + " (expected: not less than the base, " + base + ")");
        }
        backoffBaseNanos = baseNanos;
        backoffCapNanos = capNanos;
        return this;
    }

    /**
     * Limits the time that the client tries to reconnect while the server can't be reached, does not answer, or is not
     * a Voltlane server. After that the client ends, with the reason of its last attempt. Without this call it tries
     * for ever.
     *
     * @param limit more than 0
     * @return this
     */
    public ClientBuilder giveUpAfter(Duration limit) {
        giveUpNanos = positive("giveUpAfter", limit);
        return this;
    }

    /**
     * Lets the client open a new session, under a new id, when the old one is gone. {@link ClientListener#sessionGone}
     * and {@link ClientListener#connected} tell your program about it. Without this setting the client ends.
     *
     * @param allowed false by default
     * @return this
     */
    public ClientBuilder newSessionWhenGone(boolean allowed) {
        newSessionWhenGone = allowed;
        return this;
    }

    /**
     * Bounds the packets that wait to be sent, and says what {@code send} does at the bound.
     *
     * @param maxPackets at least 1; 1024 by default
     * @param maxBytes of payload, at least 1; 16 MiB by default. One packet always fits into an empty buffer
     * @param atBound {@link SendPolicy#WAIT} by default
     * @return this
     */
    public ClientBuilder sendBuffer(int maxPackets, long maxBytes, SendPolicy atBound) {
        sending = bounds(maxPackets, maxBytes);
        policy = atBound;
        return this;
    }

    /**
     * Bounds the packets that wait to be received. At the bound the client stops reading, so TCP holds the server back.
     * A server that is set to do so then ends the session ("Buffer overflow"). The client itself drops nothing.
     *
     * @param maxPackets at least 1; 1024 by default
     * @param maxBytes of payload, at least 1; 16 MiB by default. One packet always fits into an empty buffer
     * @return this
     */
    public ClientBuilder receiveBuffer(int maxPackets, long maxBytes) {
        receiving = bounds(maxPackets, maxBytes);
        return this;
    }

    /**
     * Sets the longest packet in either direction; use the server's setting. A longer packet from the server ends the
     * client ({@link ProtocolViolationException}); {@code send} refuses a longer packet.
     *
     * @param maxBytes 1 to 1 GiB; 8 388 599 by default, as in the server
     * @return this
     */
    public ClientBuilder maxFrameBytes(int maxBytes) {
        if (maxBytes < 1 || maxBytes > 1 << 30) {
            throw new IllegalArgumentException("maxFrameBytes: " + maxBytes + " (expected: 1 to " + (1 << 30) + ")");
        }
        maxFrameBytes = maxBytes;
        return this;
    }

    /**
     * Sets the listener that is told what happens to the session.
     *
     * @param listener see {@link ClientListener} for the thread that calls it
     * @return this
     */
    public ClientBuilder listener(ClientListener listener) {
        this.listener = listener;
        return this;
    }

    /**
     * Sets a handler that is given each packet as it comes, instead of {@link VoltlaneClient#receive()}. The thread
     * that calls the {@link #listener} calls it, under the same rules. While the handler is busy, nothing is read from
     * the server.
     *
     * @param handler is given one packet at a time
     * @return this
     */
    public ClientBuilder onData(PacketHandler handler) {
        onData = handler;
        return this;
    }

    /**
     * Resumes the session of an earlier client instead of opening a new one. The server has to show the key that is in
     * the state.
     *
     * @param exported from {@link VoltlaneClient#exportState()}
     * @return this
     */
    public ClientBuilder importState(SessionState exported) {
        state = exported;
        return this;
    }

    /**
     * Sets the factory of the client's two threads, which run for as long as the client lives. By default they are
     * platform daemon threads. With thousands of clients in one process, use virtual threads
     * ({@code Thread.ofVirtual().factory()}); a round trip then takes some tens of microseconds longer.
     *
     * @param factory called twice for each client
     * @return this
     */
    public ClientBuilder threads(ThreadFactory factory) {
        threads = factory;
        return this;
    }

    /** Replaces clock and randomness, for tests. */
    ClientBuilder environment(Environment replaced) {
        environment = replaced;
        return this;
    }

    /**
     * Opens a session, or resumes the imported one. Makes one attempt, and fails if that attempt fails. There is one
     * exception: a server that refuses to resume is asked five times, with waits in between, before the session counts
     * as gone.
     *
     * @return a client that has its session
     * @throws UnreachableException if no connection can be made
     * @throws HandshakeTimeoutException if the server falls silent
     * @throws HungUpException if the server hangs up
     * @throws ProtocolViolationException if the answer does not come from a Voltlane server
     * @throws ServerKeyException if the server has another key than expected
     * @throws SessionGoneException if the imported session is gone, and {@link #newSessionWhenGone} is not set
     * @throws ClientException the common type of all of these
     * @throws InterruptedException if this thread is interrupted; no connection is left behind
     */
    public VoltlaneClient connect() throws ClientException, InterruptedException {
        Options options = options();
        Connector connector = new Connector(address, resolver, options.timeouts(), environment.secureRandom());
        Backoff backoff = new Backoff(backoffBaseNanos, backoffCapNanos, environment.chance());
        Connected first = first(connector, backoff);
        boolean started = false;
        try {
            VoltlaneClient client = VoltlaneClient.start(options, connector, environment, backoff, first);
            started = true;
            return client;
        } finally {
            if (!started) {
                first.link().close();
            }
        }
    }

    private Connected first(Connector connector, Backoff backoff) throws ClientException, InterruptedException {
        BlockingConnect callbacks = new BlockingConnect(environment.time());
        SessionState known = state;
        try {
            if (known == null) {
                return connector.open(serverKey, callbacks);
            }
            if (serverKey != null && !Arrays.equals(serverKey, known.serverKey())) {
                throw ServerKeyException.of(serverKey, known.serverKey());
            }
            return new Reconnector(connector, RetryPolicy.none(), backoff, newSessionWhenGone, environment.time())
                    .run(known, environment.time().nowNanos(), callbacks);
        } catch (ClientException e) {
            // An interrupt closes the socket that the thread waits in, which looks like a failure of the connection.
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while connecting");
            }
            throw e;
        }
    }

    private Options options() {
        String name = "voltlane-client-" + COUNT.incrementAndGet();
        ThreadFactory factory = threads != null
                ? threads
                : body -> {
                    Thread thread = new Thread(body, name + (body instanceof Writer ? "-writer" : "-reader"));
                    thread.setDaemon(true);
                    return thread;
                };
        return new Options(
                new Options.Timeouts(connectNanos, handshakeNanos, closeNanos, peerNanos),
                new Options.Retry(
                        backoffBaseNanos, backoffCapNanos, giveUpNanos, newSessionWhenGone, serverKey != null),
                sending,
                policy,
                receiving,
                maxFrameBytes,
                listener,
                onData,
                factory);
    }

    private static QueueBounds bounds(int maxPackets, long maxBytes) {
        return new QueueBounds(positive("maxPackets", maxPackets), positive("maxBytes", maxBytes));
    }

    private static long positive(String name, long number) {
        if (number < 1) {
            throw new IllegalArgumentException(name + ": " + number + " (expected: at least 1)");
        }
        return number;
    }

    private static long positive(String name, Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(name + ": " + duration + " (expected: more than 0)");
        }
        try {
            return duration.toNanos();
        } catch (ArithmeticException longerThanAnybodyWaits) {
            return FOR_EVER_NANOS;
        }
    }
}
