package net.voltlane.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.voltlane.proof.ChallengeAnswer;
import net.voltlane.proof.KeyPair;
import net.voltlane.protocol.Challenge;
import net.voltlane.protocol.ChallengeResponse;
import net.voltlane.protocol.ClientId;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.HandshakeCodec;
import net.voltlane.protocol.HandshakePacket;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.MalformedPacketException;
import net.voltlane.protocol.Ping;
import net.voltlane.protocol.ProtocolVersion;
import net.voltlane.protocol.PubKey;
import org.jspecify.annotations.Nullable;

/**
 * A client of which a test says every step: whole handshakes in one call, single packets, or any bytes at all. It
 * knows no shortcuts: what it sends goes through a real socket, and it reads only when told to, so a test that does not
 * call a receiving method is a client that does not read.
 *
 * <p>Every call that waits has a limit ({@link #timeout(Duration)}, 5 s unless told otherwise) and ends with an
 * {@link AssertionError} that says what was awaited. One thread may send while another receives.
 */
public final class ScriptedClient implements AutoCloseable {
    private static final SecureRandom RANDOM = new SecureRandom();
    /** More than any limit in a test; keeps rubbish from being taken for a length. */
    private static final int MAX_FRAME_BYTES = 64 << 20;

    private final Wire wire;
    private Duration timeout = Duration.ofSeconds(5);
    private @Nullable ClientIdentity identity;

    private ScriptedClient(Wire wire) {
        this.wire = wire;
    }

    /** Connects; nothing is sent yet. */
    public static ScriptedClient connect(InetSocketAddress server) {
        return connect(server, 0);
    }

    /**
     * Connects with socket buffers of about {@code bufferBytes} (0: the kernel's choice). With small ones, the server
     * soon feels that this client does not read, and this client that the server does not.
     */
    public static ScriptedClient connect(InetSocketAddress server, int bufferBytes) {
        return new ScriptedClient(Wire.connect("client", server, bufferBytes, Duration.ofSeconds(5)));
    }

    /** Connects from an address of this machine, of which 127.0.0.0/8 has many. */
    public static ScriptedClient connectFrom(InetAddress from, InetSocketAddress server) {
        return new ScriptedClient(Wire.connect("client", from, server, 0, Duration.ofSeconds(5)));
    }

    /** Connects and opens a new session. */
    public static ScriptedClient open(InetSocketAddress server) {
        ScriptedClient client = connect(server);
        try {
            client.openSession();
            return client;
        } catch (AssertionError e) {
            client.close();
            throw e;
        }
    }

    /** Sets how long every further call waits at most. */
    public ScriptedClient timeout(Duration limit) {
        timeout = limit;
        return this;
    }

    /** The port at this end of its connection. */
    public int localPort() {
        return wire.localPort();
    }

    // ---- whole handshakes

    /** Opens a new session with a fresh key pair, step by step as a polite client does. */
    public ClientIdentity openSession() {
        return openSession(KeyPair.generate(RANDOM));
    }

    /** Opens a new session with the given key pair. */
    public ClientIdentity openSession(KeyPair keys) {
        send(new ProtocolVersion(Limits.PROTOCOL_VERSION));
        byte[] serverKey = expect(PubKey.class).key();
        send(new PubKey(keys.publicKey()));
        return adopt(new ClientIdentity(expect(ClientId.class).id(), keys, serverKey));
    }

    /**
     * Resumes a session, up to and including the server's Ping.
     *
     * @throws AssertionError when the server does not let it
     */
    public void resume(ClientIdentity who) {
        byte[] box = requestChallenge(who.id());
        byte[] answer = ChallengeAnswer.to(box, who.sharedKey(), RANDOM);
        if (answer == null) {
            throw new AssertionError(
                    "the challenge for " + who + " does not open: the server does not know it (any more)");
        }
        send(new ChallengeResponse(answer), new Ping());
        expect(Ping.class);
        adopt(who);
    }

    /**
     * Tries to resume; false when the challenge does not open under the session's key or the server closes the link.
     */
    public boolean tryResume(ClientIdentity who) {
        try {
            byte[] answer = ChallengeAnswer.to(requestChallenge(who.id()), who.sharedKey(), RANDOM);
            if (answer == null) {
                return false;
            }
            send(new ChallengeResponse(answer), new Ping());
            expect(Ping.class);
            adopt(who);
            return true;
        } catch (LinkEnded e) {
            return false;
        }
    }

    /** The first half of a resume: says version and id, and gives back the box of the server's challenge. */
    public byte[] requestChallenge(long id) {
        send(new ProtocolVersion(Limits.PROTOCOL_VERSION));
        expect(PubKey.class);
        send(new ClientId(id));
        return expect(Challenge.class).box();
    }

