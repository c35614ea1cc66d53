package net.voltlane.server.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.voltlane.protocol.MalformedPacketException;
import net.voltlane.protocol.Reason;
import net.voltlane.protocol.Tag;
import net.voltlane.protocol.firehose3.Ack;
import net.voltlane.protocol.firehose3.Attributes;
import net.voltlane.protocol.firehose3.Data;
import net.voltlane.protocol.firehose3.Ended;
import net.voltlane.protocol.firehose3.FirehoseMessage;
import net.voltlane.protocol.firehose3.Hello;
import net.voltlane.protocol.firehose3.MessageCodec;
import net.voltlane.protocol.firehose3.Opened;
import net.voltlane.protocol.firehose3.Welcome;
import net.voltlane.server.link.Bufs;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** The master's side of a server whose master speaks firehose 3, packet by packet, as the test says. */
@ExtendWith(LeakCheck.class)
abstract class Firehose3Case {
    static final byte[] SERVER = instance(0x51);
    static final byte[] ONE = instance(1);
    static final byte[] TWO = instance(2);
    static final byte[] NONE = new byte[16];
    static final byte[] NO_TEXT = {};

    static final FirehoseSettings OPEN = new FirehoseSettings(3, true, SERVER);
    static final FirehoseSettings WITH_DATA = new FirehoseSettings(3, false, SERVER);

    /** All wishes of a Welcome. */
    static final int WISHES = 3;

    private static final Duration STEP = Duration.ofMillis(50);

    UplinkHarness harness = new UplinkHarness(UplinkHarness.SETTINGS, OPEN);

    @AfterEach
    void close() {
        harness.close();
    }

    void use(UplinkSettings settings, FirehoseSettings firehose) {
        harness.close();
        harness = new UplinkHarness(settings, firehose);
    }

    static UplinkSettings bounds(int packets, int bytes) {
        return new UplinkSettings("127.0.0.1", 42001, 100_000, packets, bytes, Long.MAX_VALUE, 0);
    }

    static byte[] instance(int number) {
        byte[] name = new byte[16];
        name[3] = (byte) number;
        return name;
    }

    /** A packet that the master got. */
    record Heard(long id, FirehoseMessage message) {
        @Override
        public String toString() {
            return id + " " + message;
        }
    }

    /** The whole packets that the master got since the last call. */
    static List<Heard> heard(FakeChannel master) {
        return packets(master.taken());
    }

    static List<Heard> packets(byte[] frames) {
        List<Heard> all = new ArrayList<>();
        for (byte[] payload : Bufs.payloads(frames)) {
            ByteBuffer packet = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
            long id = packet.getLong(0);
            try {
                FirehoseMessage message =
                        MessageCodec.decode(id, payload[Tag.ID_BYTES] & 0xFF, packet.position(Tag.BYTES), true);
                assertThat(message).as("a packet that backends skip").isNotNull();
                all.add(new Heard(id, message));
            } catch (MalformedPacketException e) {
                throw new AssertionError(e);
            }
        }
        return all;
    }

    static Heard packet(long id, FirehoseMessage message) {
        return new Heard(id, message);
    }

    static Heard link(FirehoseMessage message) {
        return new Heard(0, message);
    }

    static Heard data(long id, int number, int length) {
        return new Heard(id, new Data(Bufs.payload(number, length)));
    }

    static Heard opened(long id) {
        return new Heard(id, new Opened(false, false, false, 1, 1, attributes()));
    }

    static Heard existing(long id, boolean isSuspended, long nextUp, long nextDown) {
        return new Heard(id, new Opened(true, isSuspended, false, nextUp, nextDown, attributes()));
    }

    /** The map of Opened for a {@link FakeSubject}. */
    static Attributes attributes() {
        return Attributes.EMPTY
                .with(Attributes.REMOTE, "192.0.2.1:4711")
                .with(Attributes.LOCAL, "192.0.2.254:42000")
                .with(Attributes.TRANSPORT, "tcp")
                .with(Attributes.PROTOCOL, "2");
    }

    static Heard ended(long id, Reason reason, long taken, long delivered) {
        return new Heard(id, new Ended(reason.closeCode().code(), taken, delivered, reason.text()));
    }

    // ---- the master

    /** The master sends packets. */
    void says(FakeChannel master, byte[]... frames) {
        for (byte[] frame : frames) {
            master.receives(frame);
        }
        harness.loop.run();
    }

    static byte[] frame(long id, FirehoseMessage message) {
        return MessageCodec.frame(id, message);
    }

    static byte[] ack(long number) {
        return frame(0, new Ack(number));
    }

    static byte[] welcome(byte[] instance, long received) {
        return frame(0, new Welcome(3, instance, received, WISHES, Attributes.EMPTY));
    }

    static Heard hello(byte[] lastBackend, long received) {
        return link(new Hello(3, SERVER, lastBackend, received, Attributes.EMPTY));
    }

    /** Starts, lets the first dial succeed, and the master {@link #ONE} answer. */
    FakeChannel connect() {
        FakeChannel master = harness.connect();
        assertThat(heard(master)).containsExactly(hello(NONE, 0));
        says(master, welcome(ONE, 0));
        return master;
    }

    /** Breaks the link, and lets the next dial succeed. The master has yet to answer. */
    FakeChannel redial(FakeChannel old) {
        return harness.reconnect(old);
    }

    // ---- sessions

    /** A session is opened. */
    FakeSubject opens(long id) {
        FakeSubject session = FakeSubject.known(id);
        harness.uplink.opened(session);
        harness.loop.run();
        return session;
    }

    /** A client sends a first packet of a link. */
    void begins(FakeSubject session, int number, int length) {
        harness.uplink.dataFollows(session);
        sends(session, number, length);
    }

    void sends(FakeSubject session, int number, int length) {
        harness.up(UplinkHarness.data(session.id(), number, length));
    }

    void ends(FakeSubject session, Reason reason) {
        harness.uplink.ended(session, reason, NO_TEXT);
        harness.loop.run();
    }

    /** Time passes in small steps, so that each sweep runs in its time. */
    void passes(Duration time) {
        Duration left = time;
        while (left.compareTo(STEP) > 0) {
            harness.loop.advance(STEP);
            left = left.minus(STEP);
        }
        harness.loop.advance(left);
    }
}
