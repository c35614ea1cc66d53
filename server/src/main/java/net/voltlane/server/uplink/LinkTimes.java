package net.voltlane.server.uplink;

import io.netty.channel.Channel;
import java.util.function.Supplier;
import net.voltlane.server.link.LingeringClose;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metric;
import org.jspecify.annotations.Nullable;

/** The outcomes of the times of a link of firehose 3 that have run out. Belongs to the session loop. */
final class LinkTimes implements Liveness.Link {
    private final Supplier<@Nullable Channel> link;
    private final Firehose.Uplink uplink;
    private final FirehoseOutput output;
    private final MasterUplink.Dependencies around;
    private final Counters counters;

    /** @param link the link of the moment; null while there is none */
    LinkTimes(
            Supplier<@Nullable Channel> link,
            Firehose.Uplink uplink,
            FirehoseOutput output,
            MasterUplink.Dependencies around,
            Counters counters) {
        this.link = link;
        this.uplink = uplink;
        this.output = output;
        this.around = around;
        this.counters = counters;
    }

    @Override
    public void unanswered() {
        Channel which = link.get();
        if (which != null) {
            uplink.unanswered(which, "no Welcome within 10 s", true);
        }
    }

    @Override
    public void quiet() {
        output.ping();
    }

    @Override
    public void silent() {
        Channel which = link.get();
        if (which != null) {
            counters.count(Metric.MASTER_PEER_SILENT);
            LingeringClose.reset(which);
            uplink.lost(which, "sent nothing for 15 s");
        }
    }

    @Override
    public boolean isReading() {
        return !around.flow().isPaused();
    }
}
