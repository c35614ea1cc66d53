package net.voltlane.store.redis;

import java.util.regex.Pattern;
import net.voltlane.server.store.RecordStore;
import net.voltlane.server.store.StoreException;
import net.voltlane.server.store.StoreProvider;
import net.voltlane.server.store.StoreSettings;

/**
 * The kind {@code redis}: Redis 7 or newer, or Valkey. {@code store.url} names a single Redis ({@code redis://host:port}), one
 * with TLS ({@code rediss://}), the master that sentinels know ({@code redis-sentinel://host,host#master}), or, with {@code
 * ?cluster=true}, some nodes of a cluster ({@code redis://host:port,host:port?cluster=true}). Found by {@link
 * java.util.ServiceLoader}.
 */
public final class RedisStoreProvider implements StoreProvider {
    private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9.:_/-]{1,64}");

    /** Called by {@link java.util.ServiceLoader}. */
    public RedisStoreProvider() {}

    @Override
    public String kind() {
        return "redis";
    }

    @Override
    public void check(StoreSettings settings) throws StoreException {
        address(settings);
    }

    @Override
    public RecordStore open(StoreSettings settings, RecordStore.Listener listener) throws StoreException {
        return RedisRecordStore.open(address(settings), settings, listener);
    }

    private static RedisAddress address(StoreSettings settings) throws StoreException {
        if (!PREFIX.matcher(settings.prefix()).matches()) {
            throw new StoreException("store.prefix: " + settings.prefix()
                    + " (expected: 1 to 64 characters out of A-Z a-z 0-9 . : _ / -)");
        }
        if (settings.timeoutMillis() <= 0) {
            throw new StoreException("store.timeout_ms: " + settings.timeoutMillis() + " (expected: over 0)");
        }
        return RedisAddress.parse(settings.url());
    }
}
