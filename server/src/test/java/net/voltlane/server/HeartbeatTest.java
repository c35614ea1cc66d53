package net.voltlane.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.StreamSupport;
import net.voltlane.server.VoltlaneServerTest.Running;
import net.voltlane.server.VoltlaneServerTest.Setup;
import net.voltlane.server.config.TransportKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The heart of a server beats only while all of its loops run. */
final class HeartbeatTest {
    private static final Duration INTERVAL = Duration.ofMillis(5);

    private final AtomicInteger beats = new AtomicInteger();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void whileALoopHangsThereIsNoBeat(int hanging) throws Exception {
        try (Running it = Running.start(new Setup(TransportKind.AUTO, 3), config -> config)) {
            it.server().heartbeat(INTERVAL, beats::incrementAndGet);
            await().until(() -> beats.get() > 3);
            List<EventExecutor> loops = StreamSupport.stream(it.server().loops().spliterator(), false)
                    .toList();
            CountDownLatch hangs = new CountDownLatch(1);
            CountDownLatch goesOn = new CountDownLatch(1);
            loops.get(hanging).execute(() -> {
                hangs.countDown();
                awaitUninterruptibly(goesOn);
            });
            assertThat(hangs.await(10, TimeUnit.SECONDS)).isTrue();
            int atHang = beats.get();
            // This is the time of forty beats. The one whose round had passed the loop may still come.
            assertThat(goesOn.await(200, TimeUnit.MILLISECONDS)).isFalse();
            assertThat(beats.get()).isLessThanOrEqualTo(atHang + 1);
            goesOn.countDown();
            await().until(() -> beats.get() > atHang + 3);
        }
    }

    @Test
    void theEndOfTheServerIsItsLast() throws Exception {
        Running it = Running.start(new Setup(TransportKind.AUTO, 3), config -> config);
        it.server().heartbeat(INTERVAL, beats::incrementAndGet);
        await().until(() -> beats.get() > 3);
        it.close();
        int last = beats.get();
        assertThat(new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(beats.get()).isEqualTo(last);
    }

    @Test
    void aServerThatHasEndedHasNone() throws Exception {
        Running it = Running.start(new Setup(TransportKind.AUTO, 1), config -> config);
        it.close();
        it.server().heartbeat(INTERVAL, beats::incrementAndGet);
        assertThat(beats).hasValue(0);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
