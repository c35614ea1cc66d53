package net.voltlane.store.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import net.voltlane.server.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * The counts that former owners leave, and those who wait for it. All servers hear when something was left, and whoever waits for it
 * takes it. As messages can be lost, it is also looked for every {@value #LOOK_MILLIS} ms.
 */
final class HandOvers {
    private static final long LOOK_MILLIS = 100;
    /** More than a server resumes within the time that it waits. */
    private static final int MAX_WAITING = 4_096;

    private final EventLoop loop;
    private final Asker asker;
    private final Keys keys;
    private final byte[] channel;
    private final Map<String, Waiting> waiting = new HashMap<>();
    private boolean isClosed;

    HandOvers(EventLoop loop, Asker asker, Keys keys) {
        this.loop = loop;
        this.asker = asker;
        this.keys = keys;
        this.channel = keys.handOverChannel();
    }

    /** Leaves something. Any thread. */
    CompletionStage<@Nullable Void> give(long id, long epoch, byte[] sealed, long keepMillis) {
        return asker.ask(
                Question.of(
                        Script.HAND_OVER,
                        keys.handOver(id, epoch),
                        sealed,
                        RedisRecordStore.decimal(keepMillis),
                        channel,
                        name(id, epoch).getBytes(US_ASCII)),
                answered -> null);
    }

    /** Waits for something. Any thread. */
    CompletionStage<byte @Nullable []> take(long id, long epoch, long withinMillis) {
        Waiting one = new Waiting(name(id, epoch), keys.handOver(id, epoch));
        try {
            loop.execute(() -> one.begin(withinMillis));
        } catch (RejectedExecutionException closed) {
            one.answer.completeExceptionally(new StoreException("The store is closed"));
        }
        return one.answer;
    }

    /** Something was left. */
    void left(String name) {
        Waiting one = waiting.get(name);
        if (one != null) {
            one.look();
        }
    }

    /** Looks for everything. */
    void look() {
        for (Waiting one : new ArrayList<>(waiting.values())) {
            one.look();
        }
    }

    void close() {
        isClosed = true;
        for (Waiting one : new ArrayList<>(waiting.values())) {
            one.fail(new StoreException("The store is closed"));
        }
    }

    private static String name(long id, long epoch) {
        return id + " " + epoch;
    }

    /** Someone who waits. Once made, on the store's thread. */
    private final class Waiting {
        private final String name;
        private final byte[] key;
        private final CompletableFuture<byte @Nullable []> answer = new CompletableFuture<>();
        private long endNanos;
        private boolean isLooking;
        private boolean lookAgain;

        Waiting(String name, byte[] key) {
            this.name = name;
            this.key = key;
        }

        void begin(long withinMillis) {
            if (isClosed || waiting.size() >= MAX_WAITING) {
                answer.completeExceptionally(new StoreException(
                        isClosed ? "The store is closed" : "Too many wait for what former owners leave"));
                return;
            }
            endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(withinMillis);
            Waiting before = waiting.put(name, this);
            if (before != null) {
                before.answer.complete(null);
            }
            loop.schedule(this::end, withinMillis, TimeUnit.MILLISECONDS);
            lookNow();
        }

        /** Looks, or looks again once the answer is there. */
        void look() {
            if (isLooking) {
                lookAgain = true;
            } else {
                lookNow();
            }
        }

        private void lookNow() {
            if (answer.isDone()) {
                return;
            }
            isLooking = true;
            lookAgain = false;
            asker.ask(Question.take(key), Question::string).whenComplete((found, failure) -> {
                isLooking = false;
                if (failure instanceof StoreException away) {
                    fail(away);
                } else if (found != null) {
                    finish(found);
                } else if (System.nanoTime() - endNanos >= 0) {
                    finish(null);
                } else if (lookAgain) {
                    lookNow();
                } else {
                    loop.schedule(this::lookLater, LOOK_MILLIS, TimeUnit.MILLISECONDS);
                }
            });
        }

        private void lookLater() {
            if (!isLooking) {
                lookNow();
            }
        }

        /** The time is over. An answer that is under way is waited for, as it takes away what was left. */
        private void end() {
            if (!isLooking) {
                finish(null);
            }
        }

        private void finish(byte @Nullable [] found) {
            waiting.remove(name, this);
            answer.complete(found);
        }

        private void fail(StoreException why) {
            waiting.remove(name, this);
            answer.completeExceptionally(why);
        }
    }
}
