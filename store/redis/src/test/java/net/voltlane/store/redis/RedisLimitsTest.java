package net.voltlane.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import net.voltlane.server.store.Claimed;
import net.voltlane.server.store.RecordStore;
import net.voltlane.server.store.StoreException;
import net.voltlane.server.store.StoredRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests of how much a store takes of a silent Redis, and of its end. One by one: they look at all threads of the JVM, or
 * give it much to do.
 */
class RedisLimitsTest {
    private static final String OWNER = "a".repeat(32);
    private static final long LONG_MILLIS = 600_000;

    @TempDir
    Path folder;

    private final Heard heard = new Heard();
    private RedisServer redis;
    private RecordStore store;

    @BeforeEach
    void open() throws Exception {
        redis = RedisServer.start(folder);
        store = new RedisStoreProvider().open(RedisServer.settings(redis.url(), OWNER, 1_000), heard);
        heard.awaitUp();
    }

    @AfterEach
    void closeAll() {
        if (store != null) {
            store.close();
        }
        if (redis != null) {
            redis.close();
        }
    }

    @Test
    void questionsUnderWayAreBounded() throws Exception {
        redis.pause();
        List<StoredRecord> many = new ArrayList<>();
        for (long id = 1; id <= Budget.MAX_QUESTIONS; id++) {
            many.add(record(id));
        }
        CompletionStage<List<Claimed>> first = store.put(many);
        assertThatThrownBy(() -> answer(store.find(1)))
                .hasCauseInstanceOf(StoreException.class)
                .hasMessageContaining("Too many questions");
        assertThatThrownBy(() -> answer(first)).hasCauseInstanceOf(StoreException.class);
        heard.awaitDown();
        redis.goOn();
        heard.awaitUp();
        await().atMost(RedisServer.LIMIT).ignoreExceptions().until(() -> answer(store.find(1)) != null);
    }

    @Test
    void aStoreClosesSoonWhateverRedisDoes() throws Exception {
        redis.pause();
        CompletionStage<List<Claimed>> asked = store.put(List.of(record(1)));
        CompletionStage<byte[]> waiting = store.fleet().takeOver(1, 2, LONG_MILLIS);
        long before = System.nanoTime();
        store.close();
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before)).isLessThan(20_000);
        assertThatThrownBy(() -> answer(asked)).hasCauseInstanceOf(StoreException.class);
        assertThatThrownBy(() -> answer(waiting)).hasCauseInstanceOf(StoreException.class);
        await().atMost(RedisServer.LIMIT)
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("voltlane-store-redis")));
        redis.goOn();
    }

    private static StoredRecord record(long id) {
        return new StoredRecord(id, 1, OWNER, new byte[] {1, 2, 3}, LONG_MILLIS);
    }

    private static <T> T answer(CompletionStage<T> asked) throws Exception {
        return asked.toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
}
