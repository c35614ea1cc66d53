package net.voltlane.server.store;

import java.nio.file.Path;

/**
 * The settings of a store. Each kind uses its own.
 *
 * @param path {@code store.path}, for the kind {@code file}
 * @param url {@code store.url}, for the kind {@code redis}. May hold a password, which is never logged
 * @param prefix {@code store.prefix}: the beginning of every key in Redis
 * @param timeoutMillis {@code store.timeout_ms}: the time that a question may take, over 0
 * @param owner the name of this server process, as in {@link StoredRecord#owner}
 * @param fingerprint the short name of this server's key, which clients can see as well: a store that belongs to one server
 *     refuses another one. Servers that share a store agree by {@link Fleet#identity}
 */
public record StoreSettings(
        Path path, String url, String prefix, long timeoutMillis, String owner, String fingerprint) {
    /** Leaves the address out, because of the password in it. */
    @Override
    public String toString() {
        return "StoreSettings[path=" + path + ", prefix=" + prefix + ", timeoutMillis=" + timeoutMillis + "]";
    }
}
