package net.voltlane.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import net.voltlane.protocol.FirehosePacket;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.MalformedPacketException;
import net.voltlane.protocol.Reason;
import net.voltlane.protocol.Tag;

/**
 * The master's end of one firehose, accepted by a {@link ScriptedMaster}, whose thread reads it. Any thread may call
 * it; every call that waits has the master's limit.
 */
public final class Firehose {
    private final ScriptedMaster master;
    private final SocketChannel channel;
    private final Wire wire;
    private final PacketLog log = new PacketLog();
    private ByteBuffer unread = ByteBuffer.allocate(64 * 1024);

    Firehose(ScriptedMaster master, SocketChannel channel) {
        this.master = master;
        this.channel = channel;
        wire = new Wire("firehose", channel);
    }

    // ---- what came

    /** The oldest packet that was not asked for yet. */
    public FirehosePacket next() {
        return next(master.timeout());
    }

    /** As {@link #next()} within {@code limit}. */
    public FirehosePacket next(Duration limit) {
        try {
            FirehosePacket packet = log.take(Deadline.in(limit));
            if (packet == null) {
                throw new AssertionError("master: no packet within " + limit.toMillis() + " ms: " + log.describe());
            }
            return packet;
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** The oldest packet of client {@code id} that was not asked for yet. */
    public FirehosePacket nextFor(long id) {
        return nextFor(id, master.timeout());
    }

    /** As {@link #nextFor(long)} within {@code limit}. */
    public FirehosePacket nextFor(long id, Duration limit) {
        try {
            FirehosePacket packet = log.take(id, Deadline.in(limit));
            if (packet == null) {
                throw new AssertionError(
                        "master: no packet of client " + id + " within " + limit.toMillis() + " ms: " + log.describe());
            }
            return packet;
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** The data of client {@code id}'s next packet, which has to be Data. */
    public byte[] dataOf(long id) {
        FirehosePacket packet = nextFor(id);
        if (packet.flag() != Flag.DATA) {
            throw new AssertionError("master: waited for Data, got " + packet + " " + Bytes.text(packet.data()));
        }
        return packet.data();
    }

    /** Asserts that the next packet of client {@code id} is a Failure with this reason. */
    public void expectFailure(long id, Reason reason) {
        FirehosePacket packet = nextFor(id);
        if (packet.flag() != Flag.FAILURE || !Bytes.text(packet.data()).equals(reason.text())) {
            throw new AssertionError("master: waited for Failure \"" + reason.text() + "\", got " + packet
                    + (packet.flag() == Flag.FAILURE ? " \"" + Bytes.text(packet.data()) + "\"" : ""));
        }
    }

    /** Asserts that the next packet of client {@code id} is a Reconnection without data. */
    public void expectReconnection(long id) {
        FirehosePacket packet = nextFor(id);
        if (packet.flag() != Flag.RECONNECTION || packet.data().length != 0) {
            throw new AssertionError("master: waited for Reconnection, got " + packet);
        }
    }

    /** Asserts that nothing of client {@code id} waits or comes for {@code howLong}. */
    public void expectSilenceOf(long id, Duration howLong) {
        try {
            FirehosePacket packet = log.take(id, Deadline.in(howLong));
            if (packet != null) {
                throw new AssertionError("master: expected nothing of client " + id + ", got " + packet + " "
                        + (packet.flag() == Flag.FAILURE ? Bytes.text(packet.data()) : ""));
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Returns the number of packets that came over this link. */
    public long packetsReceived() {
        return log.count();
    }

    /** Returns true once the server has closed or lost this link. */
    public boolean hasEnded() {
        return log.hasEnded();
    }

    // ---- what goes out

    /** Sends Data to a client. */
    public void send(long id, byte[] data) {
        send(id, Flag.DATA, data);
    }

    /** Sends Kick to a client. */
    public void kick(long id) {
        send(id, Flag.KICK, new byte[0]);
    }

    /** Sends any packet, also those that a master never sends. */
    public void send(long id, Flag flag, byte[] data) {
        write(Tag.frame(id, flag, data));
    }

    /** Writes the parts as they are, in one piece. */
    public void write(byte[]... parts) {
        ByteBuffer bytes = ByteBuffer.wrap(Bytes.concat(parts));
        synchronized (wire) {
            wire.write(bytes, master.timeout());
        }
    }

    /**
     * Gives the socket as much of {@code bytes} as it takes at once, waiting up to {@code limit} until it takes any;
     * leaves the rest in it. Returns how many bytes were taken: 0 means that the server does not read.
     */
    public int offer(ByteBuffer bytes, Duration limit) {
        synchronized (wire) {
            return wire.offer(bytes, limit);
        }
    }

    /** Ends the link with a reset. */
    public void cut() {
        wire.cut();
        ended("cut by the test");
    }

    /** Ends the link with a FIN. */
    public void close() {
        wire.close();
        ended("closed by the test");
    }

    // ---- for the master's thread

    SocketChannel channel() {
        return channel;
    }

    /** Reads what is there; on the master's thread alone. */
    void onReadable() {
        try {
            int n = channel.read(unread);
            if (n < 0) {
                ended(unread.position() == 0 ? "closed by the server" : "closed by the server inside a frame");
                return;
            }
        } catch (IOException e) {
            ended("broke: " + e.getMessage());
            return;
        }
        unread.flip();
        cutFrames();
        unread.compact();
        makeRoom();
    }

    private void cutFrames() {
        while (unread.remaining() >= Frame.PREFIX_BYTES) {
            int length = Frame.length(unread.array(), unread.position());
            if (length < 0 || length > ScriptedMaster.MAX_FRAME_BYTES) {
                throw new AssertionError("the server sent a frame of " + Integer.toUnsignedString(length) + " bytes");
            }
            if (unread.remaining() < Frame.PREFIX_BYTES + length) {
                return;
            }
            byte[] payload = new byte[length];
            unread.position(unread.position() + Frame.PREFIX_BYTES).get(payload);
            received(payload);
        }
    }

    private void makeRoom() {
        if (unread.position() >= Frame.PREFIX_BYTES) {
            int needed = Frame.PREFIX_BYTES + Frame.length(unread.array(), 0);
            if (needed > unread.capacity()) {
                unread = ByteBuffer.allocate(needed).put(unread.flip());
            }
        }
    }

    private void received(byte[] payload) {
        FirehosePacket packet;
        try {
            packet = FirehosePacket.decode(payload);
        } catch (MalformedPacketException e) {
            throw new AssertionError("the server sent " + e.getMessage(), e);
        }
        if (master.isEchoing() && packet.flag() == Flag.DATA) {
            write(Frame.of(payload));
        } else {
            log.add(packet);
        }
    }

    void ended(String how) {
        log.end(how);
        wire.close();
        master.dropClosed();
    }

    private static AssertionError interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new AssertionError("interrupted", e);
    }
}
