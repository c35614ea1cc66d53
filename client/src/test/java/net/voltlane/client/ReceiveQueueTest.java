package net.voltlane.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.voltlane.protocol.QueueBounds;
import net.voltlane.testkit.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ReceiveQueueTest {

    private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final ReceiveQueue queue = new ReceiveQueue(new QueueBounds(2, 100));
    private volatile boolean linked = true;

    private void put(byte[] packet) {
        queue.put(packet, () -> linked);
    }

    private Thread puts(byte[] packet) {
        Thread thread = new Thread(() -> put(packet));
        thread.start();
        return thread;
    }

    private static void awaitWaiting(Thread thread) {
        await().until(() -> thread.getState() == Thread.State.WAITING);
    }

    @Test
    void packetsComeInOrderAndNullWhenTheTimeIsOver() throws Exception {
        put(Bytes.utf8("a"));
        put(Bytes.utf8("b"));
        assertThat(queue.take()).isEqualTo(Bytes.utf8("a"));
        assertThat(queue.take(0)).isEqualTo(Bytes.utf8("b"));
        assertThat(queue.take(0)).isNull();
        assertThat(queue.take(1)).isNull();
        assertThat(queue.take(-1)).isNull();
    }

    @Test
    void puttingWaitsWhilePacketsAreTooMany() throws Exception {
        put(new byte[0]);
        put(new byte[0]);
        Thread third = puts(Bytes.utf8("third"));
        awaitWaiting(third);
        queue.take();
        third.join();
        queue.take();
        assertThat(queue.take(0)).isEqualTo(Bytes.utf8("third"));
    }

    @Test
    void puttingWaitsWhileBytesAreTooManyButOnePacketAlwaysFits() throws Exception {
        put(new byte[101]);
        Thread second = puts(new byte[1]);
        awaitWaiting(second);
        assertThat(queue.take()).hasSize(101);
        second.join();
        put(new byte[99]);
        assertThat(queue.take()).hasSize(1);
    }

    @Test
    void afterTheEndWhatIsThereCanBeTakenThenTheReasonIsThrown() throws Exception {
        put(new byte[1]);
        queue.end(new SessionGoneException("first", null));
        queue.end(new ClientClosedException("second", null));
        put(new byte[2]);
        assertThat(queue.take()).hasSize(1);
        assertThatThrownBy(queue::take).isInstanceOf(SessionGoneException.class).hasMessage("first");
        assertThatThrownBy(() -> queue.take(LONG_NANOS)).isInstanceOf(SessionGoneException.class);
    }

    @Test
    void theEndWakesThreadsThatReceive() throws Exception {
        CompletableFuture<Throwable> taker = new CompletableFuture<>();
        Thread taking = new Thread(() -> {
            try {
                queue.take(LONG_NANOS);
            } catch (ClientException | InterruptedException e) {
                taker.complete(e);
            }
        });
        taking.start();
        await().until(() -> taking.getState() == Thread.State.TIMED_WAITING);
        queue.end(new SessionGoneException("over", null));
        assertThat(taker.get(20, TimeUnit.SECONDS)).isInstanceOf(SessionGoneException.class);
        taking.join();
    }

    @Test
    void theEndWakesAThreadThatPuts() throws Exception {
        put(new byte[0]);
        put(new byte[0]);
        Thread third = puts(new byte[0]);
        awaitWaiting(third);
        queue.end(new SessionGoneException("over", null));
        third.join();
    }

    @Test
    void puttingDoesNotWaitForRoomOnceTheLinkIsClosed() throws Exception {
        put(new byte[0]);
        put(new byte[0]);
        Thread third = puts(Bytes.utf8("third"));
        awaitWaiting(third);
        linked = false;
        queue.linkClosed();
        third.join();
        put(Bytes.utf8("fourth"));
        queue.take();
        queue.take();
        assertThat(queue.take(0)).isEqualTo(Bytes.utf8("third"));
        assertThat(queue.take(0)).isEqualTo(Bytes.utf8("fourth"));
    }
}
