package net.voltlane.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import net.voltlane.protocol.FirehosePacket;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.MalformedPacketException;
import net.voltlane.protocol.Tag;

/**
 * The connection server's end of one firehose, of which a test says every step: it dials a backend, sends whole packets
 * or any bytes, and reads only when told to. A test that does not call a receiving method is a server that does not
 * read.
 *
 * <p>Every call that waits has a limit ({@link #timeout(Duration)}, 5 s unless told otherwise) and ends with an
 * {@link AssertionError} that says what was awaited. One thread may send while another receives.
 */
public final class ScriptedConnectionServer implements AutoCloseable {
    /** More than any limit in a test; keeps rubbish from being taken for a length. */
    private static final int MAX_FRAME_BYTES = 64 << 20;

    private final Wire wire;
    private Duration timeout = Duration.ofSeconds(5);

    private ScriptedConnectionServer(Wire wire) {
        this.wire = wire;
    }

    /** Dials a backend. */
    public static ScriptedConnectionServer dial(InetSocketAddress backend) {
        return dial(backend, 0);
    }

    /**
     * Dials with socket buffers of about {@code bufferBytes} (0: the kernel's choice). With small ones the backend soon
     * feels that this server does not read.
     */
    public static ScriptedConnectionServer dial(InetSocketAddress backend, int bufferBytes) {
        return new ScriptedConnectionServer(
                Wire.connect("connection server", backend, bufferBytes, Duration.ofSeconds(5)));
    }

    /** Sets how long every further call waits at most. */
    public ScriptedConnectionServer timeout(Duration limit) {
        timeout = limit;
        return this;
    }

    // ---- what goes out

    /** Sends what a client has sent. */
    public void data(long id, byte[] data) {
        send(id, Flag.DATA, data);
    }

    /** Announces that a session has been resumed. */
    public void reconnection(long id) {
        send(id, Flag.RECONNECTION, new byte[0]);
    }

    /** Tells that a session has ended. */
    public void failure(long id, String reason) {
        send(id, Flag.FAILURE, Bytes.utf8(reason));
    }

    /** Sends any packet, also those that a server never sends. */
    public void send(long id, Flag flag, byte[] data) {
        write(Tag.frame(id, flag, data));
    }

    /** Writes the parts as they are, in one piece. */
    public void write(byte[]... parts) {
        wire.write(ByteBuffer.wrap(Bytes.concat(parts)), timeout);
    }

    /** Writes every byte by a system call of its own. */
    public void drip(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            wire.write(ByteBuffer.wrap(bytes, i, 1), timeout);
        }
    }

    /**
     * Gives the socket as much of {@code bytes} as it takes at once, waiting up to {@code limit} until it takes any;
     * leaves the rest in it. Returns how many bytes were taken: 0 means that the backend does not read.
     */
    public int offer(ByteBuffer bytes, Duration limit) {
        return wire.offer(bytes, limit);
    }

    // ---- what comes

    /** The backend's next packet. */
    public FirehosePacket next() {
        try {
            return FirehosePacket.decode(nextPayload());
        } catch (MalformedPacketException e) {
            throw new AssertionError("the backend sent " + e.getMessage(), e);
        }
    }

    /** The backend's next frame without its length, of any version. */
    public byte[] nextPayload() {
        ByteBuffer prefix = ByteBuffer.allocate(Frame.PREFIX_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        Deadline deadline = Deadline.in(timeout);
        wire.readFully(prefix, "a packet", deadline);
        int length = prefix.getInt(0);
        if (length < 0 || length > MAX_FRAME_BYTES) {
            throw new AssertionError("the backend sent a frame of " + Integer.toUnsignedString(length) + " bytes");
        }
        ByteBuffer payload = ByteBuffer.allocate(length);
        wire.readFully(payload, "a packet", deadline);
        return payload.array();
    }

    /** The next bytes that come, so many of them, whatever they mean. */
    public byte[] nextBytes(int count) {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        wire.readFully(bytes, count + " bytes", Deadline.in(timeout));
        return bytes.array();
    }

    /** The data of the backend's next packet, which has to be Data for client {@code id}. */
    public byte[] dataFor(long id) {
        FirehosePacket packet = next();
        if (packet.id() != id || packet.flag() != Flag.DATA) {
            throw new AssertionError("waited for Data for " + id + ", got " + packet);
        }
        return packet.data();
    }

    /** Asserts that the backend's next packet is a Kick of client {@code id}. */
    public void expectKick(long id) {
        FirehosePacket packet = next();
        if (packet.id() != id || packet.flag() != Flag.KICK) {
            throw new AssertionError("waited for a kick of " + id + ", got " + packet);
        }
    }

    /** Asserts that nothing comes, and the link stays open, for {@code howLong}. */
    public void expectSilence(Duration howLong) {
        int n;
        try {
            n = wire.read(ByteBuffer.allocate(1), Deadline.in(howLong));
        } catch (IOException e) {
            throw new LinkEnded("expected silence, but the link broke: " + e.getMessage(), false);
        }
        if (n != 0) {
            throw new AssertionError("expected silence, but " + (n > 0 ? "bytes came" : "the backend closed the link"));
        }
    }

    /** Reads to the end of the link: the backend has to close it in time. */
    public Closing readUntilClosed() {
        return wire.readUntilClosed(timeout);
    }

    // ---- endings

    /** Ends this side's output with a FIN, and goes on reading. */
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
}
