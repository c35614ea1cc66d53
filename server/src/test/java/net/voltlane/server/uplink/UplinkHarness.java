package net.voltlane.server.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import net.voltlane.protocol.FirehosePacket;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.MalformedPacketException;
import net.voltlane.protocol.QueueBounds;
import net.voltlane.protocol.Reason;
import net.voltlane.protocol.Tag;
import net.voltlane.server.address.Cidr;
import net.voltlane.server.link.Bufs;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.server.link.FakePeers;
import net.voltlane.server.link.FirehoseFlow;
import net.voltlane.server.link.Gate;
import net.voltlane.server.link.Logged;
import net.voltlane.server.link.LoopQueue;
import net.voltlane.server.link.ManualLoop;
import net.voltlane.server.link.MemoryBudget;
import net.voltlane.server.link.Owner;
import net.voltlane.server.link.ServedTime;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.metrics.Metrics;
import net.voltlane.server.names.Names;
import net.voltlane.server.session.ClientPort;
import net.voltlane.server.session.ClientProtocol;
import net.voltlane.server.session.LinkFacts;
import net.voltlane.server.session.LinkOrigin;
import net.voltlane.server.session.LinkView;
import net.voltlane.server.session.QueueView;
import net.voltlane.server.session.Refusal;
import net.voltlane.server.session.Resumption;
import net.voltlane.server.session.SessionEnvironment;
import net.voltlane.server.session.SessionSettings;
import net.voltlane.server.session.Sessions;
import net.voltlane.server.session.Version2;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.ManualClock;
import org.jspecify.annotations.Nullable;

/** The master's side of a server with real sessions, whose master, client links, loop and time are the test's. */
final class UplinkHarness implements AutoCloseable {
    static final Cidr HOME = Objects.requireNonNull(Cidr.parse("192.0.2.1"));

    static final int MAX_FRAME_BYTES = 100_000;
    static final UplinkSettings SETTINGS = new UplinkSettings(
            "127.0.0.1",
            42001,
            MAX_FRAME_BYTES,
            1_000,
            10_000_000,
            Duration.ofSeconds(30).toNanos(),
            Duration.ofSeconds(20).toNanos());

    final ManualClock clock = new ManualClock();
    final ManualLoop loop = new ManualLoop(clock);
    final MemoryBudget budget = new MemoryBudget(Long.MAX_VALUE);
    final Gate gate = new Gate(Owner.of(loop));
    final Metrics metrics = new Metrics();
    final FakePeers peers = new FakePeers(clock);
    final MasterUplink uplink;
    final Sessions sessions;
    final List<String> said = new ArrayList<>();
    /** The log of the dialer, with the reason of each lost link. */
    final Logged log = new Logged(Dialer.class);

    private final ManualLoop clientLoop = new ManualLoop(clock);
    private final FirehoseFlow flow = new FirehoseFlow(loop);
    private final LoopQueue toClientLoop = flow.queueTo(clientLoop, ByteBufAllocator.DEFAULT, () -> {});

    UplinkHarness() {
        this(SETTINGS);
    }

    UplinkHarness(UplinkSettings settings) {
        this(settings, FirehoseSettings.VERSION_2);
    }

    UplinkHarness(UplinkSettings settings, FirehoseSettings firehose) {
        FakeChannel.forgetDialled();
        var counters = metrics.newCounters();
        uplink = new MasterUplink(
                FakeChannel.class,
                settings,
                new MasterUplink.Dependencies(
                        loop,
                        Names.LITERALS,
                        ByteBufAllocator.DEFAULT,
                        budget,
                        gate,
                        flow,
                        new ServedTime(clock),
                        () -> 0,
                        firehose),
                counters,
                new MasterUplink.Listener() {
                    @Override
                    public void reached() {
                        said.add("reached");
                    }

                    @Override
                    public void gaveUp(String message) {
                        said.add(message);
                    }
                },
                peers);
        AtomicLong ids = new AtomicLong();
        sessions = new Sessions(
                new SessionSettings(Duration.ofMinutes(5).toNanos(), 100, 100, 1_000_000),
                new SessionEnvironment(() -> true, uplink, ByteBufAllocator.DEFAULT, budget, counters, clock),
                ids::incrementAndGet);
    }

    /** Starts, and lets the first dial succeed. */
    FakeChannel connect() {
        uplink.start(sessions);
        return accept();
    }

    /** Lets the dial that is under way succeed. */
    FakeChannel accept() {
        FakeChannel channel = dialled();
        channel.accepted();
        loop.run();
        return channel;
    }

    FakeChannel dialled() {
        loop.run();
        FakeChannel channel = FakeChannel.nextDialled();
        assertThat(channel).as("a dial").isNotNull();
        return channel;
    }

    /** Breaks the link, and lets the next dial succeed. */
    FakeChannel reconnect(FakeChannel old) {
        lose(old);
        loop.advance(Duration.ofSeconds(5));
        return accept();
    }

