package net.voltlane.server.uplink;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import net.voltlane.server.link.FirehoseFlow;
import net.voltlane.server.link.Gate;
import net.voltlane.server.link.Keepalive;
import net.voltlane.server.link.KernelPeerProbe;
import net.voltlane.server.link.LinkReads;
import net.voltlane.server.link.MemoryBudget;
import net.voltlane.server.link.MemoryShare;
import net.voltlane.server.link.Owner;
import net.voltlane.server.link.PeerProbe;
import net.voltlane.server.link.RateLimitedLog;
import net.voltlane.server.link.ServedTime;
import net.voltlane.server.link.SharedBuffer;
import net.voltlane.server.link.Upstream;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.names.NameLookup;
import net.voltlane.server.session.Sessions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's end of the firehose: one link to the master after another, each of which goes on where the last one broke
 * off. Belongs to the session loop.
 */
public final class MasterUplink extends MasterEvents implements Upstream {
    private static final Logger log = LoggerFactory.getLogger(MasterUplink.class);
    private static final int READ_BYTES = 256 * 1024;
    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;

    /**
     * The state of the uplink.
     *
     * <pre>
     *   NEW ──start──► DIALLING ──the master accepts───► UP
     *                  DIALLING ◄──the link is lost───── UP
     *   DIALLING ──the master is away for too long─────► OVER
     *   DIALLING, UP ──finish, and all has been sent───► OVER, while the last links linger
     *   NEW, DIALLING, UP ──close──────────────────────► OVER
     * </pre>
     */
    private enum State {
        NEW,
        DIALLING,
        UP,
        OVER
    }

    /** The receiver of the news that concern the whole server. Called on the session loop. */
    public interface Listener {
        /** The master was reached for the first time. */
        void reached();

        /** The master stayed away for too long. Dialling has ended. */
        void gaveUp(String message);
    }

    /**
     * The parts of the server that the uplink shares.
     *
     * @param names looks up the master's name; belongs to {@code loop}
     * @param jitter random numbers, uniform in [0, 1), that draw the dials of several servers apart
     */
    public record Dependencies(
            EventLoop loop,
            NameLookup names,
            ByteBufAllocator allocator,
            MemoryBudget budget,
            Gate gate,
            FirehoseFlow flow,
            ServedTime time,
            DoubleSupplier jitter) {}

    private final EventLoop loop;
    private final ByteBufAllocator allocator;
    private final MemoryShare share;
    private final LongSupplier nanoClock;
    private UplinkSettings settings;
    private final Counters counters;
    private final Listener listener;
    private final Dialer dialer;
    private final RateLimitedLog faults;
    private final SharedBuffer reads;
    private final MasterQueue queue;
    private final FirehoseV2 protocol;
    private final FirehoseFlow flow;
    private final MasterWatch watch;
    private final LingeringLinks lingering;

    private State state = State.NEW;
    private @Nullable Sessions sessions;
    /** The link to the master; null unless UP. */
    private @Nullable Channel channel;

    private long connectedAtNanos;
    private boolean reachedOnce;
    /** Runs when all has been sent; null before {@link #finish}. */
    private @Nullable Runnable onFinished;

    public MasterUplink(
            Class<? extends Channel> channelType,
            UplinkSettings settings,
            Dependencies around,
            Counters counters,
            Listener listener) {
        this(channelType, settings, around, counters, listener, new KernelPeerProbe());
    }

    MasterUplink(
            Class<? extends Channel> channelType,
            UplinkSettings settings,
            Dependencies around,
            Counters counters,
            Listener listener,
            PeerProbe probe) {
        loop = around.loop();
        allocator = around.allocator();
        nanoClock = around.time();
        this.settings = settings;
        share = new MemoryShare(Owner.of(loop), around.budget(), settings.queueBytes());
        this.counters = counters;
        this.listener = listener;
        flow = around.flow();
        flow.onChange(this::applyPauses);
        faults = FirehoseV2.faultLog(log, nanoClock);
        reads = new SharedBuffer(allocator, READ_BYTES);
        lingering = new LingeringLinks(loop, nanoClock);
        watch = new MasterWatch(this, settings, around, counters, probe);
        queue = new MasterQueue(settings, around, share, counters, this::finishIfAllIsSent);
        protocol = new FirehoseV2(queue, counters, faults);
        Backoff backoff = new Backoff(around.jitter());
        dialer = new Dialer(
                loop,
                bootstrap(channelType),
                around.names(),
                settings,
                counters,
                nanoClock,
                backoff,
                new Dialer.Outcome() {
                    @Override
                    public void connected(Channel next) {
                        MasterUplink.this.connected(next);
                    }

                    @Override
                    public void gaveUp(String message) {
                        state = State.OVER;
                        listener.gaveUp(message);
                    }
                });
    }