    /**
     * The right answer to a challenge.
     *
     * @throws AssertionError when the challenge does not open under the session's key
     */
    public static byte[] answer(byte[] challengeBox, ClientIdentity who) {
        byte[] answer = ChallengeAnswer.to(challengeBox, who.sharedKey(), RANDOM);
        if (answer == null) {
            throw new AssertionError("the challenge does not open under the key of " + who);
        }
        return answer;
    }

    /** Returns the identity of this client, which a successful handshake sets. */
    public ClientIdentity identity() {
        if (identity == null) {
            throw new IllegalStateException("no handshake was done on this link");
        }
        return identity;
    }

    /** The id of this client's session. */
    public long id() {
        return identity().id();
    }

    /** Takes on an identity that was won by sending packets one by one; {@link #id()} is then its id. */
    public ClientIdentity adopt(ClientIdentity who) {
        identity = who;
        return who;
    }

    // ---- packets and data

    /** Sends handshake packets as one segment. */
    public void send(HandshakePacket... packets) {
        List<byte[]> frames = new ArrayList<>();
        for (HandshakePacket packet : packets) {
            frames.add(HandshakeCodec.frame(packet));
        }
        write(frames.toArray(byte[][]::new));
    }

    /** Sends one data frame. */
    public void send(byte[] data) {
        write(Frame.of(data));
    }

    /**
     * Receives the next handshake packet.
     *
     * @throws AssertionError when it is another packet, or none
     */
    public <P extends HandshakePacket> P expect(Class<P> type) {
        byte[] payload = readFrame(type.getSimpleName(), timeout);
        HandshakePacket packet;
        try {
            packet = HandshakeCodec.decode(payload);
        } catch (MalformedPacketException e) {
            throw new AssertionError("waited for " + type.getSimpleName() + ", got " + e.getMessage(), e);
        }
        if (!type.isInstance(packet)) {
            throw new AssertionError("waited for " + type.getSimpleName() + ", got " + packet);
        }
        return type.cast(packet);
    }

    /** Receives the next data frame. */
    public byte[] receive() {
        return receive(timeout);
    }

    /** Receives the next data frame, which has to be whole within {@code limit}. */
    public byte[] receive(Duration limit) {
        return readFrame("a data frame", limit);
    }

    // ---- raw bytes

    /** Writes the parts as they are, gathered into one write. */
    public void write(byte[]... parts) {
        wire.write(ByteBuffer.wrap(Bytes.concat(parts)), timeout);
    }

    /** Writes every byte by a system call (and, with TCP_NODELAY, mostly a segment) of its own. */
    public void drip(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            wire.write(ByteBuffer.wrap(bytes, i, 1), timeout);
        }
    }

    /**
     * Gives the socket as much of {@code bytes} as it takes at once, waiting up to {@code limit} until it takes any;
     * leaves the rest in it. Returns how many bytes were taken: 0 means that the server holds this client back.
     */
    public int offer(ByteBuffer bytes, Duration limit) {
        return wire.offer(bytes, limit);
    }

    /** Reads exactly {@code n} bytes. */
    public byte[] read(int n) {
        ByteBuffer into = ByteBuffer.allocate(n);
        wire.readFully(into, n + " bytes", Deadline.in(timeout));
        return into.array();
    }

    /** Reads to the end of the link: the server has to close it within this client's limit. */
    public Closing readUntilClosed() {
        return wire.readUntilClosed(timeout);
    }

    /** As {@link #readUntilClosed()} within {@code limit}. */
    public Closing readUntilClosed(Duration limit) {
        return wire.readUntilClosed(limit);
    }

    /** Asserts that the server sends nothing, and keeps the link open, for {@code howLong}. */
    public void expectSilence(Duration howLong) {
        ByteBuffer one = ByteBuffer.allocate(1);
        int n;
        try {
            n = wire.read(one, Deadline.in(howLong));
        } catch (IOException e) {
            throw new LinkEnded("expected silence, but the link broke: " + e.getMessage(), false);
        }
        if (n != 0) {
            throw new AssertionError("expected silence, but " + (n > 0 ? "bytes came" : "the server closed the link"));
        }
    }

    // ---- endings

    /** Ends this client's output (FIN), and goes on reading. */
    public void shutdownOutput() {
        wire.shutdownOutput();
    }

    /** Ends the link with a reset. */
    public void cut() {
        wire.cut();
    }

    /** Ends the link with a FIN. Closing twice, or after {@link #cut()}, is harmless. */
    @Override
    public void close() {
        wire.close();
    }

    private byte[] readFrame(String what, Duration limit) {
        Deadline deadline = Deadline.in(limit);
        ByteBuffer prefix = ByteBuffer.allocate(Frame.PREFIX_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        wire.readFully(prefix, what, deadline);
        int length = prefix.getInt(0);
        if (length < 0 || length > MAX_FRAME_BYTES) {
            throw new AssertionError(
                    "waited for " + what + ", got a frame of " + Integer.toUnsignedString(length) + " bytes");
        }
        ByteBuffer payload = ByteBuffer.allocate(length);
        wire.readFully(payload, what, deadline);
        return payload.array();
    }
}
