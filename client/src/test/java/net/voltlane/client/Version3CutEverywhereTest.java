package net.voltlane.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.Direction;
import net.voltlane.testkit.FaultRelay;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests in which a relay resets links of version 3 after each byte: in each handshake, in data, and in acknowledgements,
 * in either direction. Every packet arrives once, in order, both ways. Several clients, each behind a relay of its own, take
 * the bytes in turn.
 */
@Timeout(120)
@ExtendWith({LeakCheck.class, ThreadsLeft.class})
final class Version3CutEverywhereTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int CLIENTS = 8;

    /** The bytes of a new session's handshake. Out: version 6, Open 41. Back: Opened 55. */
    private static final int OPEN_BYTES = 60;

    /**
     * The bytes of a resume and what follows. Out: version 6, Resume 63, Answer 37, Data and Ack of some bytes. Back:
     * Challenge 37, Resumed 55, Ack 13, Data.
     */
    private static final int RESUME_BYTES = 190;

    /** Cuts behind the bytes from {@code first} on, every so many bytes. */
    private interface Cuts {
        void run(FaultRelay relay, int first, int step) throws Exception;
    }

    private static ClientBuilder client(FaultRelay relay) {
        return VoltlaneClient.builder("127.0.0.1", relay.address().getPort())
                .protocol(Protocol.V3)
                .backoff(Duration.ofMillis(1), Duration.ofMillis(20));
    }

    /** Lets several clients share the bytes. */
    private static void atEachByte(Cuts cuts) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        try (OwnServer server = OwnServer.start()) {
            server.master().echo(true);
            InetSocketAddress address =
                    server.server().listening().toCompletableFuture().get(20, TimeUnit.SECONDS);
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int i = 1; i <= CLIENTS; i++) {
                int first = i;
                tasks.add(() -> {
                    try (FaultRelay relay = FaultRelay.to(address)) {
                        cuts.run(relay, first, CLIENTS);
                    }
                    return null;
                });
            }
            for (Future<Void> done : threads.invokeAll(tasks)) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void inTheHandshakeOfANewSession(Direction direction) throws Exception {
        atEachByte((relay, first, step) -> {
            for (int bytes = first; bytes <= OPEN_BYTES; bytes += step) {
                relay.cutAfter(direction, bytes);
                boolean mayConnect = bytes >= (direction == Direction.OUT ? 47 : 55);
                assertThat(connects(relay)).as("cut after %d bytes", bytes).isIn(false, mayConnect);
            }
            relay.cutAfter(direction, Long.MAX_VALUE);
            try (VoltlaneClient client = client(relay).connect()) {
                client.sendAcknowledged(Bytes.utf8("1"));
                assertThat(client.receive(LONG)).isEqualTo(Bytes.utf8("1"));
            }
        });
    }

    private static boolean connects(FaultRelay relay) throws Exception {
        try {
            client(relay).closeTimeout(Duration.ofMillis(10)).connect().close();
            return true;
        } catch (HungUpException e) {
            return false;
        }
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void inAResumeAndInWhatFollows(Direction direction) throws Exception {
        atEachByte((relay, first, step) -> {
            try (VoltlaneClient client = client(relay).connect()) {
                long id = client.sessionId();
                int sent = 0;
                int received = 0;
                for (int bytes = first; bytes <= RESUME_BYTES; bytes += step) {
                    relay.cutAfter(direction, bytes);
                    relay.cut();
                    client.send(Bytes.numbered(sent++, 20));
                    client.send(Bytes.numbered(sent++, 20));
                    while (received < sent) {
                        assertThat(client.receive(LONG))
                                .as("cut after %d", bytes)
                                .isEqualTo(Bytes.numbered(received++, 20));
                    }
                }
                relay.cutAfter(direction, Long.MAX_VALUE);
                client.sendAcknowledged(Bytes.numbered(sent, 20)).get();
                assertThat(client.receive(LONG)).isEqualTo(Bytes.numbered(sent, 20));
                assertThat(client.sessionId()).isEqualTo(id);
                assertThat(client.discardedPackets()).isZero();
                assertThat(client.unacknowledged()).isZero();
            }
        });
    }
}
