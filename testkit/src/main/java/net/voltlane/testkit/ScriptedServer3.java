package net.voltlane.testkit;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.MalformedPacketException;
import net.voltlane.protocol.Tag;
import net.voltlane.protocol.firehose3.Ack;
import net.voltlane.protocol.firehose3.Attributes;
import net.voltlane.protocol.firehose3.Data;
import net.voltlane.protocol.firehose3.Delivered;
import net.voltlane.protocol.firehose3.Ended;
import net.voltlane.protocol.firehose3.FirehoseMessage;
import net.voltlane.protocol.firehose3.Hello;
import net.voltlane.protocol.firehose3.Kick;
import net.voltlane.protocol.firehose3.MessageCodec;
import net.voltlane.protocol.firehose3.Opened;
import net.voltlane.protocol.firehose3.Resumed;
import net.voltlane.protocol.firehose3.Suspended;
import net.voltlane.protocol.firehose3.Welcome;
import org.jspecify.annotations.Nullable;

/**
 * A connection server process that speaks firehose 3, of which a test says every step. It keeps its count of received
 * packets and what the backend has not acknowledged over any number of links, as a real server does; a test may also send
 * what no server would.
 *
 * <p>Every call that waits has a limit and ends with an {@link AssertionError}. For one thread.
 */
public final class ScriptedServer3 implements AutoCloseable {
    private static final byte[] NONE = new byte[FirehoseMessage.INSTANCE_BYTES];

    private final byte[] instance;
    private Attributes helloAttributes = Attributes.EMPTY;
    private byte[] backend = NONE;
    private long received;
    private long sent;
    private long acknowledged;
    /** The numbered frames that the backend has not acknowledged. */
    private final ArrayDeque<byte[]> kept = new ArrayDeque<>();

    private final List<ScriptedConnectionServer> links = new ArrayList<>();
    private @Nullable ScriptedConnectionServer link;

    /**
     * A packet from the backend.
     *
     * @param id 0 for a packet of the link itself
     */
    public record Packet(long id, FirehoseMessage message) {}

    /** A server process that has spoken to no backend. Its name is made of {@code number}, which is not 0. */
    public ScriptedServer3(int number) {
        instance = ByteBuffer.allocate(FirehoseMessage.INSTANCE_BYTES)
                .putInt(number)
                .array();
    }

    /** Lets this server keep records of its sessions, which wait for their clients for so long. */
    public ScriptedServer3 keepsRecords(Duration staleTimeout) {
        helloAttributes = Attributes.EMPTY.with(Attributes.STALE_TIMEOUT, Long.toString(staleTimeout.toMillis()));
        return this;
    }

    // ---- links

    /** Dials a backend and says nothing. An older link stays open. */
    public ScriptedConnectionServer dial(InetSocketAddress address, int bufferBytes) {
        ScriptedConnectionServer dialled =
                ScriptedConnectionServer.dial(address, bufferBytes).timeout(Duration.ofSeconds(10));
        links.add(dialled);
        link = dialled;
        return dialled;
    }

    /** Dials a backend, and goes on with what was sent before, or begins anew if the backend is another one. */
    public Welcome connect(InetSocketAddress address) {
        return connect(address, 0);
    }

    /** As {@link #connect(InetSocketAddress)}, with small socket buffers. */
    public Welcome connect(InetSocketAddress address, int bufferBytes) {
        dial(address, bufferBytes);
        hello();
        return welcome();
    }

    /** Sends Hello with what this server knows of the backend. */
    public void hello() {
        hello(backend, backend == NONE ? 0 : received);
    }

    /** Sends any Hello. */
    public void hello(byte[] spokenTo, long count) {
        link().write(helloFrame(spokenTo, count));
    }

    /** The Hello with what this server knows of the backend. */
    public byte[] helloFrame() {
        return helloFrame(backend, backend == NONE ? 0 : received);
    }

