package net.voltlane.client;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import net.voltlane.client.Connector.Connected;
import net.voltlane.protocol.Frame;
import org.jspecify.annotations.Nullable;

/**
 * A client of a Voltlane server: a session to send and receive packets in, which outlives the connections that carry
 * it.
 *
 * <pre>{@code
 * try (VoltlaneClient client = VoltlaneClient.connect("game.example.com:42000")) {
 *     client.send("hello".getBytes(UTF_8));
 *     byte[] answer = client.receive(Duration.ofSeconds(5));
 * }
 * }</pre>
 *
 * <p>When a link breaks the client makes a new one and resumes its session, by itself and for as long as it takes; what
 * is sent meanwhile waits in a bounded buffer. What a program may want to know of that, {@link ClientListener} tells;
 * what it may want to have otherwise, {@link ClientBuilder} sets.
 *
 * <p>Packets arrive in order, whole, and once. What can be lost is what a link had already swallowed when it broke: the
 * protocol has no acknowledgements. A program that has to know that something has arrived lets the other side say so.
 *
 * <p>Any thread, virtual ones included, may call any method at any time.
 */
public final class VoltlaneClient implements AutoCloseable {

    private final Options options;
    private final SendQueue sends;
    private final ReceiveQueue receives;
    private final ConnectionSupervisor keeper;

    private VoltlaneClient(
            Options options, Connector connector, Environment surroundings, Backoff backoff, Connected first) {
        this.options = options;
        this.sends = new SendQueue(options.sending(), options.policy());
        this.receives = new ReceiveQueue(options.receiving());
        Events events = new Events(this, options.listener());
        this.keeper =
                new ConnectionSupervisor(options, connector, surroundings, sends, receives, events, backoff, first);
    }

    /**
     * Connects with all settings at their defaults.
     *
     * @param server {@code host:port}; an IPv6 address may stand in brackets
     * @return a client that has its session
     * @throws IllegalArgumentException if that is not an address
     * @throws ClientException as {@link ClientBuilder#connect()}
     * @throws InterruptedException if this thread is interrupted
     */
    public static VoltlaneClient connect(String server) throws ClientException, InterruptedException {
        return builder(server).connect();
    }

    /**
     * A client with settings.
     *
     * @param server {@code host:port}; an IPv6 address may stand in brackets
     * @return the settings, all at their defaults
     * @throws IllegalArgumentException if that is not an address
     */
    public static ClientBuilder builder(String server) {
        return new ClientBuilder(ServerAddress.parse(server));
    }

    /**
     * A client with settings.
     *
     * @param host a name, an IPv4 address, or an IPv6 address without brackets
     * @param port 1 to 65535
     * @return the settings, all at their defaults
     * @throws IllegalArgumentException if these are out of range
     */
    public static ClientBuilder builder(String host, int port) {
        return new ClientBuilder(new ServerAddress(host, port));
    }

