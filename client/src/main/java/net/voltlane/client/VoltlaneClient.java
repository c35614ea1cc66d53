package net.voltlane.client;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import net.voltlane.client.Connector.Connected;
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
 * <p>Packets arrive whole, in order, and at most once. A packet that was already on its way when a link broke can be
 * lost, as the protocol has no acknowledgements. If you have to know that a packet has arrived, let the other side
 * answer it.
 *
 * <p>Thread-safe: any thread, virtual threads included, may call any method at any time.
 */
public final class VoltlaneClient implements AutoCloseable {

    private final Options options;
    private final SendQueue sends;
    private final ReceiveQueue receives;
    private final ConnectionSupervisor supervisor;

    private VoltlaneClient(
            Options options, Connector connector, Environment environment, Backoff backoff, Connected first) {
        this.options = options;
        this.sends = new SendQueue(options.sending(), options.policy());
        this.receives = new ReceiveQueue(options.receiving());
        Events events = new Events(this, options.listener());
        ConnectionSupervisor.Queues queues = new ConnectionSupervisor.Queues(sends, receives);
        this.supervisor = new ConnectionSupervisor(options, connector, environment, queues, events, backoff, first);
    }

    /**
     * Connects with all settings at their defaults.
     *
     * @param server {@code host:port}; an IPv6 address may stand in brackets
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
     * @param server {@code host:port}; an IPv6 address may stand in brackets
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
     * Returns the state that another client needs to resume this session, for example after a restart of your program.
     * Close this client first, since only one client can hold the session. Packets that wait to be sent or received are
     * not part of the state.
     *
     * @return the state, which is a secret: see {@link SessionState}
     * @throws IllegalStateException if the session is gone
     */
    public SessionState exportState() {
        if (supervisor.isSessionGone()) {
            throw new IllegalStateException("the session is gone");
        }
        return supervisor.state();
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
     * Counts the packets that {@code send} accepted but did not write to a link in full. They were dropped for newer
     * ones ({@link SendPolicy#DROP_OLDEST}), or discarded because the session was gone or the client ended.
     *
     * @return the count since this client was created
     */
    public long discardedPackets() {
        return sends.discarded();
    }

    /**
     * Ends this client. If there is a link, sends the packets that wait, shuts the connection down in good order, and
     * releases socket and threads. The protocol has no way to end the session itself: the server keeps it until its
     * stale timeout is over, and until then an {@linkplain #exportState() exported state} can resume it.
     *
     * <p>Takes at most {@link ClientBuilder#closeTimeout} plus one second, unless a callback that is running takes
     * longer to return. Closing again, from any thread, is harmless. Called from a callback, it returns at once, and
     * the client ends when the callback returns. An interrupt ends the wait and stays set.
     */
    @Override
    public void close() {
        supervisor.close();
    }

    /** Returns the session's id as text, and nothing secret. */
    @Override
    public String toString() {
        return "VoltlaneClient[id=" + Long.toUnsignedString(sessionId()) + "]";
    }

    private void checkLength(int bytes) {
        if (bytes > options.maxFrameBytes()) {
            throw new IllegalArgumentException(
                    "packet of " + bytes + " bytes (expected: at most " + options.maxFrameBytes() + ")");
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
