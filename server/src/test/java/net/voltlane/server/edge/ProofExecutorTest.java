package net.voltlane.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
final class ProofExecutorTest {
    private final CountDownLatch busy = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);

    private void computeForLong() {
        busy.countDown();
        try {
            goOn.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void itTakesABoundedNumberAndThenNoMoreUntilThereIsRoom() throws InterruptedException {
        try (ProofExecutor executor = new ProofExecutor(1)) {
            assertThat(executor.offer(this::computeForLong)).isTrue();
            busy.await(10, TimeUnit.SECONDS);
            CountDownLatch done = new CountDownLatch(1024);
            for (int i = 0; i < 1024; i++) {
                assertThat(executor.offer(done::countDown)).isTrue();
            }
            assertThat(executor.offer(done::countDown)).as("one more").isFalse();
            goOn.countDown();
            assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
            CountDownLatch again = new CountDownLatch(1);
            assertThat(executor.offer(again::countDown)).isTrue();
            assertThat(again.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void computationsRunOnDaemonThreadsOfTheirOwn() throws InterruptedException {
        try (ProofExecutor executor = new ProofExecutor(2)) {
            AtomicReference<Thread> thread = new AtomicReference<>();
            CountDownLatch done = new CountDownLatch(1);
            executor.offer(() -> {
                thread.set(Thread.currentThread());
                done.countDown();
            });
            assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(thread.get()).isNotSameAs(Thread.currentThread());
            assertThat(thread.get().isDaemon()).isTrue();
            assertThat(thread.get().getName()).startsWith("voltlane-proof");
        }
    }
}
