package net.voltlane.server.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** Tasks for a thread that is busy, that works, and that has ended. */
final class BoundedTasksTest {
    private final Queue<Runnable> thread = new ArrayDeque<>();
    private final List<String> done = new ArrayList<>();

    @Test
    void tasksAboveTheBoundAreDroppedAndCounted() {
        BoundedTasks tasks = new BoundedTasks(thread::add, 2);
        for (String name : List.of("1", "2", "3", "4")) {
            tasks.offer(() -> done.add(name));
        }
        tasks.run(() -> done.add("an answer"));
        assertThat(thread).hasSize(3);
        assertThat(tasks.takeDropped()).isEqualTo(2);
        assertThat(tasks.takeDropped()).isZero();

        works();
        tasks.offer(() -> done.add("5"));
        tasks.offer(() -> done.add("6"));
        works();
        assertThat(tasks.takeDropped()).isZero();
        assertThat(done).containsExactly("1", "2", "an answer", "5", "6");
    }

    @Test
    void nothingHappensBehindTheEndOfTheThread() {
        BoundedTasks tasks = new BoundedTasks(
                task -> {
                    throw new RejectedExecutionException();
                },
                2);
        assertThatCode(() -> tasks.offer(() -> done.add("late"))).doesNotThrowAnyException();
        assertThat(done).isEmpty();
    }

    private void works() {
        for (Runnable task = thread.poll(); task != null; task = thread.poll()) {
            task.run();
        }
    }
}
