package net.voltlane.server.config;

import java.util.List;

/**
 * Section {@code clients}: the protocol versions that clients may speak, and the packets and sessions that are kept for
 * clients, and for how long.
 */
public final class Clients extends Section<Clients> {
    static final SectionKeys KEYS = new SectionKeys("clients");

    private static final int MAX_HEARTBEAT_SECS = 65_535;

    static final Key<List<Integer>> VERSIONS = KEYS.key(
            "versions",
            Reload.NEW_LINKS,
            new Versions(),
            Versions.ALL,
            "Protocol versions that clients may speak. Clients of version 3 lose no packet when they lose their connection.");

    /** The versions of the client link that are served, in ascending order: 2, 3, or both. */
    public List<Integer> versions() {
        return get(VERSIONS);
    }

    /** A copy that serves other versions: 2, 3, or both, in ascending order. */
    public Clients withVersions(List<Integer> versions) {
        return with(VERSIONS, versions);
    }

    static final Key<Long> HEARTBEAT_MIN_SECS = KEYS.key(
            "heartbeat_min_secs",
            Reload.NEW_LINKS,
            new WholeNumber(1, MAX_HEARTBEAT_SECS),
            5L,
            "Shortest heartbeat in seconds that a client of version 3 may ask for. A client that sends nothing for two"
                    + " heartbeats has lost its connection, and its session waits.");

    /** The shortest heartbeat of a client of version 3 in seconds, 1 to 65535. */
    public int heartbeatMinSecs() {
        return number(HEARTBEAT_MIN_SECS);
    }

    /** A copy with another shortest heartbeat in seconds. */
    public Clients withHeartbeatMinSecs(int heartbeatMinSecs) {
        return with(HEARTBEAT_MIN_SECS, (long) heartbeatMinSecs);
    }

    static final Key<Long> HEARTBEAT_DEFAULT_SECS = KEYS.key(
            "heartbeat_default_secs",
            Reload.NEW_LINKS,
            new WholeNumber(1, MAX_HEARTBEAT_SECS),
            20L,
            "Heartbeat in seconds of clients of version 3 that do not ask for one.");

    /** The heartbeat in seconds of clients that do not ask for one, 1 to 65535. */
    public int heartbeatDefaultSecs() {
        return number(HEARTBEAT_DEFAULT_SECS);
    }

    /** A copy with another heartbeat in seconds for clients that do not ask for one. */
    public Clients withHeartbeatDefaultSecs(int heartbeatDefaultSecs) {
        return with(HEARTBEAT_DEFAULT_SECS, (long) heartbeatDefaultSecs);
    }

    static final Key<Long> HEARTBEAT_MAX_SECS = KEYS.key(
            "heartbeat_max_secs",
            Reload.NEW_LINKS,
            new WholeNumber(1, MAX_HEARTBEAT_SECS),
            300L,
            "Longest heartbeat in seconds that a client of version 3 may ask for.");

    /** The longest heartbeat of a client of version 3 in seconds, 1 to 65535. */
    public int heartbeatMaxSecs() {
        return number(HEARTBEAT_MAX_SECS);
    }

    /** A copy with another longest heartbeat in seconds. */
    public Clients withHeartbeatMaxSecs(int heartbeatMaxSecs) {
        return with(HEARTBEAT_MAX_SECS, (long) heartbeatMaxSecs);
    }

    static final Key<Long> CHANNEL_CAPACITY = KEYS.key(
            "channel_capacity",
            Reload.AT_ONCE,
            NumberOrWord.endless(WholeNumber.atLeast(1), Key.UNLIMITED),
            8192L,
            "Maximum number of packets queued for a connected client that reads slowly or not at all.");

    /** Packets that may wait for a live client that does not read, at least 1. */
    public long channelCapacity() {
        return get(CHANNEL_CAPACITY);
    }

    /** A copy with another bound in packets. */
    public Clients withChannelCapacity(long channelCapacity) {
        return with(CHANNEL_CAPACITY, channelCapacity);
    }

    static final Key<Long> CHANNEL_CAPACITY_BYTES = KEYS.key(
            "channel_capacity_bytes",
            Reload.AT_ONCE,
            NumberOrWord.endless(WholeNumber.atLeast(1), Key.UNLIMITED),
            16 * Key.MIB,
            "The same limit in bytes.");

    /** The bound on a live client's queue in bytes, at least 1. */
    public long channelCapacityBytes() {
        return get(CHANNEL_CAPACITY_BYTES);
    }

    /** A copy with another bound in bytes. */
    public Clients withChannelCapacityBytes(long channelCapacityBytes) {
        return with(CHANNEL_CAPACITY_BYTES, channelCapacityBytes);
    }

    static final Key<Long> STALE_TIMEOUT_SECS = KEYS.key(
            "stale_timeout_secs",
            Reload.AT_ONCE,
            NumberOrWord.endless(WholeNumber.atLeast(0), Key.NEVER),
            300L,
            "Seconds that a session waits for a client that lost its connection. 0: sessions end with their connection."
                    + " \"never\": they wait for ever, up to max_stale_clients.");

    /** Seconds for which a session without a link may be resumed. 0: a lost link ends its session. */
    public long staleTimeoutSecs() {
        return get(STALE_TIMEOUT_SECS);
    }

    /** A copy with another timeout in seconds. 0: a lost link ends its session. */
    public Clients withStaleTimeoutSecs(long staleTimeoutSecs) {
        return with(STALE_TIMEOUT_SECS, staleTimeoutSecs);
    }

