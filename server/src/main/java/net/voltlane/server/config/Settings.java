package net.voltlane.server.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import net.voltlane.server.guard.ConnectionLimits;
import net.voltlane.server.guard.GuardLimits;
import net.voltlane.server.guard.RateLimits;
import net.voltlane.server.guard.ResumeLimits;

/**
 * A value and its origin for every key of the catalogue. Sources write into it one after the other, so that the last
 * one wins. One thread.
 */
final class Settings {

    private record Setting(Object value, String origin) {}

    private static final String DEFAULT = "default";

    private final Map<Key<?>, Setting> settings = new LinkedHashMap<>();

    /** Every key at its default. */
    Settings() {
        Key.ALL.forEach(this::setDefault);
    }

    <T> void set(Key<T> key, T value, String origin) {
        settings.put(key, new Setting(value, origin));
    }

    @SuppressWarnings("unchecked") // set() is the only way in, and it takes nothing but a T for a Key<T>
    <T> T get(Key<T> key) {
        return (T) setting(key).value();
    }

    /** Where the value came from, for people: a line of a file, a variable, a flag, or "default". */
    String origin(Key<?> key) {
        return setting(key).origin();
    }

    /** The origins of values that are not at their default, each once, in the order of the keys. */
    String origins(Predicate<String> which) {
        return settings.values().stream()
                .map(Setting::origin)
                .filter(origin -> !origin.equals(DEFAULT) && which.test(origin))
                .distinct()
                .collect(Collectors.joining(", "));
    }

    /** Defaults that are relative paths are relative to this folder. */
    void moveDefaults(Path folder) {
        Key.ALL.forEach(key -> moveDefault(key, folder));
    }

    private <T> void moveDefault(Key<T> key, Path folder) {
        set(key, key.type().from(folder, key.defaultValue()), DEFAULT);
    }

    ServerConfig toConfig() {
        return new ServerConfig(
                new General(get(Key.LOG_LEVEL), get(Key.LOG_FORMAT)),
                new Listener(
                        get(Key.LISTENER_ADDRESS),
                        Math.toIntExact(get(Key.MAX_FRAME_SIZE)),
                        Math.toIntExact(get(Key.HANDSHAKE_TIMEOUT_SECS)),
                        get(Key.KEY_FILE),
                        Math.toIntExact(get(Key.THREADS)),
                        get(Key.TRANSPORT),
                        get(Key.PROXY_PROTOCOL),
                        Math.toIntExact(get(Key.LISTENER_PEER_TIMEOUT_SECS)),
                        false),
                new Master(
                        get(Key.MASTER_ADDRESS),
                        get(Key.MASTER_CHANNEL_CAPACITY),
                        get(Key.MASTER_CHANNEL_CAPACITY_BYTES),
                        get(Key.RECONNECT_TIMEOUT_SECS),
                        Math.toIntExact(get(Key.MASTER_PEER_TIMEOUT_SECS))),
                new Clients(
                        get(Key.CLIENTS_CHANNEL_CAPACITY),
                        get(Key.CLIENTS_CHANNEL_CAPACITY_BYTES),
                        get(Key.STALE_TIMEOUT_SECS),
                        get(Key.MAX_STALE_CLIENTS),
                        get(Key.STALE_REAP_INTERVAL_SECS),
                        get(Key.MISSED_PACKETS_BUFFER_SIZE),
                        get(Key.MISSED_PACKETS_BUFFER_BYTES),
                        get(Key.OVERFLOW)),
                new LimitsConfig(
                        get(Key.MAX_BUFFERED_BYTES),
                        get(Key.MAX_STALE_CLIENTS_PER_IP),
                        strangers(),
                        get(Key.TRUSTED_PROXIES)));
    }

    private GuardLimits strangers() {
        return new GuardLimits(
                new ConnectionLimits(
                        get(Key.MAX_CLIENTS),
                        get(Key.MAX_CLIENTS_PER_IP),
                        get(Key.MAX_CLIENTS_PER_SUBNET),
                        get(Key.CONNECTS_PER_SEC),
                        get(Key.CONNECTS_PER_SEC_PER_IP),
                        get(Key.MAX_PENDING_HANDSHAKES),
                        get(Key.MAX_PENDING_HANDSHAKES_PER_IP)),
                new RateLimits(
                        get(Key.PACKETS_PER_SEC_PER_CLIENT),
                        get(Key.BYTES_PER_SEC_PER_CLIENT),
                        get(Key.RATE_POLICY),
                        get(Key.IDLE_TIMEOUT_SECS)),
                new ResumeLimits(get(Key.FAILED_RESUMES_PER_MIN_PER_IP), get(Key.BAN_SECS)),
                get(Key.ALLOW),
                get(Key.DENY));
    }

    /** A TOML file that sets every key to its value, each with its origin as a comment. */
    String toToml() {
        StringBuilder out = new StringBuilder();
        String section = "";
        for (Key<?> key : Key.ALL) {
            if (!key.section().equals(section)) {
                out.append(section.isEmpty() ? "[" : "\n[")
                        .append(key.section())
                        .append("]\n");
                section = key.section();
            }
            String line = key.name() + " = " + valueAsToml(key);
            out.append(String.format("%-46s # %s%n", line, origin(key)));
        }
        return out.toString();
    }

    private <T> String valueAsToml(Key<T> key) {
        return key.type().toToml(get(key));
    }

    private <T> void setDefault(Key<T> key) {
        set(key, key.defaultValue(), DEFAULT);
    }

    private Setting setting(Key<?> key) {
        Setting setting = settings.get(key);
        if (setting == null) {
            throw new AssertionError(key.path() + " is not in the catalogue");
        }
        return setting;
    }
}