    private byte[] helloFrame(byte[] spokenTo, long count) {
        return MessageCodec.frame(FirehoseMessage.LINK_ID, new Hello(3, instance, spokenTo, count, helloAttributes));
    }

    /**
     * Receives the Welcome. If it is of the backend that this server has spoken to, sends again what the backend has not
     * received; otherwise begins to count anew, and keeps nothing.
     */
    public Welcome welcome() {
        Packet packet = next();
        if (packet.id() != FirehoseMessage.LINK_ID || !(packet.message() instanceof Welcome welcome)) {
            throw new AssertionError("waited for Welcome, got " + packet);
        }
        if (Arrays.equals(welcome.backend(), backend)) {
            drop(welcome.received());
            kept.forEach(frame -> link().write(frame));
        } else {
            backend = welcome.backend();
            received = 0;
            sent = 0;
            acknowledged = 0;
            kept.clear();
        }
        return welcome;
    }

    /** Forgets the backend, as a server does where the counts contradict each other. */
    public void forgetBackend() {
        backend = NONE;
    }

    /** The current link. */
    public ScriptedConnectionServer link() {
        if (link == null) {
            throw new AssertionError("the server has not dialled");
        }
        return link;
    }

    /** Ends the link with a reset. */
    public void cut() {
        link().cut();
    }

    /** The server's name. */
    public byte[] instance() {
        return instance.clone();
    }

    /** The name of the backend that this server has spoken to; zeros if there is none. */
    public byte[] backend() {
        return backend.clone();
    }

    // ---- what goes out

    /** Opens a session of which nothing was sent before. */
    public void opened(long id) {
        opened(id, false, 1, 1);
    }

    /** Opens a session of a client without any attributes. */
    public void opened(long id, boolean existing, long nextFromClient, long nextToClient) {
        send(id, new Opened(existing, false, false, nextFromClient, nextToClient, Attributes.EMPTY));
    }

    /** Opens a session of which nothing was sent before, with an epoch. */
    public void opened(long id, long epoch) {
        send(id, new Opened(false, false, false, 1, 1, attributes(epoch)));
    }

    /** Opens a session that this server has taken over from another one. */
    public void adopted(long id, long epoch, long nextFromClient, long nextToClient) {
        send(id, adoption(epoch, nextFromClient, nextToClient));
    }

    /** Returns the packet that opens a session which this server has taken over from another one. */
    public static Opened adoption(long epoch, long nextFromClient, long nextToClient) {
        return new Opened(true, false, true, nextFromClient, nextToClient, attributes(epoch));
    }

    /** Attributes with an epoch, of a client at 192.0.2.{@code epoch}. */
    public static Attributes attributes(long epoch) {
        return Attributes.EMPTY
                .with(Attributes.EPOCH, Long.toString(epoch))
                .with(Attributes.REMOTE, "192.0.2." + epoch + ":5000");
    }

    public void delivered(long id, long count) {
        send(id, new Delivered(count));
    }

    public void data(long id, byte[] data) {
        send(id, new Data(data));
    }

    public void suspended(long id) {
        send(id, new Suspended("lost"));
    }

    public void resumed(long id, String remote) {
        send(id, new Resumed(false, remote));
    }

    public void ended(long id, int code, String reason) {
        send(id, new Ended(code, 0, 0, reason));
    }

    /** Sends any packet. If it has a number, it is kept until the backend acknowledges it. */
    public void send(long id, FirehoseMessage message) {
        sendFrame(id, MessageCodec.frame(id, message));
    }

