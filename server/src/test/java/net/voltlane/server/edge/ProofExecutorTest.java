package net.voltlane.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import net.voltlane.server.address.Cidr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
final class ProofExecutorTest {
    private static final Cidr HOME = Objects.requireNonNull(Cidr.parse("192.0.2.1"));

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
    void aFullExecutorRefusesComputationsUntilThereIsRoom() throws InterruptedException {
        try (ProofExecutor executor = new ProofExecutor(1)) {
            assertThat(executor.offer(ProofExecutor.Work.KEY, HOME, this::computeForLong))
                    .isTrue();
            busy.await(10, TimeUnit.SECONDS);
            CountDownLatch done = new CountDownLatch(ProofExecutor.QUEUED);
            for (int i = 0; i < ProofExecutor.QUEUED; i++) {
                assertThat(executor.offer(ProofExecutor.Work.KEY, HOME, done::countDown))
                        .isTrue();
            }
            assertThat(executor.offer(ProofExecutor.Work.KEY, HOME, done::countDown))
                    .as("one more")
                    .isFalse();
            assertThat(executor.waitingKeys()).isEqualTo(ProofExecutor.QUEUED);
            assertThat(executor.offer(ProofExecutor.Work.CHALLENGE, HOME, () -> {}))
                    .isTrue();
            assertThat(executor.waitingChallenges()).isOne();
            goOn.countDown();
            assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(executor.waitingKeys()).isZero();
            assertThat(executor.waitingChallenges()).isZero();
            CountDownLatch again = new CountDownLatch(1);
            assertThat(executor.offer(ProofExecutor.Work.KEY, HOME, again::countDown))
                    .isTrue();
            assertThat(again.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void computationsRunOnDaemonThreadsOfTheirOwn() throws InterruptedException {
        try (ProofExecutor executor = new ProofExecutor(2)) {
            AtomicReference<Thread> thread = new AtomicReference<>();
            CountDownLatch done = new CountDownLatch(1);
            executor.offer(ProofExecutor.Work.KEY, HOME, () -> {
                thread.set(Thread.currentThread());
                done.countDown();
            });
            assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(thread.get()).isNotSameAs(Thread.currentThread());
            assertThat(thread.get().isDaemon()).isTrue();
            assertThat(thread.get().getName()).startsWith("voltlane-proof");
        }
    }

    @Test
    void aFloodOfOneKindOfWorkLeavesEveryOtherTurnToTheOther() {
        Computations computations = new Computations();
        computations.hold(100_000);
        ProofExecutor executor = new ProofExecutor(computations);
        List<String> turns = new ArrayList<>();
        for (int i = 0; i < ProofExecutor.QUEUED; i++) {
            assertThat(executor.offer(ProofExecutor.Work.KEY, HOME, () -> turns.add("key")))
                    .isTrue();
        }
        assertThat(executor.offer(ProofExecutor.Work.KEY, HOME, () -> turns.add("key")))
                .isFalse();
        for (int i = 0; i < 3; i++) {
            assertThat(executor.offer(ProofExecutor.Work.CHALLENGE, HOME, () -> turns.add("challenge")))
                    .isTrue();
        }
        computations.runAll();
        assertThat(turns).hasSize(ProofExecutor.QUEUED + 3);
        assertThat(turns.subList(0, 8))
                .containsExactly("key", "challenge", "key", "challenge", "key", "challenge", "key", "key");
    }

    @Test
    void aClientFromElsewhereIsNextHoweverMuchSomeAddressesAskFor() {
        Computations computations = new Computations();
        computations.hold(100_000);
        ProofExecutor executor = new ProofExecutor(computations);
        List<String> turns = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            Cidr from = Cidr.parse("198.51.100." + i % 10);
            assertThat(executor.offer(ProofExecutor.Work.CHALLENGE, from, () -> turns.add("flood")))
                    .isTrue();
        }
        executor.offer(ProofExecutor.Work.CHALLENGE, HOME, () -> turns.add("owner"));
        computations.runAll();
        assertThat(turns.indexOf("owner")).isEqualTo(10);
        assertThat(turns).hasSize(1_001);
    }

    @Test
    void workAheadOfTimeWaitsForAllOther() {
        Computations computations = new Computations();
        computations.hold(100);
        ProofExecutor executor = new ProofExecutor(computations);
        List<String> turns = new ArrayList<>();
        executor.offer(ProofExecutor.Work.AHEAD, HOME, () -> turns.add("ahead 1"));
        executor.offer(ProofExecutor.Work.AHEAD, HOME, () -> turns.add("ahead 2"));
        executor.offer(ProofExecutor.Work.KEY, HOME, () -> turns.add("key"));
        executor.offer(ProofExecutor.Work.CHALLENGE, HOME, () -> turns.add("challenge 1"));
        executor.offer(ProofExecutor.Work.CHALLENGE, HOME, () -> turns.add("challenge 2"));
        computations.runAll();
        assertThat(turns).containsExactly("key", "challenge 1", "challenge 2", "ahead 1", "ahead 2");
    }

    @Test
    void workAheadOfTimeIsBoundedByItself() {
        Computations computations = new Computations();
        computations.hold(100_000);
        ProofExecutor executor = new ProofExecutor(computations);
        for (int i = 0; i < ProofExecutor.QUEUED_AHEAD; i++) {
            assertThat(executor.offer(ProofExecutor.Work.AHEAD, HOME, () -> {})).isTrue();
        }
        assertThat(executor.offer(ProofExecutor.Work.AHEAD, HOME, () -> {}))
                .as("one more")
                .isFalse();
        assertThat(executor.offer(ProofExecutor.Work.CHALLENGE, HOME, () -> {})).isTrue();
    }

    @Test
    void aRejectedComputationIsNotRunLater() {
        Computations computations = new Computations();
        computations.hold(1);
        ProofExecutor executor = new ProofExecutor(computations);
        List<Integer> run = new ArrayList<>();
        assertThat(executor.offer(ProofExecutor.Work.KEY, HOME, () -> run.add(1)))
                .isTrue();
        assertThat(executor.offer(ProofExecutor.Work.KEY, HOME, () -> run.add(2)))
                .isFalse();
        computations.runAll();
        assertThat(executor.offer(ProofExecutor.Work.KEY, HOME, () -> run.add(3)))
                .isTrue();
        computations.runAll();
        assertThat(run).containsExactly(1, 3);
    }
}
