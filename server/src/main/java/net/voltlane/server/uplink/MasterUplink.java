package net.voltlane.server.uplink;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import net.voltlane.server.link.FirehoseFlow;
import net.voltlane.server.link.FrameCutter;
import net.voltlane.server.link.Gate;
import net.voltlane.server.link.KernelPeerProbe;
import net.voltlane.server.link.MemoryBudget;
import net.voltlane.server.link.MemoryShare;
import net.voltlane.server.link.Owner;
import net.voltlane.server.link.PeerProbe;
import net.voltlane.server.link.RateLimitedLog;
import net.voltlane.server.link.ServedTime;
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
     * @param firehose the version of the firehose
     */
    public record Dependencies(
            EventLoop loop,
            NameLookup names,
            ByteBufAllocator allocator,
            MemoryBudget budget,
            Gate gate,
            FirehoseFlow flow,
            ServedTime time,
            DoubleSupplier jitter,
            FirehoseSettings firehose) {
        /** Version 2 of the firehose. */
        public Dependencies(
                EventLoop loop,
                NameLookup names,
                ByteBufAllocator allocator,
                MemoryBudget budget,
                Gate gate,
                FirehoseFlow flow,
                ServedTime time,
                DoubleSupplier jitter) {
            this(loop, names, allocator, budget, gate, flow, time, jitter, FirehoseSettings.VERSION_2);
        }
    }

    private final EventLoop loop;
    private final MemoryShare share;
    private final LongSupplier nanoClock;
    private UplinkSettings settings;
    private final Counters counters;
    private final Listener listener;
    private final Dialer dialer;
    private final Firehose firehose;
    private final MasterWatch watch;
    private final LingeringLinks lingering;
    private final LinkBootstrap links;

    private UplinkState state = UplinkState.NEW;
    private @Nullable Sessions sessions;
    /** The link to the master; null unless GREETING or UP. */
    private @Nullable Channel channel;

    private final LinkMerit merit = new LinkMerit();

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
        super(around.flow());
        loop = around.loop();
        nanoClock = around.time();
        this.settings = settings;
        share = new MemoryShare(Owner.of(loop), around.budget(), settings.queueBytes());
        this.counters = counters;
        this.listener = listener;
        flow.onChange(this::applyPauses);
        RateLimitedLog faults = FirehoseV2.faultLog(log, nanoClock);
        lingering = new LingeringLinks(loop, around.firehose().transport(), nanoClock);
        watch = new MasterWatch(this, settings, around, counters, probe);
        Firehose.Uplink self = new Links();
        firehose = around.firehose().isVersion3()
                ? new FirehoseV3(self, settings, around, share, counters, faults)
                : new FirehoseV2(self, settings, around, share, counters, faults);
        links = new LinkBootstrap(this, around, counters, faults);
        Backoff backoff = new Backoff(around.jitter());
        dialer = new Dialer(
                loop,
                links.bootstrap(channelType),
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
                        state = UplinkState.OVER;
                        listener.gaveUp(message);
                    }
                });
    }

    /** Begins to dial. */
    public void start(Sessions theirs) {
        assert loop.inEventLoop() : "belongs to the session loop";
        assert state == UplinkState.NEW : "started already";
        state = UplinkState.DIALLING;
        sessions = theirs;
        watch.start();
        firehose.start();
        dialer.start();
    }

    /** Replaces the settings. A link that is there keeps its largest frame; the address is used at the next dial. */
    public void settings(UplinkSettings next) {
        assert loop.inEventLoop() : "belongs to the session loop";
        settings = next;
        share.bound(next.queueBytes());
        watch.settings(next, channel);
        firehose.settings(next);
        dialer.settings(next);
    }

    /** Reads the files of TLS anew, if there is TLS, for the next dial. If one can't be used, the old ones stay. */
    public void tls(MasterTls.Files files) {
        assert loop.inEventLoop() : "belongs to the session loop";
        links.reloadTls(files);
    }

    // ---- packets for the master ----

    @Override
    public void frames(ByteBuf buf, int index, int length) {
        firehose.frames(buf, index, length);
    }

    @Override
    public void flush() {
        firehose.flushSoon();
    }

    @Override
    Firehose firehose() {
        return firehose;
    }

    // ---- figures ----

    /** True while there is a link to the master. */
    public boolean isUp() {
        assert loop.inEventLoop() : "belongs to the session loop";
        return state == UplinkState.UP;
    }

    /** The settings in force. On the session loop, once the uplink is made. */
    public UplinkSettings settings() {
        return settings;
    }

    /** Data packets that wait for the master. */
    public long waitingPackets() {
        return firehose.waitingPackets();
    }

    /** Bytes of the data packets that wait for the master. */
    public long waitingBytes() {
        return firehose.waitingBytes();
    }

    // ---- reading ----

    /** Part of the firehose has been read. */
    void wasRead() {
        flow.wasRead();
        firehose.wasRead();
    }

    private void applyPauses() {
        assert loop.inEventLoop() : "belongs to the session loop";
        if (channel != null) {
            channel.config().setAutoRead(!flow.isPaused());
        }
    }

    // ---- the link ----

    /** Makes the reader of a link's input. */
    FrameCutter reader(Channel link) {
        return firehose.reader(link, theirs(), settings.maxFrameBytes());
    }

    private Sessions theirs() {
        Sessions theirs = sessions;
        assert theirs != null : "dialled before it was started";
        return theirs;
    }

    private void connected(Channel next) {
        assert loop.inEventLoop() : "belongs to the session loop";
        assert state == UplinkState.DIALLING : "one link at a time";
        state = UplinkState.GREETING;
        channel = next;
        watch.add(next, nanoClock.getAsLong());
        applyPauses();
        firehose.attach(next, theirs());
    }

    private void greeted() {
        assert state == UplinkState.GREETING : "greeted twice";
        state = UplinkState.UP;
        counters.count(Metric.MASTER_CONNECTED);
        merit.begins(nanoClock.getAsLong());
        dialer.greeted();
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
        if (isOn(which)) {
            merit.isAtFault();
        }
        lingering.add(which);
        lost(which, why);
    }

    /** The link has ended. Does nothing where the uplink has left that link already. */
    void lost(Channel which, String why) {
        assert loop.inEventLoop() : "belongs to the session loop";
        if (!isOn(which)) {
            return;
        }
        log.debug("Master link lost: {}", why);
        if (left() == UplinkState.UP) {
            counters.count(Metric.MASTER_LOST);
            merit.end(dialer, nanoClock.getAsLong(), "link lost (" + why + ")");
        } else {
            counters.count(Metric.MASTER_DIALS_UNANSWERED);
            dialer.ended(MasterTls.hasBroken(which), why);
        }
    }

    /** Leaves the link. Returns the state before. */
    private UplinkState left() {
        UplinkState before = state;
        state = UplinkState.DIALLING;
        channel = null;
        firehose.detach();
        return before;
    }

    /** The links as the firehose sees them. */
    private final class Links implements Firehose.Uplink {
        @Override
        public void greeted() {
            MasterUplink.this.greeted();
        }

        @Override
        public void unanswered(Channel link, String how, boolean isSilent) {
            if (!isOn(link) || state != UplinkState.GREETING) {
                return; // the uplink has finished, and the link lingers
            }
            lingering.add(link);
            left();
            counters.count(Metric.MASTER_DIALS_UNANSWERED);
            dialer.ungreeted(isSilent ? Dialer.Ungreeted.SILENT : Dialer.Ungreeted.WRONG, how);
        }

        @Override
        public void refuse(Channel link, String why) {
            MasterUplink.this.refuse(link, why);
        }

        @Override
        public void lost(Channel link, String why) {
            MasterUplink.this.lost(link, why);
        }

        @Override
        public void proven() {
            merit.isProven();
        }

        @Override
        public void sent() {
            finishIfAllIsSent();
        }
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
        firehose.flush();
        finishIfAllIsSent();
    }

    /** Ends everything, and drops the packets that wait. */
    public void close() {
        assert loop.inEventLoop() : "belongs to the session loop";
        state = UplinkState.OVER;
        dialer.stop();
        watch.stop();
        Channel last = channel;
        channel = null;
        if (last != null) {
            last.close();
        }
        lingering.reset();
        firehose.close();
        links.release();
    }

    private void finishIfAllIsSent() {
        if (onFinished != null && (firehose.isDone() || state == UplinkState.OVER)) {
            finished(onFinished);
        }
    }

    private void finished(Runnable whenDone) {
        onFinished = null;
        if (state == UplinkState.UP) {
            firehose.flush(); // the last word on what was received
        }
        state = UplinkState.OVER;
        dialer.stop();
        Channel last = channel;
        channel = null;
        if (last != null && last.isActive()) {
            lingering.add(last);
        }
        lingering.whenNone(whenDone);
    }
}