    static final Key<Long> MAX_STALE_CLIENTS = KEYS.key(
            "max_stale_clients",
            Reload.AT_ONCE,
            NumberOrWord.endless(WholeNumber.atLeast(0), Key.UNLIMITED),
            65_535L,
            "Maximum number of sessions that wait for their client. One more, and one of them is evicted. 0: none waits."
                    + " \"unlimited\": as many as the heap has room for.");

    /**
     * Maximum number of sessions without a link; one more, and one of them is evicted. 0: a lost link ends its session.
     */
    public long maxStaleClients() {
        return get(MAX_STALE_CLIENTS);
    }

    /** A copy with another number of sessions without a link. 0: a lost link ends its session. */
    public Clients withMaxStaleClients(long maxStaleClients) {
        return with(MAX_STALE_CLIENTS, maxStaleClients);
    }

    static final Key<Long> STALE_REAP_INTERVAL_SECS = KEYS.key(
            "stale_reap_interval_secs",
            Reload.AT_ONCE,
            WholeNumber.atLeast(1),
            15L,
            "Seconds between two checks for sessions that have waited longer than stale_timeout_secs.");

    /** Seconds between two checks for overdue sessions, at least 1. */
    public long staleReapIntervalSecs() {
        return get(STALE_REAP_INTERVAL_SECS);
    }

    /** A copy with another interval in seconds. */
    public Clients withStaleReapIntervalSecs(long staleReapIntervalSecs) {
        return with(STALE_REAP_INTERVAL_SECS, staleReapIntervalSecs);
    }

    static final Key<Long> MISSED_PACKETS_BUFFER_SIZE = KEYS.key(
            "missed_packets_buffer_size",
            Reload.AT_ONCE,
            NumberOrWord.endless(WholeNumber.atLeast(0), Key.UNLIMITED),
            0L,
            "Maximum number of packets kept for a client that is away. One more ends its session. 0: the first packet that the"
                    + " backend sends to an absent client ends its session; set 1000, say, if your backend sends on its own.");

    /** Packets kept for a session without a link; one more ends the session. */
    public long missedPacketsBufferSize() {
        return get(MISSED_PACKETS_BUFFER_SIZE);
    }

    /** A copy with another bound in packets. */
    public Clients withMissedPacketsBufferSize(long missedPacketsBufferSize) {
        return with(MISSED_PACKETS_BUFFER_SIZE, missedPacketsBufferSize);
    }

    static final Key<Long> MISSED_PACKETS_BUFFER_BYTES = KEYS.key(
            "missed_packets_buffer_bytes",
            Reload.AT_ONCE,
            NumberOrWord.endless(WholeNumber.atLeast(0), Key.UNLIMITED),
            16 * Key.MIB,
            "The same limit in bytes.");

    /** The bound on missed packets in bytes. */
    public long missedPacketsBufferBytes() {
        return get(MISSED_PACKETS_BUFFER_BYTES);
    }

    /** A copy with another bound in bytes. */
    public Clients withMissedPacketsBufferBytes(long missedPacketsBufferBytes) {
        return with(MISSED_PACKETS_BUFFER_BYTES, missedPacketsBufferBytes);
    }

    static final Key<Long> UNACKNOWLEDGED_CAPACITY = KEYS.key(
            "unacknowledged_capacity",
            Reload.AT_ONCE,
            NumberOrWord.endless(WholeNumber.atLeast(1), Key.UNLIMITED),
            8192L,
            "Maximum number of packets kept for a client of protocol version 3, connected or away, until the client"
                    + " acknowledges them. One more ends its session.");

    /** Packets that a client of version 3 may leave unacknowledged, at least 1; one more ends the session. */
    public long unacknowledgedCapacity() {
        return get(UNACKNOWLEDGED_CAPACITY);
    }

    /** A copy with another bound in packets. */
    public Clients withUnacknowledgedCapacity(long unacknowledgedCapacity) {
        return with(UNACKNOWLEDGED_CAPACITY, unacknowledgedCapacity);
    }

    static final Key<Long> UNACKNOWLEDGED_CAPACITY_BYTES = KEYS.key(
            "unacknowledged_capacity_bytes",
            Reload.AT_ONCE,
            NumberOrWord.endless(WholeNumber.atLeast(1), Key.UNLIMITED),
            16 * Key.MIB,
            "The same limit in bytes.");

    /** The bound on unacknowledged packets in bytes, at least 1. */
    public long unacknowledgedCapacityBytes() {
        return get(UNACKNOWLEDGED_CAPACITY_BYTES);
    }

    /** A copy with another bound in bytes. */
    public Clients withUnacknowledgedCapacityBytes(long unacknowledgedCapacityBytes) {
        return with(UNACKNOWLEDGED_CAPACITY_BYTES, unacknowledgedCapacityBytes);
    }

    static final Key<Overflow> OVERFLOW = KEYS.key(
            "overflow",
            Reload.AT_ONCE,
            Choice.of(Overflow.class),
            Overflow.FAIL,
            "What to do when a client's queue is full. fail: end its session. block: stop reading from the backend until there is"
                    + " room, so that every client waits for this one.");

    /** The policy for a live client whose queue is at its bound. */
    public Overflow overflow() {
        return get(OVERFLOW);
    }

    /** A copy with another policy. */
    public Clients withOverflow(Overflow overflow) {
        return with(OVERFLOW, overflow);
    }

    Clients(Values values) {
        super(values);
    }

    @Override
    Clients of(Values changed) {
        return new Clients(changed);
    }
}
