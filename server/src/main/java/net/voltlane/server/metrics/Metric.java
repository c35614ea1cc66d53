package net.voltlane.server.metrics;

import net.voltlane.protocol.Reason;

/** The catalogue of counters, each of which only grows, from 0 at the start. {@link Gauge} has the other figures. */
public enum Metric implements Figure {
    CLIENTS_ACCEPTED("voltlane_client_connections_total", "client connections accepted"),
    ACCEPTS_DELAYED("voltlane_accepts_delayed_total", "times that accepting clients had to wait for a free descriptor"),
    ACCEPTS_FAILED("voltlane_accepts_failed_total", "times that a connection could not be accepted"),
    SESSIONS_OPENED("voltlane_sessions_opened_total", "new sessions"),
    SESSIONS_RESUMED("voltlane_sessions_resumed_total", "sessions that a client came back to, takeovers included"),
    SESSIONS_TAKEN_OVER("voltlane_sessions_taken_over_total", "resumes while the old link still looked alive"),
    LINKS_LOST("voltlane_client_links_lost_total", "links of live sessions that were lost"),
    CLIENT_PEER_UNACKNOWLEDGED(
            clientTimeout("unacknowledged"), "client links cut because nothing that was sent was acknowledged in time"),
    CLIENT_PEER_QUIET(clientTimeout("keepalive"), "client links that broke because a quiet client did not answer"),
    RESUMES_REFUSED(
            "voltlane_resumes_refused_total", "resumes with a right proof whose session had ended in the meantime"),

    REJECTED_TIMEOUT(rejected("timeout"), "handshakes not done in time"),
    REJECTED_MALFORMED(rejected("malformed"), "handshake packets that could not be read"),
    REJECTED_UNEXPECTED(rejected("unexpected_packet"), "handshake packets that had no place there"),
    REJECTED_VERSION(rejected("version"), "unsupported protocol versions"),
    REJECTED_FRAME_TOO_LARGE(rejected("frame_too_large"), "handshake frames over their limit"),
    REJECTED_KEY(rejected("key"), "public keys that are no valid point"),
    REJECTED_PROOF(rejected("proof"), "answers to a challenge that were not right"),
    REJECTED_MEMORY(rejected("memory"), "handshakes closed at the memory limit"),
    REJECTED_PROXY_UNTRUSTED(
            rejected("proxy_untrusted"), "connections from addresses that are not in limits.trusted_proxies"),
    REJECTED_PROXY_MISSING(rejected("proxy_missing"), "connections from a proxy without a PROXY header"),
    REJECTED_PROXY_MALFORMED(rejected("proxy_malformed"), "PROXY headers that could not be read"),
    REJECTED_PROXY_TOO_LONG(rejected("proxy_too_long"), "PROXY headers over their limit"),
    REJECTED_STOPPING(rejected("stopping"), "handshakes closed because the server stops"),
    HANDSHAKES_ABANDONED("voltlane_handshakes_abandoned_total", "handshakes that the peer closed"),
    PROOFS_DEFERRED("voltlane_proofs_deferred_total", "elliptic-curve computations that had to wait for the executor"),

    REFUSED_DENIED(refused("denied"), "connections that limits.deny or limits.allow keeps out"),
    REFUSED_BANNED(refused("banned"), "connections of banned addresses"),
    REFUSED_MAX_CLIENTS(refused("max_clients"), "new clients over limits.max_clients"),
    REFUSED_DESCRIPTORS(refused("descriptors"), "new clients for whom the limit of open descriptors leaves no room"),
    REFUSED_HEAP(refused("heap"), "new clients for whom the heap of the JVM leaves no room"),
    REFUSED_MAX_CLIENTS_PER_IP(refused("max_clients_per_ip"), "clients over limits.max_clients_per_ip"),
    REFUSED_MAX_CLIENTS_PER_SUBNET(refused("max_clients_per_subnet"), "clients over limits.max_clients_per_subnet"),
    REFUSED_CONNECT_RATE(refused("connects_per_sec"), "new clients over limits.connects_per_sec"),
    REFUSED_CONNECT_RATE_PER_IP(refused("connects_per_sec_per_ip"), "clients over limits.connects_per_sec_per_ip"),
    REFUSED_PENDING_HANDSHAKES(refused("max_pending_handshakes"), "new clients over limits.max_pending_handshakes"),
    REFUSED_PENDING_HANDSHAKES_PER_IP(
            refused("max_pending_handshakes_per_ip"), "new clients over limits.max_pending_handshakes_per_ip"),
    REFUSED_DRAINING(refused("draining"), "new clients refused because the server drains before it stops"),
    RESUME_RESERVE_ENTERED(
            "voltlane_resume_lane_total", "connections over a limit let in only to come back to a session"),
    ADDRESSES_BANNED("voltlane_addresses_banned_total", "bans for wrong proofs"),
    ADDRESSES_COUNTED_BY_NETWORK(
            "voltlane_addresses_counted_by_network_total",
            "times that an address or network had no place, and the larger one around it was counted instead"),
    LINKS_PAUSED("voltlane_client_links_paused_total", "times that a client over its rate was not read from"),
    LINKS_IDLE("voltlane_client_links_idle_total", "links closed because their client sent nothing for too long"),

