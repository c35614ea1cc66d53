package net.voltlane.client;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import net.voltlane.client.Connector.Connected;
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

    private final List<ServerAddress> servers = new ArrayList<>();
    private long connectNanos = TimeUnit.SECONDS.toNanos(5);
    private long handshakeNanos = TimeUnit.SECONDS.toNanos(10);
    private long closeNanos = TimeUnit.SECONDS.toNanos(2);
    private long peerNanos = TimeUnit.SECONDS.toNanos(20);
    private HostResolver resolver = host -> List.of(InetAddress.getAllByName(host));
    private ServerPins pins = ServerPins.NONE;
    private Protocol protocol = Protocol.AUTO;
    private int heartbeatSecs;
    private byte[] credentials = {};
    private ClientTls tls = ClientTls.system();
    private long backoffBaseNanos = TimeUnit.MILLISECONDS.toNanos(500);
    private long backoffCapNanos = TimeUnit.SECONDS.toNanos(30);
    private long giveUpNanos = Settings.FOR_EVER_NANOS;
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
        servers.add(address);
    }

    /**
     * Adds servers that share their sessions with the first one through a store. The client uses one of them. It goes on to
     * the next, and after the last to the first, when it can't be reached, refuses, or asks its clients to leave. A server
     * that asks may name another, which comes first then.
     *
     * @param more addresses as for {@link VoltlaneClient#builder(String)}, in the order in which they are tried
     * @return this
     * @throws IllegalArgumentException if one is no address
     */
    public ClientBuilder alternatives(String... more) {
        for (String server : more) {
            servers.add(ServerAddress.parse(server));
        }
        return this;
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
        connectNanos = Settings.positive("connectTimeout", timeout);
        return this;
    }

    /**
     * Limits the time that the whole handshake may take, even if the server keeps sending single bytes.
     *
     * @param timeout more than 0; 10 s by default
     * @return this
     */
    public ClientBuilder handshakeTimeout(Duration timeout) {
        handshakeNanos = Settings.positive("handshakeTimeout", timeout);
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
        closeNanos = Settings.positive("closeTimeout", timeout);
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
        peerNanos = Settings.positive("peerTimeout", timeout);
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
     * <p>A server has one key for each version of the protocol: 32 bytes of X25519 for version 3, 33 bytes of secp256k1
     * for version 2. Call this method twice to pin both. With {@link Protocol#AUTO}, the client speaks only the versions
     * for which a key is pinned.
     *
     * <p>The key is public, so a server does not prove its identity by showing it. In version 3, the server proves it at
     * the first resume. In version 2, an attacker on the path can obtain a challenge in advance and answer in the
     * server's place. See {@code docs/CLIENT.md}.
     *
     * @param key 32 bytes of X25519; or a point of secp256k1 in SEC1 form, 33 bytes (or 65, uncompressed)
     * @return this
     */
    public ClientBuilder serverKey(byte[] key) {
        pins = pins.with(key);
        return this;
    }

    /**
     * Sets the version of the protocol for new sessions. A session that is resumed keeps the version that opened it.
     *
     * @param version {@link Protocol#AUTO} by default
     * @return this
     */
    public ClientBuilder protocol(Protocol version) {
        protocol = version;
        return this;
    }

    /**
     * Asks the server for a heartbeat: the longest time in which the client sends nothing, and half of the time after
     * which both sides take a silent connection for lost. The server answers with the nearest that it allows, by default
     * 5 to 300 s. Only for version 3.
     *
     * @param wish 0 to 65535 whole seconds; 0, the default, leaves it to the server
     * @return this
     */
    public ClientBuilder heartbeat(Duration wish) {
        heartbeatSecs = Settings.seconds("heartbeat", wish);
        return this;
    }

    /**
     * Sets bytes for the backend, such as a token: it gets them with the session, before the first packet. They are sent
     * with each new session, not at a resume, and travel in the clear unless the address has TLS. They need version 3: with {@link Protocol#AUTO},
     * a server of version 2 is refused.
     *
     * @param bytes 0 to 4096 bytes; copied
     * @return this
     */
    public ClientBuilder credentials(byte[] bytes) {
        Settings.between("credentials", 0, bytes.length, Limits.MAX_CREDENTIALS_BYTES);
        credentials = bytes.clone();
        return this;
    }

    /**
     * Sets which server is trusted, and which certificate the client shows, for addresses with TLS.
     *
     * @param settings {@link ClientTls#system()} by default
     * @return this
     */
    public ClientBuilder tls(ClientTls settings) {
        tls = settings;
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
        long baseNanos = Settings.positive("backoff base", base);
        long capNanos = Settings.positive("backoff cap", cap);
        Settings.notLess("backoff cap", cap, "the base", base);
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
        giveUpNanos = Settings.positive("giveUpAfter", limit);
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
        sending = Settings.bounds(maxPackets, maxBytes);
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
        receiving = Settings.bounds(maxPackets, maxBytes);
        return this;
    }

    /**
     * Sets the longest packet in either direction; use the server's setting. A longer packet from the server ends the
     * client ({@link ProtocolViolationException}); {@code send} refuses a longer packet. In version 3, the client accepts
     * packets of at least 8 MiB, and {@code send} also refuses what is longer than the server allows.
     *
     * @param maxBytes 1 to 1 GiB; 8 388 599 by default, as in the server
     * @return this
     */
    public ClientBuilder maxFrameBytes(int maxBytes) {
        maxFrameBytes = Settings.between("maxFrameBytes", 1, maxBytes, 1 << 30);
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
     * the state. If the session is gone and {@link #newSessionWhenGone} is set, the packets in the state are not sent.
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
     * @throws ServerCertificateException if the server's certificate is not trusted, or is that of another host
     * @throws TlsException if client and server do not agree on TLS
     * @throws ClosedByServerException if a server of version 3 refuses, for a reason that it names
     * @throws GapException if packets of the imported session are missing
     * @throws IllegalStateException if settings contradict each other: credentials or a pinned key, and the version
     * @throws SessionGoneException if the imported session is gone, and {@link #newSessionWhenGone} is not set
     * @throws ClientException the common type of all of these
     * @throws InterruptedException if this thread is interrupted; no connection is left behind
     */
    public VoltlaneClient connect() throws ClientException, InterruptedException {
        Options options = options();
        Versions versions = new Versions(protocol, pins, heartbeatSecs, credentials, environment.memory());
        versions.check();
        int maxMessageBytes = Math.max(maxFrameBytes, Version3Session.MIN_DATA_LIMIT_BYTES) + 1;
        Layers layers = new Layers(servers.get(0), tls, environment.secureRandom(), maxMessageBytes);
        Connector connector = new Connector(
                layers, new ServerChoice(servers), resolver, options.timeouts(), environment.secureRandom(), versions);
        Backoff backoff = new Backoff(backoffBaseNanos, backoffCapNanos, environment.chance());
        Connected first =
                new FirstConnection(connector, pins, backoff, newSessionWhenGone, environment.time()).make(state);
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

    private Options options() {
        return new Options(
                new Options.Timeouts(connectNanos, handshakeNanos, closeNanos, peerNanos),
                new Options.Retry(backoffBaseNanos, backoffCapNanos, giveUpNanos, newSessionWhenGone, !pins.isEmpty()),
                sending,
                policy,
                receiving,
                maxFrameBytes,
                listener,
                onData,
                threads == null ? new ClientThreads() : threads);
    }
}
