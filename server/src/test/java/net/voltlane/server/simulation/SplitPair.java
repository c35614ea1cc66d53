package net.voltlane.server.simulation;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.MalformedPacketException;
import net.voltlane.protocol.firehose3.Ack;
import net.voltlane.protocol.firehose3.Attributes;
import net.voltlane.protocol.firehose3.FirehoseMessage;
import net.voltlane.protocol.firehose3.Hello;
import net.voltlane.protocol.firehose3.MessageCodec;
import net.voltlane.protocol.firehose3.Ping;
import net.voltlane.protocol.firehose3.Pong;
import net.voltlane.protocol.firehose3.Welcome;
import net.voltlane.server.session.WorldFailure;
import net.voltlane.testkit.version3.FieldReader;
import org.jspecify.annotations.Nullable;

/**
 * A server process as the {@link SplitBackend} knows it: the counts of the firehose in both directions, and what the server
 * has not acknowledged. It outlives its links.
 */
final class SplitPair {
    private static final byte[] NOTHING = new byte[0];
    private static final long SILENCE_NANOS = Rules.seconds(15);
    private static final long QUIET_NANOS = Rules.seconds(4);

    private final SplitBackend backend;
    /** The server's name, for people. */
    final String name;

    private final Deque<byte[]> kept = new ArrayDeque<>();
    private long received;
    private long told;
    private long sent;
    private long acknowledged;
    private long staleMillis;
    /** The sessions about which the server was told on this link that another one has them. */
    private final Set<Long> toldElsewhere = new HashSet<>();

    private @Nullable SplitLink link;
    private long lostNanos;
    private long heardNanos;
    private long wroteNanos;

    SplitPair(SplitBackend backend, String name) {
        this.backend = backend;
        this.name = name;
    }

    // ---- links

    /** A link of this server says Hello. */
    void begins(SplitLink next, Hello hello) {
        SplitLink older = link;
        if (older != null) {
            older.ends();
        }
        link = next;
        heardNanos = backend.now();
        toldElsewhere.clear();
        if (!hello.isFirst()) {
            WorldFailure.unless(
                    Arrays.equals(hello.backend(), backend.instance()), 0, name + " speaks to another backend");
            isAcknowledged(hello.received());
        } else {
            WorldFailure.unless(received == 0 && sent == 0, 0, name + " has forgotten the backend");
        }
        String millis = hello.attributes().text(Attributes.STALE_TIMEOUT);
        staleMillis = millis == null ? 0 : Long.parseLong(millis);
        told = received;
        write(MessageCodec.frame(
                0,
                new Welcome(
                        Limits.PROTOCOL_VERSION_3,
                        backend.instance(),
                        received,
                        Welcome.DELIVERED | Welcome.ADOPTS,
                        Attributes.EMPTY)));
        kept.forEach(this::write);
    }

    /** The link has ended. */
    void isLost(SplitLink which) {
        if (link == which) {
            link = null;
            lostNanos = backend.now();
            backend.note("backend: link of " + name + " is lost");
        }
    }

    private void write(byte[] frame) {
        SplitLink on = link;
        if (on != null) {
            wroteNanos = backend.now();
            on.write(frame);
        }
    }

    /** Time has passed. */
    void ticks() {
        SplitLink on = link;
        if (on == null) {
            return;
        }
        if (backend.now() - heardNanos >= SILENCE_NANOS) {
            on.ends();
            isLost(on);
        } else if (backend.now() - wroteNanos >= QUIET_NANOS) {
            write(MessageCodec.frame(0, new Ping(NOTHING)));
        }
    }

    /** True if its sessions have waited for it, or for another server, for as long as they do. */
    boolean isGone() {
        return link == null && backend.now() - lostNanos >= Rules.seconds(5) + staleMillis * 1_000_000;
    }

    // ---- what it sends

    void sends(long id, FirehoseMessage message) {
        byte[] frame = MessageCodec.frame(id, message);
        sent++;
        kept.add(frame);
        write(frame);
    }

    void acknowledge() {
        if (told < received && link != null) {
            told = received;
            write(MessageCodec.frame(0, new Ack(received)));
        }
    }

    /** Returns true once for each session and link. */
    boolean isToBeToldElsewhere(long id) {
        return toldElsewhere.add(id);
    }

    /** The session has moved to this server or away: what it is told about it begins anew. */
    void forgetsElsewhere(long id) {
        toldElsewhere.remove(id);
    }

    // ---- what comes

    /** A packet has come on one of its links. */
    void packet(SplitLink on, byte[] payload) {
        if (on != link) {
            return;
        }
        heardNanos = backend.now();
        FieldReader body = new FieldReader(payload);
        long id = body.u64();
        int flag = body.u8();
        FirehoseMessage message = decode(id, flag, body.rest());
        if (id != 0) {
            received++;
            backend.packet(this, id, message);
        } else if (message instanceof Ack ack) {
            isAcknowledged(ack.count());
        } else if (message instanceof Ping ping) {
            write(MessageCodec.frame(0, new Pong(ping.bytes())));
        }
    }

    static FirehoseMessage decode(long id, int flag, byte[] data) {
        try {
            FirehoseMessage message = MessageCodec.decode(id, flag, ByteBuffer.wrap(data), true);
            if (message == null) {
                throw new WorldFailure(id, "a packet with flag " + flag);
            }
            return message;
        } catch (MalformedPacketException e) {
            throw new WorldFailure(id, "a packet that can't be read, with flag " + flag + ": " + e.getMessage());
        }
    }

    private void isAcknowledged(long number) {
        WorldFailure.unless(
                number >= acknowledged && number <= sent,
                0,
                name + " acknowledges " + number + " after " + acknowledged + ", of " + sent);
        for (; acknowledged < number; acknowledged++) {
            kept.remove();
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
