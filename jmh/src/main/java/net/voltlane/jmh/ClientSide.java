package net.voltlane.jmh;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import net.voltlane.proof.KeyPair;
import net.voltlane.proof.X25519KeyPair;
import net.voltlane.protocol.ClientId;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.HandshakeCodec;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.MalformedPacketException;
import net.voltlane.protocol.ProtocolVersion;
import net.voltlane.protocol.PubKey;
import net.voltlane.protocol.QueueBounds;
import net.voltlane.protocol.link3.LinkCodec;
import net.voltlane.protocol.link3.Open;
import net.voltlane.protocol.link3.Opened;
import net.voltlane.server.edge.ClientEdge;
import net.voltlane.server.edge.EdgeSettings;
import net.voltlane.server.edge.ProofExecutor;
import net.voltlane.server.edge.ServerIdentity;
import net.voltlane.server.guard.Guard;
import net.voltlane.server.guard.GuardLimits;
import net.voltlane.server.link.TcpTransport;
import net.voltlane.server.link.Upstream;
import net.voltlane.server.session.Sessions;

/** The server's links to clients, and the clients, each of which has a session. */
final class ClientSide {
    private static final EdgeSettings SETTINGS = new EdgeSettings(
            Limits.DEFAULT_MAX_FRAME_BYTES,
            TimeUnit.MINUTES.toNanos(1),
            new QueueBounds(8_192, 16 << 20),
            false,
            TimeUnit.SECONDS.toNanos(20));
    private static final int READ_BYTES = 64 * 1024;

    final ClientEdge edge;
    private final Loops loops;
    private final ProofExecutor proofs = new ProofExecutor(1);
    private final int protocol;
    private MemoryChannel[] clients = {};
    private long[] ids = {};
    /** The buffer to which the sockets of all clients write, one after the other. */
    private final ByteBuf sink = Unpooled.directBuffer();

    /** Data frames that each client has had; all have had the same number. */
    private long received;

    private final ByteBuf ack;

    /** @param protocol the version that clients speak */
    ClientSide(ServerParts around, Sessions sessions, Upstream upstream, int protocol) {
        this.protocol = protocol;
        ack = Packets.ofClient(0, 0, protocol);
        loops = around.loops;
        edge = new ClientEdge(
                loops.client(),
                SETTINGS,
                new ClientEdge.Dependencies(
                        loops.session(),
                        ServerParts.ALLOCATOR,
                        READ_BYTES,
                        around.budget,
                        around.metrics,
                        around.gate,
                        around.flow,
                        upstream,
                        around.time,
                        new Guard(GuardLimits.OFF, around.metrics, System::nanoTime, around.time::waitedSinceNanos)),
                proofs,
                sessions,
                new ServerIdentity(KeyPair.generate(ServerParts.RANDOM), ServerParts.RANDOM));
    }

    /** Clients connect and get their sessions. */
    void connect(int count) {
        var bound =
                edge.listen(loops.client(), MemoryListener::new, new InetSocketAddress(42000), TcpTransport.INSTANCE);
        loops.run();
        MemoryListener listener = (MemoryListener) bound.channel();
        ByteBuf hello = hello();
        clients = new MemoryChannel[count];
        ids = new long[count];
        for (int i = 0; i < count; i++) {
            MemoryChannel client = MemoryChannel.accepted(sink);
            listener.accept(client);
            loops.run();
            client.receive(hello);
            long keyBytes = protocol == 3 ? 0 : client.takenBytes();
            loops.runUntil(() -> client.takenBytes() > keyBytes, "a session's id");
            clients[i] = client;
            ids[i] = id(sink);
        }
        hello.release();
    }

    private ByteBuf hello() {
        byte[] version = HandshakeCodec.frame(new ProtocolVersion(protocol));
        byte[] key = protocol == 3
                ? LinkCodec.frame(
                        new Open(X25519KeyPair.generate(ServerParts.RANDOM).publicKey(), 0, new byte[0]))
                : HandshakeCodec.frame(
                        new PubKey(KeyPair.generate(ServerParts.RANDOM).publicKey()));
        return Unpooled.directBuffer().writeBytes(version).writeBytes(key);
    }

    private long id(ByteBuf frame) {
        byte[] payload = new byte[frame.getIntLE(0)];
        frame.getBytes(Frame.PREFIX_BYTES, payload);
        try {
            if (protocol == 3 && LinkCodec.decode(payload) instanceof Opened opened) {
                return opened.id();
            }
            if (protocol == 2 && HandshakeCodec.decode(payload) instanceof ClientId id) {
                return id.id();
            }
        } catch (MalformedPacketException e) {
            throw new IllegalStateException(e);
        }
        throw new IllegalStateException("a session's id was expected");
    }

    long[] ids() {
        return ids;
    }

    /** Every client has had so many more Data frames. It acknowledges them along with what it sends next. */
    void received(int packets) {
        received += packets;
    }

    /** Every client acknowledges what it has had, if it speaks version 3. */
    void acknowledge(Runnable afterTick) {
        if (protocol == 3) {
            send(ack, afterTick);
        }
    }

    /**
     * Every client sends these bytes, from {@link Packets#ofClient}; in one tick all sockets are read from that have
     * something.
     */
    void send(ByteBuf bytes, Runnable afterTick) {
        if (protocol == 3) {
            Packets.acknowledge(bytes, received);
        }
        boolean more = false;
        for (MemoryChannel client : clients) {
            more |= client.receive(bytes);
            loops.keepUp();
        }
        loops.run();
        afterTick.run();
        while (more) {
            more = false;
            for (MemoryChannel client : clients) {
                more |= client.readMore();
                loops.keepUp();
            }
            loops.run();
            afterTick.run();
        }
    }

    /** Returns the number of bytes that all clients have received. */
    long takenBytes() {
        long bytes = 0;
        for (MemoryChannel client : clients) {
            bytes += client.takenBytes();
        }
        return bytes;
    }

    /** Returns the bytes of the last write. */
    ByteBuf lastTaken() {
        return sink;
    }

    void close() {
        for (MemoryChannel client : clients) {
            client.close();
        }
        loops.run();
        ack.release();
        proofs.close();
        edge.close();
    }
}
