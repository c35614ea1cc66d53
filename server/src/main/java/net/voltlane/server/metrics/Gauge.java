package net.voltlane.server.metrics;

import org.jspecify.annotations.Nullable;

/**
 * The catalogue of gauges: figures that go up and down, beside the counters of {@link Metric}. A gauge is read from any
 * thread, and costs nothing until it is read.
 */
public enum Gauge implements Figure {
    READY(
            "voltlane_ready",
            Unit.YES_OR_NO,
            "new clients are let in: the server listens, the master is connected, and nothing drains or stops",
            "0: GET /readyz says why."),
    DRAINING(
            "voltlane_draining",
            Unit.YES_OR_NO,
            "the server drains or stops: it takes no new clients, and ends its sessions",
            "1 for longer than general.drain_timeout_secs and 8 s: the process hangs."),

    SESSIONS_LIVE(Families.SESSIONS, "live", "sessions with a link, or between two"),
    SESSIONS_STALE(Families.SESSIONS, "stale", "sessions that wait for their client to return"),
    SESSIONS_STALE_LIMIT(
            "voltlane_sessions_stale_limit",
            Unit.SESSIONS,
            "sessions that may wait, as clients.max_stale_clients and the heap allow",
            "When the stale sessions reach it, the oldest of the address with most of them is evicted."),
    SESSIONS_UNRECORDED(
            "voltlane_sessions_unrecorded",
            Unit.SESSIONS,
            "sessions whose record the store does not have, as far as is known; missing without a store",
            "0 but for a moment after the store was back. These end with this server."),
    STORE_UP(
            "voltlane_store_up",
            Unit.YES_OR_NO,
            "the store of sessions answers; missing without a store",
            "0: connected clients notice nothing. New ones get sessions that end with this server, or are refused, as"
                    + " store.when_away says."),
    CLIENTS_SLOW(
            "voltlane_clients_slow",
            Unit.SESSIONS,
            "live sessions whose client does not take everything at once",
            "GET /api/v1/sessions?slow=true&sort=-waiting names them. Many at once: the network is full."),

    TLS_CERTIFICATE_EXPIRY(
            "voltlane_tls_certificate_expiry_seconds",
            Unit.SECONDS,
            "time until the first of the server's certificates expires, negative once it has expired; missing without TLS",
            "Less than 14 days: the renewal does not work, or nobody replaces the files of section tls."),

    CONNECTIONS(
            "voltlane_connections",
            Unit.CONNECTIONS,
            "open connections of clients, whatever their state",
            "Compare with voltlane_connections_limit."),
    CONNECTIONS_LIMIT(
            "voltlane_connections_limit",
            Unit.CONNECTIONS,
            "connections that there is room for; 0 at first",
            "The least of what descriptors and the heap leave room for. The log says at start which one it is."),
    HANDSHAKES(
            "voltlane_handshakes",
            Unit.HANDSHAKES,
            "handshakes under way, those of returning clients included",
            "Many for long: a flood, or the proof threads are behind, see voltlane_proof_queue_computations."),
    PROOF_QUEUE_KEYS(Families.PROOF_QUEUE, "key", "keys of new clients that wait to be checked"),
    PROOF_QUEUE_CHALLENGES(
            Families.PROOF_QUEUE, "challenge", "challenges for returning clients that wait to be computed"),
    PROOF_QUEUE_LIMIT(
            "voltlane_proof_queue_limit_computations",
            Unit.COMPUTATIONS,
            "computations of each kind that may wait",
            "At this bound further computations wait in the loops, see voltlane_proofs_deferred_total."),

