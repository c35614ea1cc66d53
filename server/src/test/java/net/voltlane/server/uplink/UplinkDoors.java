package net.voltlane.server.uplink;

import io.netty.channel.Channel;
import net.voltlane.server.link.PeerProbe;
import net.voltlane.server.metrics.Counters;

/** What tests of other packages need of this one. */
public final class UplinkDoors {
    private UplinkDoors() {}

    /** The master's side of a server whose peer is known by {@code probe}. */
    public static MasterUplink uplink(
            Class<? extends Channel> channelType,
            UplinkSettings settings,
            MasterUplink.Dependencies around,
            Counters counters,
            MasterUplink.Listener listener,
            PeerProbe probe) {
        return new MasterUplink(channelType, settings, around, counters, listener, probe);
    }
}
