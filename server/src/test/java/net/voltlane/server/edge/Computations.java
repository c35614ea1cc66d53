package net.voltlane.server.edge;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** An executor of elliptic-curve work for tests: it computes at once, or when the test says so. */
public final class Computations extends AbstractExecutorService {
    private final Deque<Runnable> held = new ArrayDeque<>();
    private int places = -1;

    /** From now on work waits for {@link #runOne}, as much of it as there are places; more is rejected. */
    public void hold(int places) {
        this.places = places;
    }

    /** Number of computations that wait. */
    public int waiting() {
        return held.size();
    }

    public void runOne() {
        held.remove().run();
    }

    public void runAll() {
        while (!held.isEmpty()) {
            runOne();
        }
    }

    @Override
    public void execute(Runnable task) {
        if (places < 0) {
            task.run();
        } else if (held.size() < places) {
            held.add(task);
        } else {
            throw new RejectedExecutionException("no place left");
        }
    }

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return false;
    }
}