    HELD_BYTES(
            "voltlane_held_bytes",
            Unit.BYTES,
            "memory held for clients and the master",
            "Compare with voltlane_held_limit_bytes. It grows when clients or the master do not read."),
    KEPT_BYTES(
            "voltlane_kept_bytes",
            Unit.BYTES,
            "memory of packets kept for clients: not acknowledged yet, or missed while a client is away",
            "A part of voltlane_held_bytes. It grows with clients of version 3 that acknowledge late, and with what the"
                    + " backend sends to absent clients: see clients.unacknowledged_capacity."),
    HELD_BYTES_LIMIT(
            "voltlane_held_limit_bytes",
            Unit.BYTES,
            "memory that may be held: limits.max_buffered_bytes",
            "At this limit handshakes and sessions are ended to free memory."),
    BUFFERS_RESERVED(
            "voltlane_buffers_reserved_bytes",
            Unit.BYTES,
            "direct memory that the pool of network buffers has reserved",
            "Stays at its highest for a while. Growth without end is a leak: please report it."),
    BUFFERS_USED(
            "voltlane_buffers_used_bytes",
            Unit.BYTES,
            "direct memory of the pool that buffers in use, or cached by a thread, take",
            "Far above voltlane_held_bytes without traffic is a leak: please report it."),

    MASTER_UP(
            "voltlane_master_up",
            Unit.YES_OR_NO,
            "the master link is up",
            "0: the backend is away. Clients stay until master.reconnect_timeout_secs is over, then the server ends."),
    MASTER_QUEUE_PACKETS(
            "voltlane_master_queue_packets",
            Unit.PACKETS,
            "data packets that wait for the master, with firehose 3 also for its acknowledgement",
            "Above 0 for long: the backend reads too slowly, or is away."),
    MASTER_QUEUE_PACKETS_LIMIT(
            "voltlane_master_queue_limit_packets",
            Unit.PACKETS,
            "waiting packets at which clients are held back",
            "The setting master.channel_capacity."),
    MASTER_QUEUE_BYTES(
            "voltlane_master_queue_bytes",
            Unit.BYTES,
            "bytes of the data packets that wait for the master, with firehose 3 also for its acknowledgement",
            "Above 0 for long: the backend reads too slowly, or is away."),
    MASTER_QUEUE_BYTES_LIMIT(
            "voltlane_master_queue_limit_bytes",
            Unit.BYTES,
            "waiting bytes at which clients are held back",
            "The setting master.channel_capacity_bytes, or less where limits.max_buffered_bytes is small."),
    CLIENTS_HELD(
            "voltlane_clients_held",
            Unit.YES_OR_NO,
            "clients are held back, because the master is slow",
            "1 for long: no client is read. Look at the backend's reading thread."),
    FIREHOSE_PAUSED(
            "voltlane_firehose_paused",
            Unit.YES_OR_NO,
            "the master is not read, because a client or a thread is slow",
            "1 for long: all clients wait for one. See clients.overflow, and voltlane_loop_delay_seconds."),

    LOOP_QUEUE_BYTES(
            "voltlane_loop_queue_bytes",
            Unit.BYTES,
            "bytes on their way from the master to client threads",
            "Near its limit: a thread that serves clients has too much to do, and the firehose waits for it."),
    LOOP_QUEUE_BYTES_LIMIT(
            "voltlane_loop_queue_limit_bytes",
            Unit.BYTES,
            "bytes that may be on their way to all client threads together, 4 MiB for each",
            "At 4 MiB for one thread the firehose waits, see voltlane_firehose_paused."),
    LOOP_LAG(
            "voltlane_loop_lag_seconds",
            Unit.SECONDS,
            "time since the slowest event loop last ran its sweep",
            "At most 0.1 in health. Above 1: a loop hangs, and its clients with it.");

    private final Family family;
    private final @Nullable String value;
    private final String help;

    Gauge(String name, Unit unit, String help, String look) {
        family = new Family(name, Family.Type.GAUGE, unit, null, help, look);
        value = null;
        this.help = help;
    }

    Gauge(Family family, String value, String help) {
        this.family = family;
        this.value = value;
        this.help = help;
    }

    @Override
    public Family family() {
        return family;
    }

    @Override
    public @Nullable String labelValue() {
        return value;
    }

    @Override
    public String help() {
        return help;
    }

    public Unit unit() {
        return family.unit();
    }
}
