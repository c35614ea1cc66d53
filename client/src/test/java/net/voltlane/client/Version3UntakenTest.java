package net.voltlane.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import net.voltlane.client.ScriptedServer.Script;
import net.voltlane.testkit.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests of packets that have come, and that the program has not taken when the link is lost. */
@Timeout(120)
@ExtendWith({ThreadsLeft.class, SocketsLeft.class})
final class Version3UntakenTest extends Version3Client {

    private final CountDownLatch cut = new CountDownLatch(1);

    /** Sends three packets, acknowledges one behind them, and resets the link when the test says so. */
    private Script sendsThree() {
        return opens((link, peer) -> {
            for (int i = 1; i <= 3; i++) {
                link.data(Bytes.numbered(i, 8));
            }
            link.nextData();
            link.ack(1);
            cut.await();
            peer.reset();
        });
    }

    private static void awaitThree(VoltlaneClient client) throws Exception {
        client.sendAcknowledged(Bytes.utf8("1")).get(20, TimeUnit.SECONDS);
    }

    @Test
    void theyAreReceivedAlthoughTheSessionIsGone() throws Exception {
        Script refuses = asked((link, peer) -> {
            link.close(2, 0, "");
            peer.finish();
        });
        try (ScriptedServer server = ScriptedServer.of(sendsThree(), refuses);
                VoltlaneClient client = client(server).connect()) {
            awaitThree(client);
            cut.countDown();
            events.until("closed");
            for (int i = 1; i <= 3; i++) {
                assertThat(client.receive(LONG)).isEqualTo(Bytes.numbered(i, 8));
            }
            assertThatThrownBy(client::receive).isInstanceOf(SessionGoneException.class);
        }
    }

    /** Packets that were taken between two attempts do not come again. */
    @Test
    void theyCanBeTakenBetweenTwoAttempts() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        Script fails = asked((link, peer) -> {
            time.hold();
            asked.countDown();
            peer.reset();
        });
        Script resumes = version3((link, peer) -> {
            var now = link.askedToResume(session);
            assertThat(now.received()).isEqualTo(2);
            link.resumed(now, 1);
            link.data(Bytes.numbered(3, 8));
            link.serve();
        });
        try (ScriptedServer server = ScriptedServer.of(sendsThree(), fails, resumes);
                VoltlaneClient client = client(server).connect()) {
            awaitThree(client);
            cut.countDown();
            asked.await();
            assertThat(client.receive(LONG)).isEqualTo(Bytes.numbered(1, 8));
            assertThat(client.receive(LONG)).isEqualTo(Bytes.numbered(2, 8));
            time.release();
            events.until("resumed");
            assertThat(client.receive(LONG)).isEqualTo(Bytes.numbered(3, 8));
        }
    }

    /** An interrupt that the program's code leaves behind would close the socket. */
    @Test
    void anInterruptByWhatDependsOnAFutureEndsNoLink() throws Exception {
        CountDownLatch depends = new CountDownLatch(1); // otherwise the interrupt may be this thread's
        try (ScriptedServer server = ScriptedServer.of(opens((link, peer) -> {
                    link.nextData();
                    depends.await();
                    link.ack(1);
                    link.nextData();
                    link.data(Bytes.utf8("x"));
                    link.serve();
                }));
                VoltlaneClient client = client(server).connect()) {
            CompletableFuture<Void> sent = client.sendAcknowledged(Bytes.utf8("1"));
            CompletableFuture<Void> after =
                    sent.thenRun(() -> Thread.currentThread().interrupt());
            depends.countDown();
            after.get(20, TimeUnit.SECONDS);
            client.send(Bytes.utf8("2"));
            assertThat(client.receive(LONG)).isEqualTo(Bytes.utf8("x"));
            assertThat(server.links()).isEqualTo(1);
        }
    }
}
