package net.voltlane.server.edge;

import io.netty.channel.EventLoop;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.voltlane.protocol.link3.GoAway;

/**
 * The walk along the links of one loop that tells their clients to go away, since the server drains. A step sends to a
 * bounded number of clients, so that the loop serves its sockets in between. Belongs to its loop.
 */
final class GoingAway implements Runnable {
    private static final int LINKS_PER_STEP = 256;
    private static final long STEP_MILLIS = 1;

    private final EventLoop loop;
    private final List<Heartbeat> links;
    private final List<GoAway> goAways;
    private int next;

    /**
     * @param links of version 3 that are live; each is told unless it has ended by its turn
     * @param goAways what they are told in turn, so that not all go to the same server; not empty
     */
    GoingAway(EventLoop loop, List<Heartbeat> links, List<GoAway> goAways) {
        this.loop = loop;
        this.links = links;
        this.goAways = goAways;
    }

    @Override
    public void run() {
        assert loop.inEventLoop() : "belongs to its client loop";
        for (int end = Math.min(links.size(), next + LINKS_PER_STEP); next < end; next++) {
            Heartbeat told = links.get(next);
            ClientLink link = told.liveLink();
            if (link != null && link.isLive()) {
                told.goAway(link, goAways.get(next % goAways.size()));
            }
        }
        if (next < links.size()) {
            loop.schedule(this, STEP_MILLIS, TimeUnit.MILLISECONDS);
        }
    }
}