    /** Fills the queue to a client loop, so that the firehose has to wait for it. */
    void clientLoopFallsBehind() {
        int bytes = 5 << 20;
        toClientLoop.pass((buf, index, length) -> {}, Bufs.buf(new byte[bytes]));
        loop.run();
    }

    void clientLoopCatchesUp() {
        clientLoop.run();
        loop.run();
    }

    void lose(FakeChannel channel) {
        channel.broken(new IOException("reset by peer"));
        loop.run();
    }

    /** A live session of which a first packet was queued for the master; its ids count from 1. */
    Link open() {
        Link link = openSilent();
        sessions.firstPacket(link);
        up(hello(link.id));
        return link;
    }

    /** A live session whose client has sent nothing. */
    Link openSilent() {
        Link link = new Link();
        sessions.open(link, new byte[33]);
        return link;
    }

    /** The first packet of a session that was {@linkplain #open opened}. */
    static byte[] hello(long id) {
        return data(id, 0, 5);
    }

    /** Client loops bring data, and their batch goes on. */
    void queue(byte[]... frames) {
        ByteBuf buf = Bufs.buf(frames);
        uplink.frames(buf, 0, buf.readableBytes());
        buf.release();
    }

    /** A session ends that the master knows. */
    void ends(long id, Reason reason) {
        uplink.ended(FakeSubject.known(id), reason, new byte[0]);
    }

    /** A session is resumed that the master knows. */
    void resumes(long id) {
        uplink.resumed(FakeSubject.known(id), false);
    }

    /** Client loops bring data, as one batch. */
    void up(byte[]... frames) {
        queue(frames);
        uplink.flush();
        loop.run();
    }

    static byte[] data(long id, int number, int length) {
        return Tag.frame(id, Flag.DATA, Bufs.payload(number, length));
    }

    static byte[] failure(long id, Reason reason) {
        return Tag.frame(id, Flag.FAILURE, Bytes.utf8(reason.text()));
    }

    static byte[] reconnection(long id) {
        return Tag.frame(id, Flag.RECONNECTION, new byte[0]);
    }

    /** The whole packets that the master got since the last call. */
    static List<FirehosePacket> heard(FakeChannel channel) {
        return packets(channel.taken());
    }

    static List<FirehosePacket> packets(byte[]... frames) {
        List<FirehosePacket> packets = new ArrayList<>();
        for (byte[] payload : Bufs.payloads(Bytes.concat(frames))) {
            try {
                packets.add(FirehosePacket.decode(payload));
            } catch (MalformedPacketException e) {
                throw new AssertionError(e);
            }
        }
        return packets;
    }

    long count(Metric metric) {
        return metrics.sum(metric);
    }

    /** Ends everything. Memory that is still charged then is a leak. */
    @Override
    public void close() {
        log.close();
        uplink.close();
        loop.run();
        sessions.release();
        assertThat(budget.heldBytes()).as("charged in the end").isZero();
    }

    /** A client link that notes what it gets. */
    final class Link extends ClientPort {
        long id;
        private final List<byte[]> delivered = new ArrayList<>();
        final List<Detach> detached = new ArrayList<>();

        /** The payloads that were delivered since the last call. */
        List<byte[]> delivered() {
            List<byte[]> all = List.copyOf(delivered);
            delivered.clear();
            return all;
        }

        /** The link breaks: its session becomes stale. */
        void lose() {
            sessions.lost(this);
            sessions.detached(this, List.of());
        }

        @Override
        protected void opened(long newId) {
            id = newId;
        }

        @Override
        protected void resumed(Resumption point) {
            id = point.id();
            delivered.addAll(Bufs.payloads(Bufs.bytes(point.frames())));
        }

        @Override
        protected void refused(Refusal why) {}

        @Override
        protected void deliver(ByteBuf buf, int index, int length) {
            byte[] data = new byte[length];
            buf.getBytes(index, data);
            buf.setIntLE(index - 4, -1); // these four bytes are ours
            delivered.add(data);
        }

        @Override
        protected void detach(Detach how, @Nullable Reason reason, byte[] text) {
            detached.add(how);
        }

        @Override
        protected LinkFacts facts() {
            return new LinkFacts("a test", "lost", 0, 0, 0, 0);
        }

        @Override
        protected ClientProtocol protocol() {
            return Version2.PROTOCOL;
        }

        @Override
        protected Cidr from() {
            return HOME;
        }

        @Override
        protected LinkOrigin origin() {
            return new LinkOrigin(HOME.withPort(4711), "192.0.2.254:42000", "test");
        }

        @Override
        protected long waitingBytes() {
            return 0;
        }

        @Override
        protected long bytesUp() {
            return 0;
        }

        @Override
        protected void look(Consumer<LinkView> then) {
            then.accept(new LinkView("test", 0, null, 0, 0, new QueueView(0, 0, new QueueBounds(1, 1))));
        }

        @Override
        protected long heldBytes() {
            return 0;
        }
    }
}
