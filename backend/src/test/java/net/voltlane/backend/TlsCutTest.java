package net.voltlane.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import net.voltlane.server.VoltlaneServer;
import net.voltlane.server.config.Address;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.Direction;
import net.voltlane.testkit.FaultRelay;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.Ports;
import net.voltlane.testkit.ScriptedClient;
import net.voltlane.testkit.Seeds;
import net.voltlane.testkit.certificates.TestAuthority;
import net.voltlane.testkit.certificates.TestCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A firehose 2 inside TLS, cut at random bytes of handshakes and records. What a cut link had taken is lost, as without TLS;
 * nothing comes twice or out of order, since a record that was cut counts as not sent. Firehose 3 has a test of its own.
 */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class TlsCutTest {
    /** Servers beside each other: one that loses its master again and again waits longer before each dial. */
    private static final int LIVES = 5;

    private static final int CUTS = 2;
    /** More than a handshake takes in either direction, and some packets. */
    private static final int MAX_CUT_BYTES = 5_000;

    private static final int MAX_HANDSHAKE_BYTES = 1_200;

    @TempDir
    Path folder;

    /** A server with a backend behind a relay, and one client. */
    private final class Life implements Handler {
        private final List<Integer> arrived = new CopyOnWriteArrayList<>();
        private final Random random;
        private int sent;

        Life(long seed) {
            random = new Random(seed);
        }

        @Override
        public void data(Session session, byte[] data) {
            arrived.add(Bytes.number(data));
            session.send(data);
        }

        private void send(ScriptedClient client) {
            client.send(Bytes.numbered(sent, 4 + sent * 131 % 900));
            sent++;
        }

        private boolean hasArrived(int number) {
            return !arrived.isEmpty() && arrived.get(arrived.size() - 1) >= number;
        }

        private void sendUntil(ScriptedClient client, BooleanSupplier done) {
            await().pollInterval(Duration.ofMillis(2)).until(() -> {
                send(client);
                return done.getAsBoolean();
            });
        }

        Void run(BackendTls tls, Path ca) throws Exception {
            try (VoltlaneBackend backend =
                            VoltlaneBackend.listen(Ports.loopback(0), this, BackendOptions.DEFAULT.withTls(tls));
                    FaultRelay relay = FaultRelay.to(backend.address())) {
                VoltlaneServer server = start(relay.address().getPort(), ca);
                try (ScriptedClient client = ScriptedClient.open(
                        server.listening().toCompletableFuture().get(20, TimeUnit.SECONDS))) {
                    for (int cut = 0; cut < CUTS; cut++) {
                        cut(relay, client);
                    }
                    relay.cutAfter(Direction.OUT, Long.MAX_VALUE);
                    relay.cutAfter(Direction.BACK, Long.MAX_VALUE);
                    int last = sent;
                    sendUntil(client, () -> hasArrived(last));
                    assertThat(arrived).isSorted().doesNotHaveDuplicates();
                    int before = -1;
                    while (before < last) {
                        int echoed = Bytes.number(client.receive());
                        assertThat(echoed).isGreaterThan(before);
                        before = echoed;
                    }
                } finally {
                    server.stop();
                    server.ended()
                            .toCompletableFuture()
                            .orTimeout(15, TimeUnit.SECONDS)
                            .join();
                }
            }
            return null;
        }

        /** Cuts a link and its successor, and sends until something gets through on a later one. */
        private void cut(FaultRelay relay, ScriptedClient client) {
            int links = relay.links();
            Direction direction = random.nextBoolean() ? Direction.OUT : Direction.BACK;
            relay.cutAfter(direction, 1 + random.nextInt(MAX_CUT_BYTES));
            sendUntil(client, () -> relay.links() > links);
            relay.cutAfter(direction, 1 + random.nextInt(MAX_HANDSHAKE_BYTES)); // most likely of the new handshake
            int from = sent;
            sendUntil(client, () -> hasArrived(from));
        }
    }

    @Test
    void nothingComesTwiceNorOutOfOrder() {
        Seeds.run(seed -> {
            TestAuthority authority = TestAuthority.create("backends");
            TestCertificate.Pair own = authority.server("127.0.0.1").write(folder, "backend");
            BackendTls tls = BackendTls.ofPem(own.chain(), own.key());
            Path ca = authority.write(folder, "ca");
            ExecutorService threads = Executors.newFixedThreadPool(LIVES);
            try {
                List<Callable<Void>> lives = new ArrayList<>();
                for (int i = 0; i < LIVES; i++) {
                    Life life = new Life(seed + i);
                    lives.add(() -> life.run(tls, ca));
                }
                for (Future<Void> done : threads.invokeAll(lives)) {
                    done.get();
                }
            } finally {
                threads.shutdownNow();
            }
        });
    }

    private VoltlaneServer start(int port, Path ca) {
        ServerConfig config = ServerConfig.defaults();
        return VoltlaneServer.start(config.withListener(config.listener()
                        .withAddress(new Address("127.0.0.1", 0))
                        .withKeyFile(""))
                .withMaster(config.master()
                        .withAddress(new Address("127.0.0.1", port))
                        .withTls(true)
                        .withCa(ca.toString())));
    }
}
