package net.voltlane.server.edge;

import static net.voltlane.server.link.Bufs.payload;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import net.voltlane.server.metrics.Metric;
import org.junit.jupiter.api.Test;

/** Links of version 3 that break at every byte, in both directions: nothing is lost, and nothing comes twice. */
final class Version3CutsTest extends HandshakeCase {
    /** A client with a session that has heard its id. */
    private CountedEdgeClient open() {
        CountedEdgeClient client = new CountedEdgeClient(harness);
        client.all();
        assertThat(client.client.id()).isNotZero();
        return client;
    }

    /** Traffic in both directions, of which nothing has arrived. */
    private static void traffic(CountedEdgeClient client) {
        client.sends(payload(1, 20));
        client.sends(payload(2, 0));
        client.isSent(payload(11, 30));
        client.isSent(payload(12, 0));
        client.sends(payload(3, 40));
        client.isSent(payload(13, 60));
    }

    @Test
    void aCutAtEveryByteOfWhatTheClientSendsLosesNothing() {
        CountedEdgeClient client = open();
        int bytes = 1;
        for (int cut = 0; cut <= bytes; cut++) {
            traffic(client);
            client.client.acknowledge();
            bytes = client.bytesToServer();
            client.up(cut);
            client.isCut();
            client.isSent(payload(14, 10));
            client.comesBack();
            client.heals();
        }
        assertThat(bytes).isGreaterThan(70);
    }

    @Test
    void aCutAtEveryByteOfWhatTheServerSendsLosesNothing() {
        CountedEdgeClient client = open();
        int bytes = 1;
        for (int cut = 0; cut <= bytes; cut++) {
            traffic(client);
            client.up(Integer.MAX_VALUE);
            harness.advance(Duration.ofSeconds(1));
            bytes = client.bytesToClient();
            client.down(cut);
            client.client.acknowledge();
            client.up(cut % 2 == 0 ? Integer.MAX_VALUE : 5);
            client.isCut();
            client.comesBack();
            client.heals();
        }
        assertThat(bytes).isGreaterThan(100);
    }

    @Test
    void aCutAtEveryByteThatTheSocketTakesLosesNothing() {
        CountedEdgeClient client = open();
        for (int cut = 0; cut <= 130; cut++) {
            client.channel.takes(cut);
            traffic(client);
            client.up(Integer.MAX_VALUE);
            client.down(Integer.MAX_VALUE);
            client.isCut();
            client.comesBack();
            client.heals();
        }
    }

    @Test
    void aCutAtEveryByteOfAResumeLosesNothing() {
        CountedEdgeClient client = open();
        for (int cut = 0; cut <= 420; cut++) {
            traffic(client);
            client.isCut();
            client.comesBack();
            int left = cut; // of all bytes in both directions
            while (left > 0 && (client.bytesToServer() > 0 || client.bytesToClient() > 0)) {
                int up = Math.min(left, client.bytesToServer());
                client.up(up);
                left -= up;
                int down = Math.min(left, client.bytesToClient());
                client.down(down);
                left -= down;
            }
            client.isCut();
            client.comesBack();
            client.heals();
        }
    }

    @Test
    void aTakeoverAtEveryByteLosesNothing() {
        CountedEdgeClient client = open();
        for (int cut = 0; cut <= 130; cut++) {
            client.channel.takes(cut);
            traffic(client);
            client.up(cut);
            client.down(cut / 2);
            client.comesBack(); // and the old link still looks alive
            client.heals();
        }
    }

    @Test
    void manyRandomCutsLoseNothing() {
        long first = Long.getLong("voltlane.seed", System.nanoTime());
        for (long seed = first; seed < first + 8; seed++) {
            try {
                worlds(new Random(seed));
            } catch (AssertionError e) {
                throw new AssertionError("-Dvoltlane.seed=" + seed, e);
            }
        }
        assertThat(harness.count(Metric.SESSIONS_RESUMED) + harness.count(Metric.SESSIONS_TAKEN_OVER))
                .isGreaterThan(200);
        assertThat(harness.count(Metric.UNACKNOWLEDGED_RESENT)).isPositive();
    }

    private void worlds(Random random) {
        CountedEdgeClient client = open();
        int number = 0;
        for (int step = 0; step < 2_000; step++) {
            switch (random.nextInt(16)) {
                case 0, 1 -> client.sends(payload(number++, length(random)));
                case 2, 3 -> client.isSent(payload(number++, length(random)));
                case 4, 5 -> client.up(random.nextInt(200));
                case 6 -> client.up(Integer.MAX_VALUE);
                case 7, 8 -> client.down(random.nextInt(200));
                case 9 -> client.down(Integer.MAX_VALUE);
                case 10 -> client.client.acknowledge();
                case 11 -> client.channel.takes(random.nextInt(100));
                case 12 -> client.channel.takesAll();
                case 13 -> harness.advance(Duration.ofMillis(100));
                case 14 -> {
                    if (random.nextInt(3) > 0) {
                        client.isCut();
                    }
                    client.comesBack();
                }
                case 15 -> {
                    if (harness.gate.isShut()) {
                        harness.gate.open();
                    } else if (random.nextBoolean()) {
                        harness.gate.shut();
                    }
                    harness.run();
                }
                default -> throw new AssertionError();
            }
            if (!client.channel.isOpen()) {
                client.comesBack(); // timed out
            }
        }
        harness.gate.open();
        harness.run();
        client.heals();
    }

    private static int length(Random random) {
        return random.nextInt(20) == 0 ? 4_000 + random.nextInt(2_000) : random.nextInt(100);
    }
}
