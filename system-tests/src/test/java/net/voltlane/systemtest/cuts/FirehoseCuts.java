package net.voltlane.systemtest.cuts;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.voltlane.testkit.cuts.Cut;
import net.voltlane.testkit.cuts.LinkKind;

/**
 * Cuts of firehoses 3, on many servers at a time: a server waits for a while before it dials anew. A frame is named by its
 * scene, which makes it come.
 */
final class FirehoseCuts {
    private static final int MOST_TRIES = 5;

    /** A cut in a scene's packet. */
    private record Task(FirehoseScene scene, Cut cut) {}

    private final CutBackend.Kind backend;
    private final Queue<Task> tasks = new ConcurrentLinkedQueue<>();
    private final Coverage coverage = new Coverage(LinkKind.FIREHOSE);

    FirehoseCuts(CutBackend.Kind backend) {
        this.backend = backend;
    }

    private static CutStage stage(CutBackend.Kind backend, long seed) {
        return new CutStage(
                backend,
                seed,
                config -> config.withClients(config.clients().withUnacknowledgedCapacity(FirehoseScene.CAPACITY)));
    }

    /**
     * Adds cuts behind each byte of the packets of these scenes.
     *
     * @param bothWays true: a reset and a FIN behind each byte; false: one of them, in turn
     */
    void everyByteOf(List<FirehoseScene> scenes, boolean bothWays) {
        try (CutStage stage = stage(backend, 0)) {
            CutPlayer player = stage.player();
            CutPlayer guest = stage.player();
            stage.settle("the players are there");
            for (FirehoseScene scene : scenes) {
                play(stage, scene, player, guest);
                Map<Integer, Long> longest = stage.firehose().longest(scene.direction);
                for (long at = 1; at <= longest.get(scene.flag); at++) {
                    for (Cut.How how : Cut.How.values()) {
                        if (bothWays || at % 2 == how.ordinal()) {
                            tasks.add(new Task(scene, new Cut(scene.direction, scene.flag, at, how)));
                        }
                    }
                }
            }
        }
    }

    private static void play(CutStage stage, FirehoseScene scene, CutPlayer player, CutPlayer guest) {
        scene.prepare(stage, guest);
        scene.play(stage, player, guest);
        scene.tidy(stage, guest);
    }

    /** Makes all cuts on so many servers. */
    Coverage run(int servers) throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(servers);
        try {
            List<Callable<Void>> workers = new ArrayList<>();
            for (int i = 1; i <= servers; i++) {
                int seed = i;
                workers.add(() -> work(seed));
            }
            for (Future<Void> done : threads.invokeAll(workers)) {
                done.get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause().getMessage(), e.getCause());
        } finally {
            threads.shutdownNow();
        }
        return coverage;
    }

    private Void work(long seed) {
        try (CutStage stage = stage(backend, seed)) {
            CutPlayer player = stage.player();
            CutPlayer guest = stage.player();
            stage.settle("the players are there");
            for (Task task = tasks.poll(); task != null; task = tasks.poll()) {
                cut(stage, task, player, guest);
            }
            coverage.add(stage.firehose().cuts());
        }
        return null;
    }

    private static void cut(CutStage stage, Task task, CutPlayer player, CutPlayer guest) {
        int before = stage.firehose().cuts().size();
        for (int i = 0; i < MOST_TRIES && stage.firehose().cuts().size() == before; i++) {
            task.scene.prepare(stage, guest);
            if (task.scene.isOfNewLink()) {
                stage.firehose().cutNext(task.cut);
            } else {
                stage.firehose().cut(task.cut);
            }
            try {
                task.scene.play(stage, player, guest);
                task.scene.tidy(stage, guest);
            } catch (AssertionError e) {
                throw new AssertionError(task + ": " + e.getMessage(), e);
            }
        }
    }
}
