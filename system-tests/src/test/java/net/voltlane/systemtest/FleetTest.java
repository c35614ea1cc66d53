package net.voltlane.systemtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.voltlane.protocol.Reason;
import net.voltlane.testkit.Seeds;
import org.junit.jupiter.api.Test;

/**
 * Random faults on both kinds of link, under the traffic of a whole fleet. What each letter must be is checked by
 * {@link CheckedClient} and {@link SessionCheck} as it comes.
 */
class FleetTest {
    private static final int CLIENTS = 12;
    /** {@code -Dvoltlane.faults} makes the test longer. */
    private static final int FAULTS = Integer.getInteger("voltlane.faults", 80);

    @Test
    void nothingIsLostBeyondWhatACutLinkHadTakenAndEachSessionEndsOnce() {
        Seeds.run(seed -> {
            try (Fleet fleet = new Fleet(CLIENTS, seed, new Settings(), new CheckedClient.Manner(false, 0))) {
                fleet.awaitTraffic();
                Map<String, Integer> faults = new TreeMap<>();
                for (int i = 0; i < FAULTS; i++) {
                    faults.merge(fleet.fault(), 1, Integer::sum);
                }
                fleet.masterDiesAndReturns();
                fleet.awaitTraffic();
                fleet.settle();
                for (CheckedClient client : fleet.clients()) {
                    assertThat(fleet.master().lastNumber(client.id()))
                            .as("the last letter of client %d", client.id())
                            .isEqualTo(client.lastSent());
                }
                assertThat(fleet.master().open()).hasSize(CLIENTS);
                assertThat(fleet.master().failures()).isZero();
                everySessionEndsOnce(fleet);
                System.out.printf(
                        "faults survived: %d with seed %d, %s; letters %d, answers %d, client links %d, firehoses %d%n",
                        FAULTS,
                        seed,
                        faults,
                        fleet.master().letters(),
                        fleet.answers(),
                        fleet.clients().stream().mapToInt(CheckedClient::links).sum(),
                        fleet.master().firehoses());
            }
        });
    }

    /** Some by a kick, the others by the server's orderly stop. */
    private static void everySessionEndsOnce(Fleet fleet) {
        Map<Long, String> expected = new HashMap<>();
        List<Long> kicked = new ArrayList<>();
        for (CheckedClient client : fleet.clients()) {
            boolean kick = kicked.size() < CLIENTS / 3;
            expected.put(client.id(), (kick ? Reason.CLIENT_KICKED : Reason.SERVER_STOPPING).text());
            if (kick) {
                kicked.add(client.id());
            }
        }
        fleet.clients().subList(0, kicked.size()).forEach(CheckedClient::leaveForGood);
        kicked.forEach(fleet.master()::kick);
        await().atMost(Duration.ofSeconds(10)).until(() -> fleet.master().failures() == kicked.size());
        fleet.clients().forEach(CheckedClient::leaveForGood);
        fleet.server().signal("TERM");
        assertThat(fleet.server().awaitExit(Duration.ofSeconds(20))).isZero();
        await().atMost(Duration.ofSeconds(10)).until(() -> fleet.master().open().isEmpty());
        fleet.master().check();
        assertThat(fleet.master().failures()).isEqualTo(CLIENTS);
        expected.forEach((id, reason) -> assertThat(fleet.master().endOf(id))
                .as("the end of session %d", id)
                .isEqualTo(reason));
    }

    @Test
    void aKilledServerIsComeBackToWithNewSessionsUnderTheSameKey() {
        Seeds.run(seed -> {
            try (Fleet fleet = new Fleet(CLIENTS, seed, new Settings(), new CheckedClient.Manner(true, 0))) {
                fleet.awaitTraffic();
                byte[] key = serverKey(fleet);
                for (int kills = 1; kills <= 2; kills++) {
                    fleet.killServer();
                    fleet.awaitTraffic();
                    int told = kills;
                    assertThat(fleet.clients())
                            .allSatisfy(
                                    client -> assertThat(client.sessionsLost()).isEqualTo(told));
                }
                fleet.settle();
                assertThat(serverKey(fleet)).isEqualTo(key);
                for (CheckedClient client : fleet.clients()) {
                    assertThat(fleet.master().lastNumber(client.id())).isEqualTo(client.lastSent());
                }
            }
        });
    }

    private static byte[] serverKey(Fleet fleet) {
        return fleet.clients().get(0).identity().serverKey();
    }
}