    /** Sends a packet with any flag. */
    public void sendRaw(long id, int flag, byte[] data) {
        ByteBuffer frame = ByteBuffer.allocate(Tag.FRAME_HEADER_BYTES + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(Tag.BYTES + data.length)
                .putLong(id)
                .put((byte) flag)
                .put(data);
        sendFrame(id, frame.array());
    }

    private void sendFrame(long id, byte[] frame) {
        keep(id, frame);
        link().write(frame);
    }

    /** Numbers and keeps a packet as if it was sent, so that it goes out on the next link. */
    public void keep(long id, FirehoseMessage message) {
        keep(id, MessageCodec.frame(id, message));
    }

    private void keep(long id, byte[] frame) {
        if (id != FirehoseMessage.LINK_ID) {
            sent++;
            kept.add(frame);
        }
    }

    /** Acknowledges everything that was received. */
    public void acknowledge() {
        send(FirehoseMessage.LINK_ID, new Ack(received));
    }

    // ---- what comes

    /** The backend's next packet, of any kind. Those with numbers are counted, and Acks are taken into account. */
    public Packet next() {
        return decode(link().nextPayload());
    }

    /** The whole packets within the next bytes, of which a part of another is not counted. */
    public List<Packet> nextWithin(int bytes) {
        ByteBuffer in = ByteBuffer.wrap(link().nextBytes(bytes)).order(ByteOrder.LITTLE_ENDIAN);
        List<Packet> packets = new ArrayList<>();
        while (in.remaining() >= Frame.PREFIX_BYTES
                && in.remaining() - Frame.PREFIX_BYTES >= in.getInt(in.position())) {
            byte[] payload = new byte[in.getInt()];
            in.get(payload);
            packets.add(decode(payload));
        }
        return packets;
    }

    private Packet decode(byte[] payload) {
        ByteBuffer in = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
        long id = in.getLong();
        int flag = in.get() & 0xFF;
        try {
            FirehoseMessage message = MessageCodec.decode(id, flag, in, false);
            if (message == null) {
                throw new AssertionError("the backend sent flag " + flag + " with " + payload.length + " bytes");
            }
            if (id != FirehoseMessage.LINK_ID) {
                received++;
            } else if (message instanceof Ack ack) {
                drop(ack.count());
            }
            return new Packet(id, message);
        } catch (MalformedPacketException e) {
            throw new AssertionError("the backend sent " + e.getMessage(), e);
        }
    }

    /** The backend's next packet about a session. */
    public Packet nextNumbered() {
        return nextThat(packet -> packet.id() != FirehoseMessage.LINK_ID);
    }

    /** The backend's next packet that is wanted; others are skipped, and counted if they have numbers. */
    public Packet nextThat(Predicate<Packet> wanted) {
        Packet packet = next();
        while (!wanted.test(packet)) {
            packet = next();
        }
        return packet;
    }

    /** The data of the backend's next packet about a session, which has to be Data for session {@code id}. */
    public byte[] dataFor(long id) {
        Packet packet = nextNumbered();
        if (packet.id() != id || !(packet.message() instanceof Data data)) {
            throw new AssertionError("waited for Data for " + id + ", got " + packet);
        }
        return data.payload();
    }

    /** The text of the backend's next packet about a session, which has to be a Kick of session {@code id}. */
    public String kickOf(long id) {
        Packet packet = nextNumbered();
        if (packet.id() != id || !(packet.message() instanceof Kick kick)) {
            throw new AssertionError("waited for a kick of " + id + ", got " + packet);
        }
        return kick.text();
    }

    /** Receives until the backend has acknowledged everything. */
    public void awaitAcknowledged() {
        while (acknowledged < sent) {
            next();
        }
    }

    private void drop(long count) {
        if (count < acknowledged || count > sent) {
            throw new AssertionError("the backend acknowledged " + count + " after " + acknowledged + ", of " + sent);
        }
        for (; acknowledged < count; acknowledged++) {
            kept.remove();
        }
    }

    /** The number of packets with numbers that were received on the present pair of instances. */
    public long received() {
        return received;
    }

    /** The number of packets with numbers that were sent on the present pair of instances. */
    public long sent() {
        return sent;
    }

    /** The number of packets that the backend has acknowledged. */
    public long acknowledged() {
        return acknowledged;
    }

    /** Ends all links that are open, with a FIN. */
    @Override
    public void close() {
        links.forEach(ScriptedConnectionServer::close);
    }
}
