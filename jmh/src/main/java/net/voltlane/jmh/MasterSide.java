package net.voltlane.jmh;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.firehose3.FirehoseMessage;
import net.voltlane.server.names.NameLookup;
import net.voltlane.server.session.Sessions;
import net.voltlane.server.uplink.FirehoseSettings;
import net.voltlane.server.uplink.MasterUplink;
import net.voltlane.server.uplink.UplinkSettings;

/** The server's link to the master, and the master. */
final class MasterSide {
    private static final UplinkSettings SETTINGS = new UplinkSettings(
            "127.0.0.1",
            42001,
            Limits.masterFrameLimitBytes(Limits.DEFAULT_MAX_FRAME_BYTES),
            32_768,
            64 << 20,
            TimeUnit.SECONDS.toNanos(30),
            TimeUnit.SECONDS.toNanos(20));

    private static final NameLookup.Found HERE = new NameLookup.Found(List.of(InetAddress.getLoopbackAddress()), "");

    final MasterUplink uplink;

    MasterSide(ServerParts around, MasterUplink.Listener listener) {
        this(around, listener, FirehoseSettings.VERSION_2);
    }

    /** The link of a firehose with this version, 2 or 3. */
    static MasterSide of(ServerParts around, int firehose) {
        byte[] name = new byte[FirehoseMessage.INSTANCE_BYTES];
        ServerParts.RANDOM.nextBytes(name);
        return new MasterSide(around, new Listener(), new FirehoseSettings(firehose, true, name));
    }

    private MasterSide(ServerParts around, MasterUplink.Listener listener, FirehoseSettings firehose) {
        uplink = new MasterUplink(
                MemoryChannel.class,
                SETTINGS,
                new MasterUplink.Dependencies(
                        around.loops.session(),
                        (host, then) -> then.accept(HERE),
                        ServerParts.ALLOCATOR,
                        around.budget,
                        around.gate,
                        around.flow,
                        around.time,
                        () -> 0.5,
                        firehose),
                around.counters,
                listener);
    }

    /** Dials; the master accepts. */
    MemoryChannel connect(Loops loops, Sessions sessions) {
        uplink.start(sessions);
        loops.run();
        return MemoryChannel.lastDialled();
    }

    /** Ends the benchmark where the master can't be reached. */
    static final class Listener implements MasterUplink.Listener {
        @Override
        public void reached() {}

        @Override
        public void gaveUp(String message) {
            throw new IllegalStateException(message);
        }
    }
}
