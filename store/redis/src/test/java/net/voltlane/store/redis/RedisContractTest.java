package net.voltlane.store.redis;

import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import net.voltlane.server.store.RecordStore;
import net.voltlane.server.store.RecordStoreContract;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A store in Redis does what every store does. All tests of a class share one Redis, in which each has a prefix of its own,
 * so that several of them wait for Redis's time together.
 */
@Execution(ExecutionMode.CONCURRENT)
class RedisContractTest extends RecordStoreContract {
    private static final AtomicInteger TESTS = new AtomicInteger();

    @TempDir
    static Path folder;

    private static @Nullable RedisServer redis;

    private final String prefix = "test-" + TESTS.incrementAndGet();

    @BeforeEach
    final void startRedis() {
        synchronized (TESTS) {
            if (redis == null) {
                redis = server(folder);
            }
        }
    }

    @AfterAll
    static void endRedis() {
        if (redis != null) {
            redis.close();
            redis = null;
        }
    }

    RedisServer server(Path in) {
        return RedisServer.start(in);
    }

    /** The address at which a store finds this Redis. */
    String url(RedisServer server) {
        return server.url();
    }

    @Override
    protected RecordStore open(String owner, RecordStore.Listener listener) throws Exception {
        RecordStore store =
                new RedisStoreProvider().open(RedisServer.settings(url(redis), prefix, owner, 20_000), listener);
        await().atMost(RedisServer.LIMIT).until(store::isUp);
        return store;
    }

    /** It is Redis's time. */
    @Override
    protected void passes(Duration time) {
        await().pollDelay(time).atMost(time.plus(RedisServer.LIMIT)).until(() -> true);
    }

    @Override
    protected boolean isShared() {
        return true;
    }
}
