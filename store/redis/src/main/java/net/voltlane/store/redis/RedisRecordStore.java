package net.voltlane.store.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import net.voltlane.server.store.Claimed;
import net.voltlane.server.store.Fleet;
import net.voltlane.server.store.Held;
import net.voltlane.server.store.RecordStore;
import net.voltlane.server.store.StoreException;
import net.voltlane.server.store.StoreFacts;
import net.voltlane.server.store.StoreSettings;
import net.voltlane.server.store.StoredRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records in Redis: a string for each, which expires by itself. Each record of a call is a question of its own, and all of a
 * call are written at once. What has to happen in one step is a {@link Script}.
 */
final class RedisRecordStore implements RecordStore {
    private static final Logger LOG = LoggerFactory.getLogger(RedisRecordStore.class);
    private static final long CLOSE_ANSWERS_MILLIS = 1_000;
    private static final long CLOSE_THREAD_MILLIS = 500;
    private static final long MIN_CONNECT_MILLIS = 2_000;
    /** Seconds between questions for Redis's memory. */
    private static final int TICKS_OF_MEMORY = 10;

    private final RedisAddress address;
    private final Keys keys;
    private final Listener listener;
    private final StoreThreads threads;
    private final EventLoop loop;
    private final byte[] claimedChannel;
    private final byte[] claimedChannels;
    private final Supervisor supervisor;
    private final Asker asker;
    private final RedisFleet fleet;

    private volatile long memoryBytes = -1;
    private int ticks;

    private RedisRecordStore(RedisAddress address, StoreSettings settings, Listener listener) {
        this.address = address;
        this.listener = listener;
        threads = new StoreThreads(address.isCluster());
        loop = threads.loop();
        keys = new Keys(settings.prefix());
        claimedChannel = keys.claimedChannel(settings.owner());
        claimedChannels = keys.claimedChannels();
        long connectMillis = Math.max(MIN_CONNECT_MILLIS, settings.timeoutMillis());
        Duration connect = Duration.ofMillis(connectMillis);
        Link.Dialer dialer = address.isCluster()
                ? new ClusterLink.Dialer(threads, address, keys, connect)
                : new NodeLink.Dialer(threads, address, connect);
        supervisor = new Supervisor(
                loop,
                dialer,
                keys,
                new Supervisor.Settings(
                        settings.timeoutMillis(),
                        connectMillis,
                        List.of(claimedChannel, keys.handOverChannel(), keys.banChannel())),
                new Troubles(address, settings.timeoutMillis()),
                new News());
        asker = supervisor.asker();
        fleet = new RedisFleet(loop, asker, keys, settings.owner());
    }

    /** Opens the store, and begins to connect. */
    static RedisRecordStore open(RedisAddress address, StoreSettings settings, Listener listener) {
        RedisRecordStore store = new RedisRecordStore(address, settings, listener);
        store.loop.execute(store.supervisor::start);
        return store;
    }

    // ---- records

    @Override
    public CompletionStage<List<Claimed>> put(List<StoredRecord> records) {
        List<Question> questions = new ArrayList<>(records.size());
        for (StoredRecord record : records) {
            questions.add(
                    Question.of(Script.PUT, keys.session(record.id()), Head.of(record), decimal(record.keepMillis())));
        }
        return ask(questions, claims(records, StoredRecord::id));
    }

    @Override
    public CompletionStage<@Nullable StoredRecord> find(long id) {
        return asker.ask(Question.get(keys.session(id)), question -> {
            byte[] found = question.string();
            return found == null ? null : known(Head.record(id, found));
        });
    }

    @Override
    public CompletionStage<Boolean> claim(long id, long seenEpoch, long nextEpoch, String owner, long keepMillis) {
        Question question = Question.of(
                Script.CLAIM,
                keys.session(id),
                decimal(seenEpoch),
                Head.of(nextEpoch, owner),
                decimal(keepMillis),
                claimedChannels,
                (id + " " + nextEpoch + " " + owner).getBytes(US_ASCII));
        return asker.ask(question, answered -> answered.string() != null);
    }

    @Override
    public CompletionStage<List<Claimed>> keep(String owner, List<Held> records) {
        List<Question> questions = new ArrayList<>(records.size());
        for (Held held : records) {
            questions.add(Question.of(
                    Script.KEEP, keys.session(held.id()), Head.of(held.epoch(), owner), decimal(held.keepMillis())));
        }
        return ask(questions, claims(records, Held::id));
    }

