package net.voltlane.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Objects;
import net.voltlane.server.address.Cidr;
import net.voltlane.server.guard.Guard;
import net.voltlane.server.guard.GuardLimits;
import net.voltlane.server.link.Logged;
import net.voltlane.server.metrics.Metrics;
import net.voltlane.server.store.Claimed;
import net.voltlane.server.store.FakeStorage;
import net.voltlane.server.store.RecordStore;
import net.voltlane.server.store.StoreException;
import net.voltlane.testkit.ManualClock;
import org.junit.jupiter.api.Test;

/** The thread on which bans are exchanged. */
final class FleetBansTest {
    private static final RecordStore.Listener NOBODY = new RecordStore.Listener() {
        @Override
        public void claimed(Claimed by) {}

        @Override
        public void up() {}

        @Override
        public void down(StoreException why) {}
    };

    @Test
    void anErrorOfOursIsTold() {
        Metrics metrics = new Metrics();
        ManualClock clock = new ManualClock();
        Guard guard = new Guard(GuardLimits.OFF, metrics, clock, clock);
        try (RecordStore store = new FakeStorage().open("one", NOBODY);
                Logged logged = new Logged(VoltlaneServer.class);
                FleetBans bans = FleetBans.start(
                        Objects.requireNonNull(store.fleet()),
                        guard.bans(),
                        store::isUp,
                        () -> {
                            throw new IllegalStateException("no name");
                        },
                        metrics)) {
            guard.bans().add(Objects.requireNonNull(Cidr.parse("192.0.2.7")), null);
            await().atMost(Duration.ofSeconds(30))
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(logged.lines())
                            .anyMatch(line -> line.contains("bans may not be shared with the fleet")));
            assertThat(bans).isNotNull();
        }
    }
}
