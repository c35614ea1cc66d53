package net.voltlane.jmh;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import net.voltlane.proof.KeyPair;
import net.voltlane.proof.SessionKey;
import net.voltlane.proof.X25519KeyPair;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.HandshakeCodec;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.MalformedPacketException;
import net.voltlane.protocol.ProtocolVersion;
import net.voltlane.protocol.QueueBounds;
import net.voltlane.protocol.link3.Answer;
import net.voltlane.protocol.link3.Challenge;
import net.voltlane.protocol.link3.LinkCodec;
import net.voltlane.protocol.link3.LinkFrame;
import net.voltlane.protocol.link3.Open;
import net.voltlane.protocol.link3.Opened;
import net.voltlane.protocol.link3.Resume;
import net.voltlane.server.edge.ClientEdge;
import net.voltlane.server.edge.EdgeSettings;
import net.voltlane.server.edge.ProofExecutor;
import net.voltlane.server.edge.ServerIdentity;
import net.voltlane.server.guard.Guard;
import net.voltlane.server.guard.GuardLimits;
import net.voltlane.server.link.TcpTransport;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.session.Sessions;

/**
 * Clients of version 3 that lose their links and return, all with one key, on a server of its real parts whose sockets
 * are memory. The clients' own work is theirs: hashes of what was said, and a proof for each resume.
 */
final class ReturningClients implements AutoCloseable {
    private static final byte[] VERSION = HandshakeCodec.frame(new ProtocolVersion(Limits.PROTOCOL_VERSION_3));

    private final ServerParts around = new ServerParts(1);
    private final MasterSide masterSide = new MasterSide(around, new MasterSide.Listener());
    private final Sessions sessions = around.sessions(masterSide.uplink);
    private final ProofExecutor proofs = new ProofExecutor(1);
    private final ClientEdge edge;
    private final MemoryListener listener;

    private final X25519KeyPair keys = X25519KeyPair.generate(ServerParts.RANDOM);
    private final byte[] nonce = new byte[32];
    private final ByteBuf input = Unpooled.directBuffer();
    private byte[] shared = {};

    /** The last write to each client. */
    private final ByteBuf[] sinks;

    private final MemoryChannel[] links;
    private final long[] ids;
    private final SessionKey[] sessionKeys;

    /** @param count the number of clients that return at once */
    ReturningClients(int count) {
        links = new MemoryChannel[count];
        sinks = new ByteBuf[count];
        Arrays.setAll(sinks, i -> Unpooled.directBuffer());
        ids = new long[count];
        sessionKeys = new SessionKey[count];
        masterSide.connect(around.loops, sessions);
        edge = new ClientEdge(
                around.loops.client(),
                new EdgeSettings(
                        Limits.DEFAULT_MAX_FRAME_BYTES,
                        TimeUnit.MINUTES.toNanos(1),
                        new QueueBounds(8_192, 16 << 20),
                        false,
                        TimeUnit.SECONDS.toNanos(20)),
                new ClientEdge.Dependencies(
                        around.loops.session(),
                        ServerParts.ALLOCATOR,
                        64 * 1024,
                        around.budget,
                        around.metrics,
                        around.gate,
                        around.flow,
                        masterSide.uplink,
                        around.time,
                        new Guard(GuardLimits.OFF, around.metrics, System::nanoTime, around.time::waitedSinceNanos)),
                proofs,
                sessions,
                new ServerIdentity(KeyPair.generate(ServerParts.RANDOM), ServerParts.RANDOM));
        var bound = edge.listen(
                around.loops.client(), MemoryListener::new, new InetSocketAddress(42000), TcpTransport.INSTANCE);
        around.loops.run();
        listener = (MemoryListener) bound.channel();
    }

    /** All clients open sessions, and their links are cut before a key is computed for them. */
    void open() {
        byte[] open = LinkCodec.frame(new Open(keys.publicKey(), 0, new byte[0]));
        for (int i = 0; i < links.length; i++) {
            connect(i);
            Opened opened = (Opened) answerTo(i, VERSION, open);
            ids[i] = opened.id();
            if (shared.length == 0) {
                shared = Objects.requireNonNull(keys.shared(opened.serverKey()));
            }
            sessionKeys[i] = SessionKey.derive(shared, ids[i], keys.publicKey(), opened.serverKey());
            links[i].close();
            around.loops.run();
        }
    }

    /** The links of all clients are cut. */
    void cut() {
        for (MemoryChannel link : links) {
            link.close();
        }
        around.loops.run();
    }

    /** All clients resume their sessions: each has a new link, and proves itself. */
    void resume() {
        long before = around.metrics.sum(Metric.SESSIONS_RESUMED);
        for (int i = 0; i < links.length; i++) {
            connect(i);
            byte[] resume = LinkCodec.encode(new Resume(ids[i], 0, 1, nonce, 0));
            Challenge challenge = (Challenge) answerTo(i, VERSION, Frame.of(resume));
            byte[] transcript = SessionKey.transcript(resume, LinkCodec.encode(challenge));
            send(i, LinkCodec.frame(new Answer(sessionKeys[i].clientProof(transcript))));
            around.loops.run();
        }
        around.loops.runUntil(
                () -> around.metrics.sum(Metric.SESSIONS_RESUMED) - before == links.length, "Resumed for all clients");
    }

    private void connect(int i) {
        links[i] = MemoryChannel.accepted(sinks[i]);
        listener.accept(links[i]);
        around.loops.run();
    }

    private void send(int i, byte[]... frames) {
        input.clear();
        for (byte[] frame : frames) {
            input.writeBytes(frame);
        }
        links[i].receive(input);
    }

    private LinkFrame answerTo(int i, byte[]... frames) {
        MemoryChannel link = links[i];
        send(i, frames);
        around.loops.runUntil(() -> link.takenBytes() > 0, "an answer");
        byte[] payload = new byte[sinks[i].getIntLE(0)];
        sinks[i].getBytes(Frame.PREFIX_BYTES, payload);
        try {
            LinkFrame frame = LinkCodec.decode(payload);
            if (frame == null) {
                throw new IllegalStateException("an answer of an unknown type");
            }
            return frame;
        } catch (MalformedPacketException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The number of elliptic curves that the server has computed. */
    long curves() {
        return around.metrics.sum(Metric.SESSION_KEYS_AHEAD) + around.metrics.sum(Metric.SESSION_KEYS_AT_RESUME);
    }

    @Override
    public void close() {
        cut();
        proofs.close();
        edge.close();
        masterSide.uplink.close();
        sessions.release();
        around.loops.run();
    }
}
