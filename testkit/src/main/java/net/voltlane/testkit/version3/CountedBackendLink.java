package net.voltlane.testkit.version3;

import java.util.Arrays;
import java.util.function.Consumer;
import net.voltlane.protocol.Frame;

/**
 * A connection of a {@link CountedBackend}. Whoever has the socket passes on what it reads, packet by packet, and
 * writes what {@code out} gets.
 */
public final class CountedBackendLink {
    private static final int INSTANCE_BYTES = 16;
    private static final int MOST_PING_BYTES = 16;

    private final CountedBackend backend;
    private final Consumer<byte[]> out;
    private boolean live;

    CountedBackendLink(CountedBackend backend, Consumer<byte[]> out) {
        this.backend = backend;
        this.out = out;
    }

    /** Hello was answered. */
    public boolean isLive() {
        return live;
    }

    void write(long id, int flag, byte[] data) {
        writeFrame(CountedBackend.frame(id, flag, data));
    }

    void writeFrame(byte[] frame) {
        out.accept(frame);
    }

    /** A packet of the server has come. */
    public void packet(byte[] payload) {
        if (!backend.isInUse(this)) {
            return; // a newer link is there: its Welcome has said how far this one was read
        }
        FieldReader body = new FieldReader(payload);
        long id = body.u64();
        int flag = body.u8();
        byte[] data = body.rest();
        if (id != 0) {
            CountedBackend.unless(live, "flag " + flag + " before Hello");
            backend.packet(id, flag, data);
        } else if (live) {
            control(flag, data);
        } else {
            CountedBackend.unless(flag == PacketFlag.HELLO, "the server begins with flag " + flag);
            hello(new FieldReader(data));
        }
    }

    private void hello(FieldReader body) {
        int version = body.u16();
        CountedBackend.unless(version == 3, "version " + version);
        byte[] server = body.bytes(INSTANCE_BYTES);
        byte[] lastBackend = body.bytes(INSTANCE_BYTES);
        long received = body.count();
        for (int n = body.u16(); n > 0; n--) {
            body.text();
            body.blob();
        }
        CountedBackend.unless(!Arrays.equals(server, new byte[INSTANCE_BYTES]), "a server without a name");
        live = true;
        backend.hello(this, server, lastBackend, received);
    }

    private void control(int flag, byte[] data) {
        switch (flag) {
            case PacketFlag.ACK -> backend.isAcknowledged(new FieldReader(data).count());
            case PacketFlag.PING -> {
                CountedBackend.unless(data.length <= MOST_PING_BYTES, "a Ping that is too long");
                write(0, PacketFlag.PONG, data);
            }
            case PacketFlag.PONG -> CountedBackend.unless(data.length <= MOST_PING_BYTES, "a Pong that is too long");
            default -> throw new AssertionError("flag " + flag + " from the server, for the link");
        }
    }

    /** Writes bytes that need not be a packet. */
    public void writeRaw(byte[] bytes) {
        out.accept(Frame.of(bytes));
    }
}
