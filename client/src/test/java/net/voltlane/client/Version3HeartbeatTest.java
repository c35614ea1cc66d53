package net.voltlane.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.version3.ScriptedServerLink.Terms;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests of Pings, and of servers that fall silent. */
@Timeout(120)
@ExtendWith({ThreadsLeft.class, SocketsLeft.class})
final class Version3HeartbeatTest extends Version3Client {

    private static final Terms TEN_SECONDS = new Terms(10, 1_000_000, 300);

    private final BlockingQueue<Integer> pings = new LinkedBlockingQueue<>();
    /** Holds a permit for each Pong that is on its way: before that, the clock must not move on. */
    private final Semaphore pongs = new Semaphore(0);

    private void awaitPong() throws InterruptedException {
        assertThat(pongs.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aPingGoesOutWhenNothingWasSentForAHeartbeat() throws Exception {
        try (ScriptedServer server = ScriptedServer.of(version3((link, peer) -> {
                    session = link.terms(TEN_SECONDS).open(1);
                    link.nextData();
                    link.ack(1);
                    pings.add(link.nextPing().length);
                    link.pong();
                    pongs.release();
                    pings.add(link.nextPing().length);
                    link.serve();
                }));
                VoltlaneClient client = client(server).connect()) {
            step(9);
            client.sendAcknowledged(Bytes.utf8("1")).get(20, TimeUnit.SECONDS);
            step(9);
            assertThat(pings).isEmpty();
            step(2);
            assertThat(pings.poll(20, TimeUnit.SECONDS)).isZero();
            awaitPong();
            step(8);
            assertThat(pings).isEmpty();
            step(3);
            assertThat(pings.poll(20, TimeUnit.SECONDS)).isZero();
            assertThat(client.isConnected()).isTrue();
        }
    }

    /** Moves the clock second by second, so that the client can look. */
    private void step(int seconds) {
        linkTime.settle();
        for (int i = 0; i < seconds; i++) {
            linkTime.advance(Duration.ofSeconds(1));
            linkTime.settle();
        }
    }

    @Test
    void aServerThatIsSilentForTwoHeartbeatsHasLostItsLink() throws Exception {
        try (ScriptedServer server = ScriptedServer.of(
                        version3((link, peer) -> {
                            session = link.terms(TEN_SECONDS).open(1);
                            pings.add(link.nextPing().length);
                            peer.stall();
                        }),
                        resumes(0, Version3Client::serve));
                VoltlaneClient client = client(server).connect()) {
            step(18);
            assertThat(client.isConnected()).isTrue();
            step(8);
            events.until("resumed");
            assertThat(pings.poll(20, TimeUnit.SECONDS)).isZero();
            assertThat(pings).isEmpty();
        }
    }

    /** The server's own Pongs are signs of life, also where it reads nothing. */
    @Test
    void aServerThatSendsPongsUnaskedIsAlive() throws Exception {
        CountDownLatch[] beats = {new CountDownLatch(1), new CountDownLatch(1), new CountDownLatch(1)};
        try (ScriptedServer server = ScriptedServer.of(version3((link, peer) -> {
                    session = link.terms(TEN_SECONDS).open(1);
                    for (CountDownLatch beat : beats) {
                        beat.await();
                        link.pong();
                        pongs.release();
                    }
                    link.serve();
                }));
                VoltlaneClient client = client(server).connect()) {
            for (CountDownLatch beat : beats) {
                step(12);
                beat.countDown();
                awaitPong();
                step(5);
            }
            assertThat(client.isConnected()).isTrue();
            assertThat(server.links()).isEqualTo(1);
        }
    }

    /** While the program takes nothing, nothing is read, and the server is not to blame for it. */
    @Test
    void silenceDoesNotCountWhileTheClientDoesNotRead() throws Exception {
        CountDownLatch inHandler = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.of(version3((link, peer) -> {
                    session = link.terms(TEN_SECONDS).open(1);
                    link.data(Bytes.utf8("a"));
                    link.serve();
                }));
                VoltlaneClient client = client(server)
                        .onData((it, packet) -> {
                            inHandler.countDown();
                            leave.await();
                        })
                        .connect()) {
            inHandler.await();
            step(60);
            leave.countDown();
            step(5);
            assertThat(client.isConnected()).isTrue();
            assertThat(server.links()).isEqualTo(1);
        }
    }

    /** A process that was suspended looks late, and must not take that for silence. */
    @Test
    void aLateLookDoesNotCountForMoreThanALook() throws Exception {
        try (ScriptedServer server = ScriptedServer.of(version3((link, peer) -> {
                    session = link.terms(TEN_SECONDS).open(1);
                    pings.add(link.nextPing().length);
                    link.serve();
                }));
                VoltlaneClient client = client(server).connect()) {
            linkTime.settle();
            linkTime.advance(Duration.ofHours(1));
            assertThat(pings.poll(20, TimeUnit.SECONDS)).isZero();
            linkTime.settle();
            assertThat(client.isConnected()).isTrue();
            assertThat(server.links()).isEqualTo(1);
        }
    }

    @Test
    void withoutAHeartbeatNobodyPings() throws Exception {
        try (ScriptedServer server = ScriptedServer.of(version3((link, peer) -> {
                    session = link.terms(new Terms(0, 1000, 300)).open(1);
                    link.nextData();
                    pings.add(link.pings());
                    link.ack(1);
                    link.serve();
                }));
                VoltlaneClient client = client(server).connect()) {
            events.until("connected");
            linkTime.advance(Duration.ofHours(1));
            client.sendAcknowledged(Bytes.utf8("1")).get(20, TimeUnit.SECONDS);
            assertThat(pings.poll()).isZero();
            assertThat(client.isConnected()).isTrue();
        }
    }

    /** The socket takes no more, and Data waits: the Ack comes before all of it but the batch that was begun. */
    @Test
    void anAckOvertakesDataThatWaits() throws Exception {
        int frames = 200;
        int bytes = 100_000;
        CountDownLatch read = new CountDownLatch(1);
        BlockingQueue<Integer> framesBeforeTheAck = new LinkedBlockingQueue<>();
        try (ScriptedServer server = ScriptedServer.of(version3((link, peer) -> {
                    session = link.terms(TEN_SECONDS).open(1);
                    link.data(Bytes.utf8("a"));
                    read.await();
                    int count = 0;
                    while (link.acks().isEmpty()) {
                        link.next();
                        count++;
                    }
                    framesBeforeTheAck.add(count);
                    link.serve();
                }));
                VoltlaneClient client = client(server)
                        .sendBuffer(frames, Long.MAX_VALUE, SendPolicy.FAIL)
                        .connect()) {
            for (int i = 0; i < frames; i++) {
                client.send(new byte[bytes]);
            }
            assertThat(client.receive(LONG)).isEqualTo(Bytes.utf8("a"));
            linkTime.advance(Duration.ofSeconds(1));
            read.countDown();
            assertThat(framesBeforeTheAck.poll(20, TimeUnit.SECONDS)).isLessThan(frames);
        }
    }

    /** The writer is stuck in the socket, so that no Ping can go out: a look from outside finds the silence. */
    @Test
    void aServerThatNeitherReadsNorSaysAnythingHasLostItsLink() throws Exception {
        CountDownLatch found = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.of(
                        version3((link, peer) -> {
                            session = link.terms(TEN_SECONDS).open(1);
                            found.await();
                        }),
                        resumes(0, Version3Client::serve));
                VoltlaneClient client = client(server)
                        .peerTimeout(Duration.ofMillis(800))
                        .sendBuffer(100, Long.MAX_VALUE, SendPolicy.FAIL)
                        .connect()) {
            for (int i = 0; i < 30; i++) {
                client.send(new byte[1_000_000]);
            }
            await().until(() -> {
                linkTime.advance(Duration.ofSeconds(3));
                return server.links() > 1;
            });
            events.until("resumed");
            found.countDown();
        }
    }
}
