package net.voltlane.bench.load;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import net.voltlane.bench.model.FaultCounts;
import net.voltlane.bench.model.Plan;
import org.jspecify.annotations.Nullable;

/** All clients. For one thread, the one that runs the show; what it asks for happens on the loops. */
public final class Fleet implements AutoCloseable {

    private static final int ANSWER_SECONDS = 30;
    private static final int CLOSE_SECONDS = 5;

    private final Plan plan;
    private final MultiThreadIoEventLoopGroup group;
    private final LoadLoop.Common common;
    private final List<LoadLoop> loops = new ArrayList<>();
    private final List<OpenLoop> openLoops = new ArrayList<>();
    private @Nullable StalledClient stalled;

    /**
     * @param opening what makes a link of a TCP connection
     * @param ids room for all clients, and one more for a stalled one
     */
    public Fleet(Plan plan, SocketAddress server, Transport transport, Opening opening, Payload payload, Ids ids) {
        this.plan = plan;
        int threads = Math.min(plan.generator().threads(), plan.load().clients());
        group = new MultiThreadIoEventLoopGroup(
                threads, new DefaultThreadFactory("bench-load", true), transport.handlers());
        common = new LoadLoop.Common(server, transport, opening, payload, ids, plan.generator());
        for (int i = 0; i < threads; i++) {
            loops.add(new LoadLoop(group.next(), common));
        }
        for (int i = 0; i < plan.load().clients(); i++) {
            loops.get(i % threads).add(i);
        }
    }

    /** Returns what makes links of TCP connections. */
    public Opening opening() {
        return common.opening();
    }

    /** Takes all clients through one step; completes with the number of those that it was tried with. */
    public CompletableFuture<Integer> roll(Step step, boolean timed) throws InterruptedException {
        int bound = Math.max(1, plan.load().underWay() / loops.size());
        CompletableFuture<Integer> sum = CompletableFuture.completedFuture(0);
        for (CompletableFuture<Integer> each : ask(loop -> Rollout.start(loop, step, bound, timed))) {
            sum = sum.thenCombine(each, Integer::sum);
        }
        return sum;
    }

    /** Each client keeps {@code depth} messages under way from now on. */
    public void closedLoop() throws InterruptedException {
        tell(loop -> ClosedLoop.start(loop, plan.load().depth()));
    }

    /** Messages are due by the schedule from now on. */
    public void openLoop(Schedule schedule) throws InterruptedException {
        openLoops.addAll(ask(loop -> OpenLoop.start(loop, schedule, plan.load().clients())));
    }

    /** Clients listen to messages of the backend from now on. */
    public void listen(Schedule schedule) throws InterruptedException {
        tell(loop -> Listening.start(loop, schedule));
    }

    /** Nothing more is begun. */
    public void stop() throws InterruptedException {
        tell(loop -> loop.duty().stop(System.nanoTime()));
    }

    /** Number of messages that have not come back. */
    public long underWay() throws InterruptedException {
        return sum(LoadLoop::underWay);
    }

    /**
     * Number of messages that all clients have got since they last counted from zero, those that were left out
     * included.
     */
    public long passed() throws InterruptedException {
        return sum(loop -> loop.clients().stream().mapToLong(Client::passed).sum());
    }

    /** Number of clients that have a link and a session. */
    public long ready() throws InterruptedException {
        return sum(loop -> loop.clients().stream().filter(Client::isReady).count());
    }

    /** After a stop: counts what has not come back as lost. */
    public void giveUpWaiting() throws InterruptedException {
        tell(LoadLoop::giveUpWaiting);
    }

    /**
     * After a stop in the open loop: counts what was due and could not be sent, with the latency that it has by then.
     */
    public long countUnsent() throws InterruptedException {
        long unsent = 0;
        for (int i = 0; i < openLoops.size(); i++) {
            unsent += on(loops.get(i), openLoops.get(i)::countUnsent);
        }
        return unsent;
    }

    /** Cuts every link, with a reset. */
    public void cutAll() throws InterruptedException {
        tell(LoadLoop::cutAll);
    }

    /** Faults since the start: events that must not happen, but did. */
    public FaultCounts faults() throws InterruptedException {
        return ask(loop -> loop.faults().counts()).stream().reduce(FaultCounts.NONE, FaultCounts::plus);
    }

    /** Times since the last call of this method, and counts since the start. */
    public Slice take() throws InterruptedException {
        return ask(LoadLoop::take).stream().reduce(Slice.empty(), Slice::plus);
    }

    /** Sends on one more client, which stops reading. {@code isStalled} hears of it each time, on a loop. */
    public void stall(Runnable isStalled) throws InterruptedException {
        LoadLoop own = new LoadLoop(loops.get(0).eventLoop(), common);
        stalled = on(own, () -> {
            StalledClient client = new StalledClient(own, plan.load().clients(), isStalled);
            client.start();
            return client;
        });
    }

    /** To be told of the end of any session; any thread. */
    public void ended(long id, String reason) {
        StalledClient client = stalled;
        if (client != null) {
            loops.get(0).eventLoop().execute(() -> client.ended(id, reason));
        }
    }

    /** Lets the client that does not read go, and says for which reasons its sessions were ended. */
    public List<String> unstall() throws InterruptedException {
        StalledClient client = stalled;
        return client == null
                ? List.of()
                : on(loops.get(0), () -> {
                    client.stop(System.nanoTime());
                    return client.ends();
                });
    }

    /** Cuts what is still connected. */
    @Override
    public void close() {
        for (LoadLoop loop : loops) {
            // Waited for: a loop that is told to end closes its channels before it runs what else it was told.
            loop.eventLoop().submit(loop::cutAll).awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
        }
        group.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    }

    private long sum(Function<LoadLoop, Long> question) throws InterruptedException {
        return ask(question).stream().mapToLong(Long::longValue).sum();
    }

    private void tell(Consumer<LoadLoop> order) throws InterruptedException {
        ask(loop -> {
            order.accept(loop);
            return true;
        });
    }

    private <T> List<T> ask(Function<LoadLoop, T> question) throws InterruptedException {
        List<Future<T>> answers = new ArrayList<>();
        for (LoadLoop loop : loops) {
            answers.add(loop.eventLoop().submit(() -> question.apply(loop)));
        }
        List<T> all = new ArrayList<>();
        for (Future<T> answer : answers) {
            all.add(get(answer));
        }
        return all;
    }

    private static <T> T on(LoadLoop loop, Callable<T> action) throws InterruptedException {
        return get(loop.eventLoop().submit(action));
    }

    private static <T> T get(Future<T> answer) throws InterruptedException {
        try {
            return answer.get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("a load loop does not answer", e);
        }
    }
}