    private Bootstrap bootstrap(Class<? extends Channel> channelType) {
        return new Bootstrap()
                .group(loop)
                .channel(channelType)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.ALLOCATOR, allocator)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel next) {
                        prepare(next);
                    }
                });
    }

    /** Begins to dial. */
    public void start(Sessions theirs) {
        assert loop.inEventLoop() : "belongs to the session loop";
        assert state == State.NEW : "started already";
        state = State.DIALLING;
        sessions = theirs;
        watch.start();
        dialer.start();
    }

    /** Replaces the settings. A link that is there keeps its largest frame; the address is used at the next dial. */
    public void settings(UplinkSettings next) {
        assert loop.inEventLoop() : "belongs to the session loop";
        settings = next;
        share.bound(next.queueBytes());
        watch.settings(next, channel);
        queue.settings(next);
        dialer.settings(next);
    }

    // ---- packets for the master ----

    @Override
    public void frames(ByteBuf buf, int index, int length) {
        queue.frames(buf, index, length);
    }

    @Override
    public void flush() {
        queue.flushSoon();
    }

    @Override
    Firehose firehose() {
        return protocol;
    }

    // ---- figures ----

    /** True while there is a link to the master. */
    public boolean isUp() {
        assert loop.inEventLoop() : "belongs to the session loop";
        return state == State.UP;
    }

    /** The settings in force. */
    public UplinkSettings settings() {
        assert loop.inEventLoop() : "belongs to the session loop";
        return settings;
    }

    /** Data packets that wait for the master. */
    public long waitingPackets() {
        return queue.waitingPackets();
    }

    /** Bytes of the data packets that wait for the master. */
    public long waitingBytes() {
        return queue.waitingBytes();
    }

    // ---- reading ----

    @Override
    public void block() {
        flow.block();
    }

    @Override
    public void unblock() {
        flow.unblock();
    }

    /** Part of the firehose has been read. */
    void wasRead() {
        flow.wasRead();
    }

    private void applyPauses() {
        assert loop.inEventLoop() : "belongs to the session loop";
        if (channel != null) {
            channel.config().setAutoRead(!flow.isPaused());
        }
    }

    // ---- the link ----

    private void prepare(Channel next) {
        assert loop.inEventLoop() : "belongs to the session loop";
        Sessions theirs = sessions;
        assert theirs != null : "dialled before it was started";
        Keepalive.of(settings.peerTimeoutNanos()).apply(next);
        next.config().setRecvByteBufAllocator(new LinkReads<>(next, () -> reads));
        next.pipeline()
                .addLast(
                        "firehose",
                        new FirehoseReader(
                                this,
                                protocol.reader(theirs, settings.maxFrameBytes(), allocator, share),
                                counters,
                                faults,
                                settings.maxFrameBytes()));
    }

    private void connected(Channel next) {
        assert loop.inEventLoop() : "belongs to the session loop";
        Sessions theirs = sessions;
        assert theirs != null : "dialled before it was started";
        assert state == State.DIALLING : "one link at a time";
        counters.count(Metric.MASTER_CONNECTED);
        state = State.UP;
        connectedAtNanos = nanoClock.getAsLong();
        channel = next;
        watch.add(next, connectedAtNanos);
        applyPauses();
        queue.attach(next, protocol.announcements(theirs, allocator));
        if (!reachedOnce) {
            reachedOnce = true;
            listener.reached();
        }
    }

    /** True while this is the link to the master. */
    boolean isOn(Channel which) {
        assert loop.inEventLoop() : "belongs to the session loop";
        return which == channel;
    }

    /** Ends a link that can't be read any further, so that what it was just sent still arrives. */
    void refuse(Channel which, String why) {
        lingering.add(which);
        lost(which, why);
    }

    /** The link has ended. Does nothing where the uplink has left that link already. */
    void lost(Channel which, String why) {
        assert loop.inEventLoop() : "belongs to the session loop";
        if (!isOn(which)) {
            return;
        }
        counters.count(Metric.MASTER_LOST);
        log.debug("Master link lost: {}", why);
        state = State.DIALLING;
        channel = null;
        queue.detach();
        dialer.again(nanoClock.getAsLong() - connectedAtNanos, "link lost (" + why + ")");
    }

    // ---- the end ----

    /**
     * Sends the packets that wait, then closes the link. If the master has stayed away for too long, it is done at once.
     *
     * @param whenDone runs once the master has closed as well, or its time for that is over
     */
    public void finish(Runnable whenDone) {
        assert loop.inEventLoop() : "belongs to the session loop";
        onFinished = whenDone;
        queue.flush();
    }

    /** Ends everything, and drops the packets that wait. */
    public void close() {
        assert loop.inEventLoop() : "belongs to the session loop";
        state = State.OVER;
        dialer.stop();
        watch.stop();
        Channel last = channel;
        channel = null;
        if (last != null) {
            last.close();
        }
        lingering.reset();
        queue.close();
        reads.release();
    }

    private void finishIfAllIsSent() {
        if (onFinished != null && (queue.isEmpty() || state == State.OVER)) {
            finished(onFinished);
        }
    }

    private void finished(Runnable whenDone) {
        onFinished = null;
        state = State.OVER;
        dialer.stop();
        Channel last = channel;
        channel = null;
        if (last != null && last.isActive()) {
            lingering.add(last);
        }
        lingering.whenNone(whenDone);
    }
}
