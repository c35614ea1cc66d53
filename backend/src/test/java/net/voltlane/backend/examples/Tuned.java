package net.voltlane.backend.examples;

import java.io.IOException;
import java.time.Duration;
import net.voltlane.backend.BackendOptions;
import net.voltlane.backend.BackendStats;
import net.voltlane.backend.Handler;
import net.voltlane.backend.VoltlaneBackend;

final class Tuned {
    private Tuned() {}

    static VoltlaneBackend listen(String address, Handler handler) throws IOException {
        BackendOptions options = BackendOptions.DEFAULT
                .withOrphanTimeout(Duration.ofMinutes(10))
                .withSendBufferBytes(16 << 20)
                .withAwayBufferBytes(0);
        VoltlaneBackend backend = VoltlaneBackend.listen(address, handler, options);
        return backend;
    }

    static String summary(VoltlaneBackend backend) {
        BackendStats stats = backend.stats();
        return stats.sessions() + " sessions, " + stats.sessionsAway() + " of them away; " + stats.received()
                + " packets received, " + stats.sent() + " sent, " + stats.dropped() + " dropped";
    }
}
