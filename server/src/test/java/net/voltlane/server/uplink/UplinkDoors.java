package net.voltlane.server.uplink;

import io.netty.channel.Channel;
import net.voltlane.server.link.PeerProbe;
import net.voltlane.server.metrics.Counters;

/** Access to this package for tests of other packages. */
public final class UplinkDoors {
    private UplinkDoors() {}

    /** An uplink that asks {@code probe} about its peer. */
    public static MasterUplink uplink(
            Class<? extends Channel> channelType,
            UplinkSettings settings,
            MasterUplink.Dependencies around,
            Counters counters,
            MasterUplink.Listener listener,
            PeerProbe probe) {
        return new MasterUplink(channelType, settings, around, counters, listener, probe);
    }

    /** The class that logs what comes of new certificates towards the master. */
    public static Class<?> tlsLog() {
        return LinkBootstrap.class;
    }
}