    ENDED_DISCONNECTED(ended("disconnected"), "sessions whose stale time was over, or that had none"),
    ENDED_EVICTED(ended("evicted"), "stale sessions that gave way to others"),
    EVICTED_PER_IP(
            "voltlane_sessions_evicted_per_ip_total",
            "those of them whose address had more than limits.max_stale_clients_per_ip"),
    ENDED_KICKED(ended("kicked"), "sessions kicked by the master or an operator"),
    ENDED_BUFFER_OVERFLOW(ended("buffer_overflow"), "sessions whose live client did not read"),
    ENDED_MISSED_PACKETS_OVERFLOW(ended("missed_packets_overflow"), "stale sessions that missed too much"),
    ENDED_FRAME_TOO_LARGE(ended("frame_too_large"), "sessions whose client sent a frame over the limit"),
    ENDED_RATE_LIMIT(ended("rate_limit"), "sessions whose client sent more than it may"),
    ENDED_MEMORY_LIMIT(ended("memory_limit"), "sessions that held most when memory ran out"),
    ENDED_STOPPING(ended("server_stopping"), "sessions ended by an orderly stop"),

    PACKETS_UP("voltlane_packets_up_total", "data packets taken from clients"),
    BYTES_UP("voltlane_payload_bytes_up_total", "payload bytes taken from clients"),
    PACKETS_DOWN("voltlane_packets_down_total", "data packets that the master sent for a session"),
    BYTES_DOWN("voltlane_payload_bytes_down_total", "payload bytes that the master sent for a session"),

    MASTER_CONNECTED("voltlane_master_connected_total", "times that the master was reached"),
    MASTER_LOST("voltlane_master_lost_total", "times that the master link was lost"),
    MASTER_PEER_UNACKNOWLEDGED(
            masterTimeout("unacknowledged"), "master links cut because nothing that was sent was acknowledged in time"),
    MASTER_PEER_QUIET(masterTimeout("keepalive"), "master links that broke because a quiet master did not answer"),
    MASTER_DIALS_FAILED("voltlane_master_dials_failed_total", "dials that did not reach the master"),
    MASTER_DIALS_REACHED_THEMSELVES(
            "voltlane_master_self_connections_total",
            "dials that the kernel connected to their own socket, as nobody listened on that port"),
    MASTER_PACKET_SHORT(masterBad("short"), "packets from the master shorter than a tag"),
    MASTER_PACKET_UNKNOWN_FLAG(masterBad("unknown_flag"), "packets from the master with an unknown flag"),
    MASTER_PACKET_IGNORED(masterBad("ignored"), "Failure and Reconnection packets from the master"),
    MASTER_FRAME_TOO_LARGE(masterBad("frame_too_large"), "frames over the limit, which cost the master its link"),
    NOT_FOUND_ANSWERED("voltlane_not_found_answers_total", "packets for no session, answered with a Failure"),
    NOT_FOUND_DROPPED("voltlane_not_found_unanswered_total", "such packets left unanswered: the master did not read"),
    CLIENTS_HELD_BACK("voltlane_clients_held_back_total", "times that clients were held back for a slow master"),
    FIREHOSE_BLOCKED("voltlane_firehose_blocked_total", "times that the firehose waited for a slow client"),
    MEMORY_LIMIT_REACHED("voltlane_memory_limit_reached_total", "times that limits.max_buffered_bytes was reached"),
    LINKS_RESET("voltlane_client_links_reset_total", "closing links whose peer did not close in time"),
    LOOPS_LATE(
            "voltlane_loops_late_total", "times that an event loop was not run for a while, and judged nobody for it");

    private final String series;
    private final String help;

    Metric(String series, String help) {
        this.series = series;
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

    /** The counter of the sessions that ended for {@code reason}. */
    public static Metric ended(Reason reason) {
        return switch (reason) {
            case CLIENT_DISCONNECTED -> ENDED_DISCONNECTED;
            case CLIENT_EVICTED -> ENDED_EVICTED;
            case CLIENT_KICKED -> ENDED_KICKED;
            case BUFFER_OVERFLOW -> ENDED_BUFFER_OVERFLOW;
            case MISSED_PACKETS_OVERFLOW -> ENDED_MISSED_PACKETS_OVERFLOW;
            case FRAME_TOO_LARGE -> ENDED_FRAME_TOO_LARGE;
            case RATE_LIMIT -> ENDED_RATE_LIMIT;
            case MEMORY_LIMIT -> ENDED_MEMORY_LIMIT;
            case SERVER_STOPPING -> ENDED_STOPPING;
            case CLIENT_NOT_FOUND -> throw new IllegalArgumentException("an answer, not an end");
        };
    }

    private static String rejected(String reason) {
        return "voltlane_handshakes_rejected_total{reason=\"" + reason + "\"}";
    }

    private static String refused(String limit) {
        return "voltlane_connections_refused_total{reason=\"" + limit + "\"}";
    }

    private static String ended(String reason) {
        return "voltlane_sessions_ended_total{reason=\"" + reason + "\"}";
    }

    private static String clientTimeout(String reason) {
        return "voltlane_client_links_timed_out_total{reason=\"" + reason + "\"}";
    }

    private static String masterTimeout(String reason) {
        return "voltlane_master_links_timed_out_total{reason=\"" + reason + "\"}";
    }

    private static String masterBad(String kind) {
        return "voltlane_master_packets_skipped_total{kind=\"" + kind + "\"}";
    }
}
