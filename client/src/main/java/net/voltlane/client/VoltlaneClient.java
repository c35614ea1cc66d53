package net.voltlane.client;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import net.voltlane.client.Connector.Connected;
import net.voltlane.client.SendStore.Ending;
import net.voltlane.client.SendStore.Packet;
import net.voltlane.protocol.Frame;
import org.jspecify.annotations.Nullable;

/**
 * A client of a Voltlane server. It holds one session, which outlives the TCP connections that carry it.
 *
 * <pre>{@code
 * try (VoltlaneClient client = VoltlaneClient.connect("game.example.com:42000")) {
 *     client.send("hello".getBytes(UTF_8));
 *     byte[] answer = client.receive(Duration.ofSeconds(5));
 * }
 * }</pre>
 *
 * <p>When the link breaks, the client makes a new one and resumes its session. It does so by itself, and keeps trying
 * without a time limit by default. Packets that are sent meanwhile wait in a bounded buffer. Implement
 * {@link ClientListener} to be told about it, and change the defaults with {@link ClientBuilder}.
 *
 * <p>Packets arrive whole, in order, and once. In version 3 of the protocol, a packet is kept until the other side has
 * acknowledged it, and sent again when a link breaks: nothing is lost and nothing arrives twice, as long as the session
 * lives. In version 2, a packet that was already on its way when a link broke can be lost.
 *
 * <p>Thread-safe: any thread, virtual threads included, may call any method at any time.
 */
public final class VoltlaneClient implements AutoCloseable {

    private final Options options;
    private final SendQueue sends;
    private final ReceiveQueue receives;
    private final ConnectionSupervisor supervisor;

    /** True if somebody may resume the session, so that it must not be ended. */
    private volatile boolean exported;

    private VoltlaneClient(
            Options options, Connector connector, Environment environment, Backoff backoff, Connected first) {
        this.options = options;
        this.sends = new SendQueue(options.sending(), options.policy(), new Version2Sends(), environment.linkTime());
        this.receives = new ReceiveQueue(options.receiving(), sends::wakeWriter);
        Events events = new Events(this, options.listener());
        ConnectionSupervisor.Queues queues = new ConnectionSupervisor.Queues(sends, receives);
        this.supervisor = new ConnectionSupervisor(options, connector, environment, queues, events, backoff, first);
    }

    /**
     * Connects with all settings at their defaults.
     *
     * @param server {@code host:port}, {@code tls://host:port}, {@code unix:/path}, {@code ws://host:port/path} or
     *     {@code wss://host:port/path}; an IPv6 address may stand in brackets
     * @return a client that has its session
     * @throws IllegalArgumentException if {@code server} is not an address
     * @throws ClientException as in {@link ClientBuilder#connect()}
     * @throws InterruptedException if this thread is interrupted
     */
    public static VoltlaneClient connect(String server) throws ClientException, InterruptedException {
        return builder(server).connect();
    }

    /**
     * Returns a builder for a client with settings of your own.
     *
     * @param server {@code host:port}, {@code tls://host:port}, {@code unix:/path}, {@code ws://host:port/path} or
     *     {@code wss://host:port/path}; an IPv6 address may stand in brackets
     * @return a builder with all settings at their defaults
     * @throws IllegalArgumentException if {@code server} is not an address
     */
    public static ClientBuilder builder(String server) {
        return new ClientBuilder(ServerAddress.parse(server));
    }

    /**
     * Returns a builder for a client with settings of your own.
     *
     * @param host a name, an IPv4 address, or an IPv6 address without brackets
     * @param port 1 to 65535
     * @return a builder with all settings at their defaults
     * @throws IllegalArgumentException if {@code host} is no name or address, or {@code port} is out of range
     */
    public static ClientBuilder builder(String host, int port) {
        return new ClientBuilder(new ServerAddress(host, port));
    }

    /** Creates a client on its first link and starts its two threads. */
    static VoltlaneClient start(
            Options options, Connector connector, Environment environment, Backoff backoff, Connected first) {
        VoltlaneClient client = new VoltlaneClient(options, connector, environment, backoff, first);
        Thread writer =
                options.threads().newThread(new Writer(client.sends, client.supervisor::cut, client.supervisor::fail));
        Thread reader = options.threads().newThread(client.supervisor);
        boolean started = false;
        try {
            writer.start();
            reader.start();
            started = true;
        } finally {
            if (!started) {
                client.sends.end(new ClientClosedException("the client could not start its threads", null));
            }
        }
        return client;
    }

    /**
     * Puts a packet into the send buffer and returns. The client writes it as soon as it has a link.
     *
     * @param packet the payload, 0 bytes to {@link ClientBuilder#maxFrameBytes}; copied
     * @throws IllegalArgumentException if the packet is longer
     * @throws SendQueueFullException if the send buffer is full and the {@linkplain SendPolicy policy} says not to wait
     * @throws ClientException if the client has ended; {@link ClientException#reason()} says why
     * @throws InterruptedException if this thread is interrupted while it waits for room; the packet is not sent
     */
    public void send(byte[] packet) throws ClientException, SendQueueFullException, InterruptedException {
        checkLength(packet.length);
        sends.add(Frame.of(packet), !supervisor.isCallback());
    }

