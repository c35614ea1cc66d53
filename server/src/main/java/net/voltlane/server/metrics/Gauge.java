package net.voltlane.server.metrics;

/**
 * The catalogue of gauges: figures that go up and down, beside the counters of {@link Metric}. A gauge is read from any
 * thread, and costs nothing until it is read.
 */
public enum Gauge implements Figure {
    SESSIONS_LIVE(sessions("live"), Unit.SESSIONS, "sessions with a link, or between two"),
    SESSIONS_STALE(sessions("stale"), Unit.SESSIONS, "sessions that wait for their client to return"),
    SESSIONS_STALE_LIMIT(
            "voltlane_sessions_stale_limit",
            Unit.SESSIONS,
            "sessions that may wait, as clients.max_stale_clients allows"),

    CONNECTIONS("voltlane_connections", Unit.CONNECTIONS, "open connections of clients, whatever their state"),
    CONNECTIONS_LIMIT("voltlane_connections_limit", Unit.CONNECTIONS, "connections that there is room for; 0 at first"),
    HANDSHAKES("voltlane_handshakes", Unit.HANDSHAKES, "handshakes under way, those of returning clients included"),

    HELD_BYTES("voltlane_held_bytes", Unit.BYTES, "memory held for clients and the master"),
    HELD_BYTES_LIMIT("voltlane_held_bytes_limit", Unit.BYTES, "memory that may be held: limits.max_buffered_bytes"),

    MASTER_UP("voltlane_master_up", Unit.YES_OR_NO, "the master link is up"),
    MASTER_QUEUE_PACKETS("voltlane_master_queue_packets", Unit.PACKETS, "data packets that wait for the master"),
    MASTER_QUEUE_PACKETS_LIMIT(
            "voltlane_master_queue_packets_limit", Unit.PACKETS, "waiting packets at which clients are held back"),
    MASTER_QUEUE_BYTES("voltlane_master_queue_bytes", Unit.BYTES, "bytes of the data packets that wait for the master"),
    MASTER_QUEUE_BYTES_LIMIT(
            "voltlane_master_queue_bytes_limit", Unit.BYTES, "waiting bytes at which clients are held back"),
    CLIENTS_HELD("voltlane_clients_held", Unit.YES_OR_NO, "clients are held back, because the master is slow"),
    FIREHOSE_PAUSED(
            "voltlane_firehose_paused", Unit.YES_OR_NO, "the master is not read, because a client or a thread is slow"),

    LOOP_QUEUE_BYTES("voltlane_loop_queue_bytes", Unit.BYTES, "bytes on their way from the master to client threads"),
    LOOP_LAG(
            "voltlane_loop_lag_milliseconds",
            Unit.MILLISECONDS,
            "time since the slowest event loop last ran its sweep");

    /** The unit of a gauge. */
    public enum Unit {
        BYTES("bytes"),
        CONNECTIONS("connections"),
        HANDSHAKES("handshakes"),
        MILLISECONDS("milliseconds"),
        PACKETS("packets"),
        SESSIONS("sessions"),
        /** 1 for yes, 0 for no. */
        YES_OR_NO("1 or 0");

        private final String text;

        Unit(String text) {
            this.text = text;
        }

        /** The unit as operators read it. */
        public String text() {
            return text;
        }
    }

    private final String series;
    private final Unit unit;
    private final String help;

    Gauge(String series, Unit unit, String help) {
        this.series = series;
        this.unit = unit;
        this.help = help;
    }

    @Override
    public String series() {
        return series;
    }

    @Override
    public String help() {
        return help;
    }

    public Unit unit() {
        return unit;
    }

    private static String sessions(String state) {
        return "voltlane_sessions{state=\"" + state + "\"}";
    }
}