    @Override
    public CompletionStage<@Nullable Void> forget(String owner, List<Held> records) {
        List<Question> questions = new ArrayList<>(records.size());
        for (Held held : records) {
            questions.add(Question.of(Script.FORGET, keys.session(held.id()), Head.of(held.epoch(), owner)));
        }
        return ask(questions, answered -> null);
    }

    private <T extends @Nullable Object> CompletionStage<T> ask(
            List<Question> questions, Function<List<Question>, T> toAnswer) {
        return questions.isEmpty()
                ? CompletableFuture.completedFuture(toAnswer.apply(questions))
                : asker.ask(questions, toAnswer);
    }

    /** Reads the heads of those that others have, or that are gone. */
    private static <R> Function<List<Question>, List<Claimed>> claims(List<R> records, ToLongFunction<R> id) {
        return questions -> {
            List<Claimed> claims = new ArrayList<>();
            for (int i = 0; i < questions.size(); i++) {
                byte[] head = questions.get(i).string();
                if (head != null && head.length == 0) {
                    claims.add(Claimed.gone(id.applyAsLong(records.get(i))));
                } else if (head != null) {
                    claims.add(known(Head.read(id.applyAsLong(records.get(i)), head)));
                }
            }
            return List.copyOf(claims);
        };
    }

    private static <T> T known(@Nullable T read) {
        if (read == null) {
            throw new IllegalStateException("a record of another format");
        }
        return read;
    }

    static byte[] decimal(long number) {
        return Long.toString(number).getBytes(US_ASCII);
    }

    // ---- state

    @Override
    public boolean isUp() {
        return asker.isOpen();
    }

    @Override
    public Fleet fleet() {
        return fleet;
    }

    /** Redis is not asked for the number of records, as others may keep keys there, too. */
    @Override
    public StoreFacts facts() {
        return new StoreFacts("redis", address.place(), -1, memoryBytes);
    }

    @Override
    public String toString() {
        return "RedisRecordStore[" + address.place() + "]";
    }

    @Override
    public void close() {
        CompletableFuture<@Nullable Void> idle = new CompletableFuture<>();
        try {
            loop.execute(() -> {
                supervisor.close(() -> idle.complete(null));
                fleet.close();
            });
        } catch (RejectedExecutionException closedBefore) {
            return;
        }
        boolean interrupted = false;
        if (!loop.inEventLoop()) {
            try {
                idle.get(CLOSE_ANSWERS_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException | ExecutionException rest) {
                LOG.debug("Some answers of Redis have not come until the end");
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        loop.execute(() -> {
            supervisor.closeLink();
            threads.close();
        });
        try {
            threads.awaitEnd(CLOSE_THREAD_MILLIS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Passes news on to whoever they are for. */
    private final class News implements Supervisor.Outcome {
        @Override
        public void up() {
            fleet.up();
            tell(listener::up);
        }

        @Override
        public void down(StoreException why) {
            tell(() -> listener.down(why));
        }

        @Override
        public void message(byte[] channel, byte[] message) {
            if (Arrays.equals(channel, claimedChannel)) {
                Claimed by = claim(new String(message, US_ASCII));
                if (by != null) {
                    tell(() -> listener.claimed(by));
                }
            } else {
                fleet.message(channel, message);
            }
        }

        @Override
        public void tick() {
            if (ticks++ % TICKS_OF_MEMORY == 0 && !address.isCluster()) {
                asker.ask(Question.memory(), answered -> Memory.used(answered.string()))
                        .whenComplete((bytes, failure) -> memoryBytes = bytes == null ? -1 : bytes);
            }
        }

        /** Reads what {@link #claim} has published. Others may publish anything. */
        private @Nullable Claimed claim(String message) {
            String[] words = message.split(" ", -1);
            try {
                return words.length == 3
                        ? new Claimed(Long.parseLong(words[0]), Long.parseLong(words[1]), words[2])
                        : null;
            } catch (NumberFormatException other) {
                return null;
            }
        }

        /** A listener that fails is a fault of ours, which must not stop the store. */
        private void tell(Runnable what) {
            try {
                what.run();
            } catch (RuntimeException | Error fault) {
                LOG.error("A listener of the store has failed", fault);
            }
        }
    }
}