    /**
     * Sends a packet as {@link #send(byte[])} does, and returns a future that completes when the backend has it: the
     * server has acknowledged the packet. (With {@code master.protocol = 2}, the server acknowledges what it has queued
     * for the backend.) The future outlives lost connections. It fails with a {@link NotAcknowledgedException} when the
     * session or the client has ended; {@link NotAcknowledgedException#fate()} says what is known about the packet.
     *
     * <p>Actions that depend on the future run on the thread that reads from the server, under the rules of callbacks
     * ({@link ClientListener}). Cancelling it does not take the packet back.
     *
     * @param packet the payload, 0 bytes to {@link ClientBuilder#maxFrameBytes}; copied
     * @return a future of the acknowledgement
     * @throws IllegalStateException if the session is of version 2, which has no acknowledgements; the packet is not sent
     * @throws IllegalArgumentException if the packet is longer
     * @throws SendQueueFullException if the send buffer is full and the {@linkplain SendPolicy policy} says not to wait
     * @throws ClientException if the client has ended; {@link ClientException#reason()} says why
     * @throws InterruptedException if this thread is interrupted while it waits for room; the packet is not sent
     */
    public CompletableFuture<Void> sendAcknowledged(byte[] packet)
            throws ClientException, SendQueueFullException, InterruptedException {
        checkLength(packet.length);
        CompletableFuture<Void> acknowledged = new CompletableFuture<>();
        sends.add(new Packet(Frame.of(packet), acknowledged), !supervisor.isCallback());
        return acknowledged;
    }

    /**
     * Counts the packets that {@code send} accepted and the backend has not acknowledged. They are kept in the send
     * buffer, and sent again after a resume.
     *
     * @return the number at this moment; 0 in a session of version 2, which has no acknowledgements
     */
    public int unacknowledged() {
        return supervisor.session().unacknowledged();
    }

    /**
     * Returns the version of the protocol of the current session. It changes only with the session, and only if
     * {@link ClientBuilder#protocol} is {@link Protocol#AUTO}.
     *
     * @return {@link Protocol#V2} or {@link Protocol#V3}
     */
    public Protocol protocol() {
        return supervisor.session().version();
    }

    /**
     * Sends the bytes from the buffer's position to its limit, as {@link #send(byte[])} does. They are copied. The
     * position moves to the limit, or stays where it is if this method throws.
     *
     * @param packet the payload, 0 bytes to {@link ClientBuilder#maxFrameBytes}
     * @throws IllegalArgumentException if the packet is longer
     * @throws SendQueueFullException if the send buffer is full and the {@linkplain SendPolicy policy} says not to wait
     * @throws ClientException if the client has ended; {@link ClientException#reason()} says why
     * @throws InterruptedException if this thread is interrupted while it waits for room; the packet is not sent
     */
    public void send(ByteBuffer packet) throws ClientException, SendQueueFullException, InterruptedException {
        int length = packet.remaining();
        checkLength(length);
        ByteBuffer frame = ByteBuffer.allocate(Frame.PREFIX_BYTES + length).order(ByteOrder.LITTLE_ENDIAN);
        frame.putInt(length).put(packet.duplicate());
        sends.add(frame.array(), !supervisor.isCallback());
        packet.position(packet.limit());
    }

    /**
     * Receives the next packet. Waits without a time limit, also while the client has no link.
     *
     * @return the payload, a fresh array
     * @throws ClientException if the client has ended and all packets that came before were received
     * @throws InterruptedException if this thread is interrupted while it waits; no packet is lost
     * @throws IllegalStateException if packets go to {@link ClientBuilder#onData}, or if called from a callback: the
     *     next packet is not read before the callback returns
     */
    public byte[] receive() throws ClientException, InterruptedException {
        checkReceiver();
        return receives.take();
    }

    /**
     * Receives the next packet, or gives up after a timeout.
     *
     * @param timeout the longest wait; 0 takes a packet only if one is there
     * @return the payload, a fresh array; null if no packet came in time
     * @throws ClientException if the client has ended and all packets that came before were received
     * @throws InterruptedException if this thread is interrupted while it waits; no packet is lost
     * @throws IllegalStateException if packets go to {@link ClientBuilder#onData}, or if called from a callback: the
     *     next packet is not read before the callback returns
     */
    public byte @Nullable [] receive(Duration timeout) throws ClientException, InterruptedException {
        checkReceiver();
        return receives.take(nanos(timeout));
    }

    /**
     * Returns the id of the current session. It changes only if {@link ClientBuilder#newSessionWhenGone} is set.
     *
     * @return a u64, to be read as unsigned
     */
    public long sessionId() {
        return supervisor.state().sessionId();
    }