    /** Starts the two threads of a client whose first link is made. */
    static VoltlaneClient start(
            Options options, Connector connector, Environment surroundings, Backoff backoff, Connected first) {
        VoltlaneClient client = new VoltlaneClient(options, connector, surroundings, backoff, first);
        Thread writer = options.threads().newThread(new Writer(client.sends, client.keeper::cut, client.keeper::fail));
        Thread reader = options.threads().newThread(client.keeper);
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
     * Sends a packet: returns when it is in the send buffer, from where it goes out with whatever else waits there.
     * Without a link it stays there until there is one.
     *
     * @param packet the payload, 0 bytes to {@link ClientBuilder#maxFrameBytes}; copied
     * @throws IllegalArgumentException if it is longer
     * @throws SendQueueFullException if there is no room and the {@linkplain SendPolicy policy} says so
     * @throws ClientException if the client has ended; {@link ClientException#reason()} says why
     * @throws InterruptedException if this thread is interrupted while it waits for room; the packet is not sent
     */
    public void send(byte[] packet) throws ClientException, SendQueueFullException, InterruptedException {
        checkLength(packet.length);
        sends.add(Frame.of(packet), !keeper.isCallback());
    }

    /**
     * As {@link #send(byte[])}, with the bytes from position to limit. They are copied, and the position moves to the
     * limit; where this throws, it stays.
     *
     * @param packet the payload, 0 bytes to {@link ClientBuilder#maxFrameBytes}
     * @throws IllegalArgumentException if it is longer
     * @throws SendQueueFullException if there is no room and the {@linkplain SendPolicy policy} says so
     * @throws ClientException if the client has ended; {@link ClientException#reason()} says why
     * @throws InterruptedException if this thread is interrupted while it waits for room; the packet is not sent
     */
    public void send(ByteBuffer packet) throws ClientException, SendQueueFullException, InterruptedException {
        int length = packet.remaining();
        checkLength(length);
        ByteBuffer frame = ByteBuffer.allocate(Frame.PREFIX_BYTES + length).order(ByteOrder.LITTLE_ENDIAN);
        frame.putInt(length).put(packet.duplicate());
        sends.add(frame.array(), !keeper.isCallback());
        packet.position(packet.limit());
    }

    /**
     * Receives a packet, waiting for as long as it takes, through losses of the link too.
     *
     * @return the payload, a fresh array
     * @throws ClientException if the client has ended and everything that came before was received
     * @throws InterruptedException if this thread is interrupted while it waits; no packet is lost
     * @throws IllegalStateException if packets go to {@link ClientBuilder#onData}, or in a callback, which the next
     *     packet would wait for
     */
    public byte[] receive() throws ClientException, InterruptedException {
        checkReceiver();
        return receives.take();
    }

    /**
     * Receives a packet.
     *
     * @param timeout how long to wait at most; 0 takes what is there
     * @return the payload, a fresh array; null if none came in time
     * @throws ClientException if the client has ended and everything that came before was received
     * @throws InterruptedException if this thread is interrupted while it waits; no packet is lost
     * @throws IllegalStateException if packets go to {@link ClientBuilder#onData}, or in a callback, which the next
     *     packet would wait for
     */
    public byte @Nullable [] receive(Duration timeout) throws ClientException, InterruptedException {
        checkReceiver();
        return receives.take(nanos(timeout));
    }

    /**
     * The id of the present session. It changes only where {@link ClientBuilder#newSessionWhenGone} allows that.
     *
     * @return a u64, to be read as unsigned
     */
    public long sessionId() {
        return keeper.state().sessionId();
    }

    /**
     * Whether there is a link at this moment, as far as is known.
     *
     * @return false while suspended and after the end
     */
    public boolean isConnected() {
        return keeper.isLive();
    }

    /**
     * What another client needs to resume this session, even after a restart of the program. Close this one first: of
     * two clients with one state only one can have the session. What waits to be sent or received is not part of it.
     *
     * @return a secret, see there
     * @throws IllegalStateException if the session is gone
     */
    public SessionState exportState() {
        if (keeper.isGone()) {
            throw new IllegalStateException("the session is gone");
        }
        return keeper.state();
    }

    /**
     * Gives the present link up and resumes over a new one, without a wait. For a program that knows better: the device
     * has changed networks, or an expected answer does not come. While suspended it cuts the present wait short.
     *
     * <p>A server that is gone without a word is found out by the client itself, see {@link ClientBuilder#peerTimeout}.
     * A program that can't wait so long should expect answers, and call this when they do not come.
     */
    public void reconnect() {
        keeper.reconnect();
    }

    /**
     * How many packets {@code send} has accepted that were never given to a link: dropped for newer ones
     * ({@link SendPolicy#DROP_OLDEST}), or discarded when a session was gone or the client ended.
     *
     * @return a count from the start on
     */
    public long discardedPackets() {
        return sends.discarded();
    }

    /**
     * Ends this client: sends what waits, if there is a link, says goodbye, and gives back threads and socket. The
     * protocol has no way to end the session itself, so the server keeps it until its stale time is over; until then an
     * {@linkplain #exportState() exported state} can resume it.
     *
     * <p>Takes no longer than {@link ClientBuilder#closeTimeout} and a second, or until the callback that is under way
     * returns. Closing again, from any thread, is harmless. In a callback it returns at once, and the rest happens when
     * that returns. An interrupt cuts it short and stays set.
     */
    @Override
    public void close() {
        keeper.close();
    }

    /** Shows the session's id. */
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
        if (keeper.isCallback()) {
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
