package net.voltlane.store.redis;

import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import net.voltlane.server.store.RecordStore;
import net.voltlane.server.store.RecordStoreContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A store in Redis does what every store does. */
class RedisContractTest extends RecordStoreContract {
    @TempDir
    Path folder;

    private RedisServer redis;

    @BeforeEach
    void startRedis() {
        redis = server(folder);
    }

    @AfterEach
    void endRedis() {
        if (redis != null) {
            redis.close();
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
        RecordStore store = new RedisStoreProvider().open(RedisServer.settings(url(redis), owner, 20_000), listener);
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
