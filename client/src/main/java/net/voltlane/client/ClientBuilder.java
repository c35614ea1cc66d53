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
import org.jspecify.annotations.Nullable;

/**
 * What a client is to be like; {@link #connect()} makes it. Every setting has a default that suits most programs. A
 * value that makes no sense is refused at once, with an {@link IllegalArgumentException} that says what is expected.
 *
 * <p>Not for several threads at once. May be used again for further clients.
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
    private Bounds sending = new Bounds(1024, 16L << 20);
    private SendPolicy policy = SendPolicy.WAIT;
    private Bounds receiving = new Bounds(1024, 16L << 20);
    private int maxFrameBytes = Limits.DEFAULT_MAX_FRAME_BYTES;
    private ClientListener listener = new ClientListener() {};
    private @Nullable PacketHandler onData;
    private @Nullable SessionState state;
    private @Nullable ThreadFactory threads;
    private Environment surroundings = Environment.real();

    ClientBuilder(ServerAddress address) {
        this.address = address;
    }

    /**
     * How long to wait for a TCP connection, all addresses of a name together. They are dialled in turn, the next one
     * when one fails or has not answered for 250 ms, the one that served last before all others. The look-up of a name
     * has limits of its own, set by the {@linkplain #resolver resolver}.
     *
     * @param timeout more than 0; 5 s by default
     * @return this
     */
    public ClientBuilder connectTimeout(Duration timeout) {
        connectNanos = positive("connectTimeout", timeout);
        return this;
    }

    /**
     * How long the handshake may take as a whole, however busily the server trickles.
     *
     * @param timeout more than 0; 10 s by default
     * @return this
     */
    public ClientBuilder handshakeTimeout(Duration timeout) {
        handshakeNanos = positive("handshakeTimeout", timeout);
        return this;
    }

    /**
     * How long {@link VoltlaneClient#close()} may spend on sending what waits and on taking leave of the server.
     *
     * @param timeout more than 0; 2 s by default
     * @return this
     */
    public ClientBuilder closeTimeout(Duration timeout) {
        closeNanos = positive("closeTimeout", timeout);
        return this;
    }

    /**
     * How long the server may leave unanswered what was sent, or be silent on an idle link, before the link counts as
     * lost and the client makes a new one. Set it longer than the worst hole in your network that a link should
     * outlive.
     *
     * <p>A server that lives and merely does not read is not given up: its kernel answers. The client knows that on
     * Linux, where it looks at {@code /proc/net/tcp} about once a second, for as long as something that was sent is
     * unanswered, on the JDK's common pool; on a machine with very many sockets it looks less often. An idle link is
     * found out by TCP keepalive, which takes 4 s at least. Elsewhere the client can't look: there a write that has
     * been stuck for six times this long, while nothing came either, counts as lost, and a packet that no write is
     * stuck behind is left to the system's own limits (minutes).
     *
     * @param timeout more than 0; 20 s by default. Years mean never
     * @return this
     */
    public ClientBuilder peerTimeout(Duration timeout) {
        peerNanos = positive("peerTimeout", timeout);
        return this;
    }

    /**
     * Looks the server's name up, anew for each dial. By default {@link InetAddress#getAllByName} does. That one caches
     * addresses for 30 s, and failures for 10 s; programs whose servers move faster set the security properties
     * {@code networkaddress.cache.ttl} and {@code networkaddress.cache.negative.ttl} (see {@link InetAddress}), or
     * bring a resolver of their own.
     *
     * @param lookUp called by the thread that dials; see there
     * @return this
     */
    public ClientBuilder resolver(HostResolver lookUp) {
        resolver = lookUp;
        return this;
    }

    /**
     * Pins the server's public key: a server that shows another one is refused at once ({@link ServerKeyException}).
     * Without it the first server is believed, and its key remembered for as long as the session state is; a client
     * that comes back then ends once five answers have shown another key.
     *
     * <p>The key is public, so that a server shows it is no proof that it is the one. A resume demands a challenge
     * besides, but version 2 of the protocol can't prevent that somebody on the path obtains one in advance and answers
     * in the server's place; {@code docs/CLIENT.md} says more.
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
     * How long to wait between attempts to come back: anything from 0 to a bound, by chance; the bound begins with
     * {@code base}, doubles each time up to {@code cap}, and begins anew only after a link has lived for 5 s.
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
     * How long to go on trying when the server can not be reached, does not answer, or what answers is none. The client
     * then ends with the reason of its last attempt. Until then, and without this call for ever, it comes back whenever
     * the server does.
     *
     * @param limit more than 0
     * @return this
     */
    public ClientBuilder giveUpAfter(Duration limit) {
        giveUpNanos = positive("giveUpAfter", limit);
        return this;
    }

    /**
     * Whether to open a new session, under a new id, where the old one is gone. Never in silence:
     * {@link ClientListener#sessionGone} and {@link ClientListener#connected} tell of it. Otherwise the client ends.
     *
     * @param allowed false by default
     * @return this
     */
    public ClientBuilder newSessionWhenGone(boolean allowed) {
        newSessionWhenGone = allowed;
        return this;
    }

    /**
     * How much may wait to be sent, with or without a link, and what happens then.
     *
     * @param maxPackets at least 1; 1024 by default
     * @param maxBytes of payload, at least 1; 16 MiB by default. One packet always fits into an empty buffer
     * @param atBound {@link SendPolicy#WAIT} by default
     * @return this
     */
    public ClientBuilder sendBuffer(int maxPackets, long maxBytes, SendPolicy atBound) {
        sending = new Bounds(maxPackets, maxBytes);
        policy = atBound;
        return this;
    }

    /**
     * How much may wait to be received. When it is full the client stops reading, and TCP holds the server back; one
     * that minds may end the session ("Buffer overflow"). Nothing is dropped here.
     *
     * @param maxPackets at least 1; 1024 by default
     * @param maxBytes of payload, at least 1; 16 MiB by default. One packet always fits into an empty buffer
     * @return this
     */
    public ClientBuilder receiveBuffer(int maxPackets, long maxBytes) {
        receiving = new Bounds(maxPackets, maxBytes);
        return this;
    }

    /**
     * The longest packet, either way; has to be what the server is set to. A longer one from the server ends the client
     * ({@link ProtocolViolationException}), a longer one to be sent is refused.
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
     * Who hears of the session's fate.
     *
     * @param listener see there for the rules of its thread
     * @return this
     */
    public ClientBuilder listener(ClientListener listener) {
        this.listener = listener;
        return this;
    }

    /**
     * Who gets the packets, as they come, instead of {@link VoltlaneClient#receive()}. Called by the same thread as
     * {@link #listener}, under the same rules. While it is busy nothing is read from the server.
     *
     * @param handler takes one packet at a time
     * @return this
     */
    public ClientBuilder onData(PacketHandler handler) {
        onData = handler;
        return this;
    }

    /**
     * Resumes a session of an earlier client instead of opening a new one. The server has to have the key that the
     * state knows.
     *
     * @param exported what {@link VoltlaneClient#exportState()} gave
     * @return this
     */
    public ClientBuilder importState(SessionState exported) {
        state = exported;
        return this;
    }

    /**
     * Makes the client's two threads; they run for as long as the client lives. By default they are daemon threads of
     * the platform. Where there are thousands of clients in one process, take virtual threads
     * ({@code Thread.ofVirtual().factory()}); a round trip then takes some tens of microseconds longer.
     *
     * @param factory called twice for each client
     * @return this
     */
    public ClientBuilder threads(ThreadFactory factory) {
        threads = factory;
        return this;
    }

    /** For tests. */
    ClientBuilder surroundings(Environment replaced) {
        surroundings = replaced;
        return this;
    }

    /**
     * Connects: opens a session, or resumes the imported one. Makes one attempt, and fails at once if that does; only a
     * server that refuses a resume is asked five times, waiting in between, before the session counts as gone.
     *
     * @return a client that has its session
     * @throws UnreachableException if no connection can be made
     * @throws HandshakeTimeoutException if the server falls silent
     * @throws HungUpException if the server hangs up
     * @throws ProtocolViolationException if what answers is no Voltlane server
     * @throws ServerKeyException if the server has another key than expected
     * @throws SessionGoneException if the imported session is gone, and a new one is not
     *     {@linkplain #newSessionWhenGone allowed}
     * @throws ClientException the common type of all of these
     * @throws InterruptedException if this thread is interrupted; no connection is left behind
     */
    public VoltlaneClient connect() throws ClientException, InterruptedException {
        Options options = options();
        Connector connector = new Connector(address, resolver, options.timeouts(), surroundings.secureRandom());
        Backoff backoff = new Backoff(backoffBaseNanos, backoffCapNanos, surroundings.chance());
        Connected first = first(options, connector, backoff);
        boolean started = false;
        try {
            VoltlaneClient client = VoltlaneClient.start(options, connector, surroundings, backoff, first);
            started = true;
            return client;
        } finally {
            if (!started) {
                first.link().close();
            }
        }
    }

    private Connected first(Options options, Connector connector, Backoff backoff)
            throws ClientException, InterruptedException {
        WaitingProgram host = new WaitingProgram(surroundings.time());
        SessionState known = state;
        try {
            if (known == null) {
                return connector.open(serverKey, host);
            }
            if (serverKey != null && !Arrays.equals(serverKey, known.serverKey())) {
                throw ServerKeyException.of(serverKey, known.serverKey());
            }
            return new Reconnector(connector, RetryPolicy.none(), backoff, newSessionWhenGone, surroundings.time())
                    .run(known, surroundings.time().nowNanos(), host);
        } catch (ClientException e) {
            // An interrupt closes the socket that the thread waits in, and then looks like a failure of that.
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