    /**
     * Tells whether the client has a link at this moment, as far as it knows.
     *
     * @return false while the session is suspended and after the client has ended
     */
    public boolean isConnected() {
        return supervisor.isLive();
    }

    /**
     * Returns the state that another client needs to resume this session, without packets that wait to be sent or are
     * not acknowledged. Use {@link #closeAndExport} where you can: in version 3 the state is good only as long as no
     * further packet is received or acknowledged. After this call, {@link #close()} does not end the session.
     *
     * @return the state, which is a secret: see {@link SessionState}
     * @throws IllegalStateException if the session is gone
     */
    public SessionState exportState() {
        return export(false);
    }

    /**
     * Ends this client as {@link #close()} does, but keeps the session at the server, and returns the state with which
     * another client can resume it: after a restart of your program, for example. In version 3, packets that your program
     * has not taken yet come again to the client that resumes; {@code receive} does not return them any more.
     *
     * @param unacknowledged whether the state includes the packets that the backend has not acknowledged, so that they are
     *     sent again. Without them, what is not acknowledged within {@link ClientBuilder#closeTimeout} may be lost
     * @return the state, which is a secret: see {@link SessionState}
     * @throws IllegalStateException if the session is gone, or if called from a callback
     */
    public SessionState closeAndExport(boolean unacknowledged) {
        if (supervisor.isCallback()) {
            throw new IllegalStateException("a callback can't wait for the client to end");
        }
        supervisor.close(Ending.SHUT, !unacknowledged);
        supervisor.awaitEnd();
        supervisor.session().forgetUntaken();
        return export(unacknowledged);
    }

    private SessionState export(boolean unacknowledged) {
        if (supervisor.isSessionGone()) {
            throw new IllegalStateException("the session is gone");
        }
        exported = true;
        return supervisor.session().export(supervisor.state(), unacknowledged);
    }

    /**
     * Drops the link and resumes the session on a new one at once. Call this when your program knows that the link is
     * bad: the device has changed networks, or an expected answer does not come. While the session is suspended, this
     * ends the wait before the next attempt.
     *
     * <p>The client notices by itself when the server has vanished, after {@link ClientBuilder#peerTimeout}. If you
     * can't wait that long, let the other side answer your packets, and call this method when an answer is late.
     */
    public void reconnect() {
        supervisor.reconnect();
    }

    /**
     * Counts the packets that {@code send} accepted and that were given up: dropped for newer ones
     * ({@link SendPolicy#DROP_OLDEST}), or discarded because the session was gone or the client ended. In version 3 they
     * were not acknowledged; in version 2 they were not written to a link in full.
     *
     * @return the count since this client was created
     */
    public long discardedPackets() {
        return sends.discarded();
    }

    /**
     * Returns the state of the session that was given up last, with the packets that were not acknowledged. A server had
     * said, without a proof, that this session is over, and {@link ClientBuilder#newSessionWhenGone} has replaced it. If
     * you doubt that, you can try to resume it with another client.
     *
     * @return null if there is none, or if the server's waiting time for it is over
     */
    public @Nullable SessionState givenUpState() {
        return supervisor.givenUp();
    }

    /**
     * Ends this client and its session. Waits until the backend has acknowledged everything that was sent, resuming the
     * session for that if it has to; then tells the server that the session is over, and releases socket and threads. If
     * the {@linkplain #exportState() state was exported}, the session stays at the server until its stale timeout is
     * over.
     *
     * <p>Version 2 of the protocol has no acknowledgements, and no way to end the session: the packets that wait are sent
     * if there is a link, and the server keeps the session until its stale timeout is over.
     *
     * <p>Takes at most {@link ClientBuilder#closeTimeout} plus two seconds, unless a callback that is running takes
     * longer to return. Closing again, from any thread, is harmless. Called from a callback, it returns at once, and
     * the client ends when the callback returns. An interrupt ends the wait and stays set.
     */
    @Override
    public void close() {
        supervisor.close(exported ? Ending.SHUT : Ending.LEAVE, true);
    }

    /** Returns the session's id as text, and nothing secret. */
    @Override
    public String toString() {
        return "VoltlaneClient[id=" + Long.toUnsignedString(sessionId()) + "]";
    }

    private void checkLength(int bytes) {
        long most = Math.min(options.maxFrameBytes(), supervisor.session().maxPayloadBytes());
        if (bytes > most) {
            throw new IllegalArgumentException("packet of " + bytes + " bytes (expected: at most " + most + ")");
        }
    }

    private void checkReceiver() {
        if (options.onData() != null) {
            throw new IllegalStateException("packets go to onData");
        }
        if (supervisor.isCallback()) {
            throw new IllegalStateException("a callback can't wait for a packet: packets wait for it to return");
        }
    }

    private static long nanos(Duration timeout) {
        try {
            return timeout.toNanos();
        } catch (ArithmeticException longerThanAnybodyWaits) {
            return timeout.isNegative() ? 0 : Long.MAX_VALUE;
        }
    }
}
