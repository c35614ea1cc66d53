package net.voltlane.server.config;

/** Section {@code store}: where the records of sessions are kept, so that sessions outlive their server. */
public final class Store extends Section<Store> {
    static final SectionKeys KEYS = new SectionKeys("store");

    private static final int MAX_PREFIX = 64;
    private static final long MIN_TIMEOUT_MS = 10;
    private static final long MAX_TIMEOUT_MS = 60_000;

    static final Key<StoreKind> KIND = KEYS.key(
            "kind",
            Reload.AT_RESTART,
            Choice.of(StoreKind.class),
            StoreKind.MEMORY,
            "Store of session records. memory: sessions end with this process. file: a client can resume its session after"
                    + " this server was restarted or killed. redis: and at any other server that uses the same Redis or"
                    + " Valkey.");

    /** The kind of store. */
    public StoreKind kind() {
        return get(KIND);
    }

    /** A copy with another kind of store. */
    public Store withKind(StoreKind kind) {
        return with(KIND, kind);
    }

    static final Key<KeyPath> PATH = KEYS.key(
            "path",
            Reload.AT_RESTART,
            new OptionalPath(),
            new KeyPath("sessions.db", false),
            "File of the store, with kind = \"file\". One server uses it at a time. A relative path in a configuration file"
                    + " starts at the folder of that file.");

    /** The file of a store of kind {@code file}, relative to the working directory. */
    public String path() {
        return get(PATH).path();
    }

    /** A copy with another file. */
    public Store withPath(String path) {
        return with(PATH, new KeyPath(path, false));
    }

    static final Key<Secret> URL = KEYS.key(
            "url",
            Reload.AT_RESTART,
            new StoreUrl(),
            new Secret("redis://127.0.0.1:6379"),
            "Address of the store, with kind = \"redis\". One Redis: redis://host:6379 and, with TLS,"
                    + " rediss://user:password@host:6380/0. A master that sentinels know:"
                    + " redis-sentinel://host1:26379,host2:26379#mymaster. Some nodes of a cluster:"
                    + " redis://host1:6379,host2:6379?cluster=true. For TLS, these begin with rediss and rediss-sentinel. A"
                    + " password in it is not shown anywhere.");

    /** The address of a store of kind {@code redis}. May hold a password. */
    public String url() {
        return get(URL).text();
    }

    /** The address without its password, for people. */
    public String shownUrl() {
        return StoreUrl.withoutPassword(url());
    }

    /** A copy with another address. */
    public Store withUrl(String url) {
        return with(URL, new Secret(url));
    }

    static final Key<String> PREFIX = KEYS.key(
            "prefix",
            Reload.AT_RESTART,
            new Words(MAX_PREFIX, false),
            "voltlane",
            "Beginning of all keys in Redis. Servers with the same prefix are one fleet.");

    /** The beginning of all keys, which names the fleet. */
    public String prefix() {
        return get(PREFIX);
    }

    /** A copy with another prefix. */
    public Store withPrefix(String prefix) {
        return with(PREFIX, prefix);
    }

    static final Key<Long> TIMEOUT_MS = KEYS.key(
            "timeout_ms",
            Reload.AT_RESTART,
            new WholeNumber(MIN_TIMEOUT_MS, MAX_TIMEOUT_MS),
            2_000L,
            "Milliseconds that the store has for an answer. No packet of a client waits for it, only a session that is"
                    + " opened, or that comes from another server.");

    /** Milliseconds that the store has for an answer, 10 to 60000. */
    public int timeoutMs() {
        return number(TIMEOUT_MS);
    }

    /** A copy with another time in milliseconds. */
    public Store withTimeoutMs(int timeoutMs) {
        return with(TIMEOUT_MS, (long) timeoutMs);
    }

    static final Key<WhenAway> WHEN_AWAY = KEYS.key(
            "when_away",
            Reload.AT_RESTART,
            Choice.of(WhenAway.class),
            WhenAway.CONTINUE,
            "What a client gets that wants a new session while the store can't be reached. continue: a session without a"
                    + " record, which gets one when the store is back. refuse: the answer that the server is busy.");

    /** The way in which new sessions are treated while the store can't be reached. */
    public WhenAway whenAway() {
        return get(WHEN_AWAY);
    }

    /** A copy with another rule. */
    public Store withWhenAway(WhenAway whenAway) {
        return with(WHEN_AWAY, whenAway);
    }

    Store(Values values) {
        super(values);
    }

    @Override
    Store of(Values changed) {
        return new Store(changed);
    }
}
