package net.voltlane.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import net.voltlane.client.ScriptedServer.Script;
import net.voltlane.testkit.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests of servers that ask their clients to come back on another link. */
@Timeout(120)
@ExtendWith({ThreadsLeft.class, SocketsLeft.class})
final class Version3GoAwayTest extends Version3Client {

    @Test
    void aClientGoesAwayAtARandomTimeWithinTheSpanAndResumesAtOnce() throws Exception {
        chance = 0.5;
        CountDownLatch told = new CountDownLatch(1);
        Script goes = opens((link, peer) -> {
            link.goAway(10_000);
            link.data(Bytes.utf8("told"));
            told.countDown();
            peer.stall();
        });
        try (ScriptedServer server = ScriptedServer.of(goes, resumes(0, Version3Client::serve));
                VoltlaneClient client = client(server).connect()) {
            told.await();
            assertThat(client.receive(LONG)).isEqualTo(Bytes.utf8("told"));
            events.until("connected");
            linkTime.advance(Duration.ofMillis(4_900));
            linkTime.settle();
            assertThat(server.links()).isEqualTo(1);
            linkTime.advance(Duration.ofMillis(100));
            assertThat(events.until("resumed")).containsExactly("suspended", "resumed");
            assertThat(time.waits()).isEmpty();
        }
    }

    /** A server, or somebody on the path, must not make the client dial without a pause. */
    @Test
    void aServerThatSendsEveryLinkAwayIsDialledWithPauses() throws Exception {
        Script away = resumes(0, (link, peer) -> {
            link.goAway(0);
            peer.stall();
        });
        Script first = opens((link, peer) -> {
            link.goAway(0);
            peer.stall();
        });
        try (ScriptedServer server = ScriptedServer.of(first, away, away, away, resumes(0, Version3Client::serve));
                VoltlaneClient client = client(server).connect()) {
            for (int i = 0; i < 4; i++) {
                events.until("resumed");
            }
            assertThat(time.waits()).hasSize(3);
            assertThat(client.isConnected()).isTrue();
        }
    }

    /** A link that was left while the client closes is no end of the session. */
    @Test
    void aClientThatClosesFollowsAGoAwayToo() throws Exception {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        CountDownLatch closing = new CountDownLatch(1);
        Script first = opens((link, peer) -> {
            link.nextData();
            closing.await();
            link.goAway(0);
            peer.stall();
        });
        Script second = resumes(1, (link, peer) -> {
            link.ack(1);
            link.nextLeave();
            seen.add("leave");
            link.close(15, 0, "");
        });
        try (ScriptedServer server = ScriptedServer.of(first, second)) {
            VoltlaneClient client = client(server).connect();
            CompletableFuture<Void> sent = client.sendAcknowledged(Bytes.utf8("1"));
            Thread closer = new Thread(client::close);
            closer.start();
            await().until(() -> !client.isConnected());
            closing.countDown();
            closer.join(20_000);
            assertThat(sent).isCompleted();
            assertThat(seen).containsExactly("leave");
        }
    }
}
