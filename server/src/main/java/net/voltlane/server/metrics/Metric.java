package net.voltlane.server.metrics;

import net.voltlane.protocol.Reason;
import org.jspecify.annotations.Nullable;

/** The catalogue of counters, each of which only grows, from 0 at the start. */
public enum Metric implements Figure {
    CLIENTS_ACCEPTED(
            "voltlane_client_connections_total",
            "client connections accepted",
            "Connects in a second. Compare with voltlane_sessions_opened_total and voltlane_resumes_total: a large rest"
                    + " gets no session."),
    ACCEPTS_DELAYED(
            "voltlane_accepts_delayed_total",
            "times that accepting clients had to wait for a free descriptor",
            "Raise the limit of open descriptors (LimitNOFILE), or the heap if voltlane_connections_limit is below it."),
    ACCEPTS_FAILED(
            "voltlane_accepts_failed_total",
            "times that a connection could not be accepted",
            "The log has the cause. The kernel is out of memory or descriptors for the whole machine."),
    SESSIONS_OPENED(
            "voltlane_sessions_opened_total", "new sessions", "Logins in a second, as far as the server sees them."),
    SESSIONS_RESUMED(Families.RESUMES, "resumed", "resumed sessions whose link was lost"),
    SESSIONS_TAKEN_OVER(Families.RESUMES, "taken_over", "resumed sessions whose old link still looked alive"),
    RESUMES_OVERTAKEN(
            Families.RESUMES, "overtaken", "resumes of version 3 that came later than another one of the same session"),
    RESUMES_REFUSED(Families.RESUMES, "too_late", "resumes of sessions that ended between proof and resume"),
    LINKS_LOST(
            "voltlane_client_links_lost_total",
            "links of live sessions that were lost",
            "A rise for all clients at once is a failure of the network or of a proxy in front of the server."),
    CLIENT_PEER_UNACKNOWLEDGED(
            Families.CLIENT_TIMEOUT,
            "unacknowledged",
            "client links cut because nothing that was sent was acknowledged in time"),
    CLIENT_PEER_QUIET(
            Families.CLIENT_TIMEOUT, "keepalive", "client links that broke because a quiet client did not answer"),

    REJECTED_TIMEOUT(Families.REJECTED, "timeout", "handshakes not done in time"),
    REJECTED_MALFORMED(Families.REJECTED, "malformed", "handshake packets that could not be read"),
    REJECTED_UNEXPECTED(Families.REJECTED, "unexpected_packet", "handshake packets that had no place there"),
    REJECTED_VERSION(Families.REJECTED, "version", "unsupported protocol versions"),
    REJECTED_FRAME_TOO_LARGE(Families.REJECTED, "frame_too_large", "handshake frames over their limit"),
    REJECTED_KEY(Families.REJECTED, "key", "public keys that are no valid point"),
    REJECTED_PROOF(Families.REJECTED, "proof", "answers to a challenge that were not right"),
    REJECTED_NO_SESSION(
            Families.REJECTED, "no_session", "resumes of version 3 whose session there was not, or no longer"),
    REJECTED_MEMORY(Families.REJECTED, "memory", "handshakes closed at the memory limit"),
    REJECTED_PROXY_UNTRUSTED(
            Families.REJECTED, "proxy_untrusted", "connections from addresses that are not in limits.trusted_proxies"),
    REJECTED_PROXY_MISSING(Families.REJECTED, "proxy_missing", "connections from a proxy without a PROXY header"),
    REJECTED_PROXY_MALFORMED(Families.REJECTED, "proxy_malformed", "PROXY headers that could not be read"),
    REJECTED_PROXY_TOO_LONG(Families.REJECTED, "proxy_too_long", "PROXY headers over their limit"),
    REJECTED_HTTP_MALFORMED(
            Families.REJECTED, "http_malformed", "HTTP requests that could not be read, or were too long"),
    REJECTED_HTTP_PATH(Families.REJECTED, "http_path", "HTTP requests for another path than websocket.path"),
    REJECTED_HTTP_NO_UPGRADE(Families.REJECTED, "http_no_upgrade", "HTTP requests without an upgrade to WebSocket"),
    REJECTED_ORIGIN(Families.REJECTED, "origin", "WebSocket upgrades by pages that are not in websocket.origins"),
    REJECTED_SUBPROTOCOL(
            Families.REJECTED,
            "subprotocol",
            "WebSocket subprotocols that are not served, or differ from the first packet"),
    REJECTED_FORWARDED(
            Families.REJECTED,
            "forwarded",
            "proxies' Forwarded and X-Forwarded-For fields that are malformed or disagree"),
    REJECTED_WEBSOCKET_FRAME(
            Families.REJECTED, "websocket_frame", "WebSocket frames in the handshake that break RFC 6455"),
    REJECTED_NOT_TLS(Families.REJECTED, "not_tls", "connections to a listener with TLS that spoke something else"),
    REJECTED_TLS(Families.REJECTED, "tls", "TLS handshakes that failed: no common version or cipher, or malformed"),
    REJECTED_TLS_ALERT(
            Families.REJECTED,
            "tls_alert",
            "TLS handshakes that the client ended, most often because it does not trust the certificate"),
    REJECTED_TLS_CERTIFICATE(
            Families.REJECTED,
            "tls_certificate",
            "clients without a certificate that one of tls.client_ca signed and that has not expired"),
    REJECTED_STOPPING(Families.REJECTED, "stopping", "handshakes closed because the server stops"),
    HANDSHAKES_ABANDONED(
            "voltlane_handshakes_abandoned_total",
            "handshakes that the peer closed",
            "Health checks of a load balancer that only connect, or clients that give up because the server is slow:"
                    + " look at voltlane_handshake_seconds."),
    SESSION_KEYS_AHEAD(Families.SESSION_KEYS, "ahead", "keys computed while nothing else was to be computed"),
    SESSION_KEYS_AT_RESUME(Families.SESSION_KEYS, "at_resume", "keys computed while a returning client waited"),
    SESSION_KEYS_POSTPONED(
            "voltlane_session_keys_postponed_total",
            "keys of version-3 sessions not computed ahead of time, as too many waited for that",
            "Normal while many clients connect at once. Their first resumes take an elliptic curve each."),
    PROOFS_DEFERRED(
            "voltlane_proofs_deferred_total",
            "elliptic-curve computations that had to wait for the executor",
            "Its queue was full. Limit new clients with limits.connects_per_sec."),

    REFUSED_DENIED(Families.REFUSED, "denied", "connections that limits.deny or limits.allow keeps out"),
    REFUSED_BANNED(Families.REFUSED, "banned", "connections of banned addresses"),
    REFUSED_MAX_CLIENTS(Families.REFUSED, "max_clients", "new clients over limits.max_clients"),
    REFUSED_DESCRIPTORS(
            Families.REFUSED, "descriptors", "new clients for whom the limit of open descriptors leaves no room"),
    REFUSED_HEAP(Families.REFUSED, "heap", "new clients for whom the heap of the JVM leaves no room"),
    REFUSED_MAX_CLIENTS_PER_IP(Families.REFUSED, "max_clients_per_ip", "clients over limits.max_clients_per_ip"),
    REFUSED_MAX_CLIENTS_PER_SUBNET(
            Families.REFUSED, "max_clients_per_subnet", "clients over limits.max_clients_per_subnet"),
    REFUSED_CONNECT_RATE(Families.REFUSED, "connects_per_sec", "new clients over limits.connects_per_sec"),
    REFUSED_CONNECT_RATE_PER_IP(
            Families.REFUSED, "connects_per_sec_per_ip", "clients over limits.connects_per_sec_per_ip"),
    REFUSED_PENDING_HANDSHAKES(
            Families.REFUSED, "max_pending_handshakes", "new clients over limits.max_pending_handshakes"),
    REFUSED_PENDING_HANDSHAKES_PER_IP(
            Families.REFUSED, "max_pending_handshakes_per_ip", "new clients over limits.max_pending_handshakes_per_ip"),
    REFUSED_DRAINING(Families.REFUSED, "draining", "new clients refused because the server drains before it stops"),
    REFUSED_STORE_AWAY(Families.REFUSED, "store_away", "clients refused because the store of sessions does not answer"),
    RESUME_RESERVE_ENTERED(
            "voltlane_resume_lane_total",
            "connections over a limit let in only to come back to a session",
            "The server is full: see which reason of voltlane_connections_refused_total grows."),
    ADDRESSES_BANNED(
            "voltlane_addresses_banned_total",
            "bans for wrong proofs",
            "Somebody guesses keys. GET /api/v1/bans lists the addresses."),
    BANS_TAKEN_OVER(
            "voltlane_bans_taken_over_total",
            "bans that other servers of the fleet gave, and that hold here too",
            "Many: an attack on another server, or an operator's script. GET /api/v1/bans names the servers."),
    BANS_NOT_SHARED(
            "voltlane_bans_not_shared_total",
            "bans that hold on some servers of the fleet only, because there are too many",
            "An attack from very many addresses. Ban networks instead, or use limits.deny."),
    ADDRESSES_COUNTED_BY_NETWORK(
            "voltlane_addresses_counted_by_network_total",
            "times that an address or network had no place, and the larger one around it was counted instead",
            "Clients come from very many addresses: honest ones share limits with their neighbours."),
    LINKS_PAUSED(
            "voltlane_client_links_paused_total",
            "times that a client over its rate was not read from",
            "With limits.rate_policy = \"pause\": some clients send more than they may."),
    LINKS_SILENT(
            "voltlane_client_links_silent_total",
            "links of version-3 clients closed because nothing came for two heartbeats",
            "Clients that vanished, or that are too busy to send a Ping in time."),
    LINKS_IDLE(
            "voltlane_client_links_idle_total",
            "links closed because their client sent nothing for too long",
            "limits.idle_timeout_secs is shorter than the time between two packets of these clients."),
    CLIENTS_BECAME_SLOW(
            "voltlane_client_links_slow_total",
            "times that a socket did not take at once what was sent to its client",
            "Normal in bursts. A steady rate: clients on bad networks, or more data than they can take. Look at"
                    + " voltlane_clients_slow."),

    ENDED_DISCONNECTED(Families.ENDED, "disconnected", "sessions whose stale time was over, or that had none"),
    ENDED_EVICTED(Families.ENDED, "evicted", "stale sessions that gave way to others"),
    EVICTED_PER_IP(
            "voltlane_sessions_evicted_per_ip_total",
            "evicted sessions whose address had more than limits.max_stale_clients_per_ip",
            "Many clients behind one address: raise the limit, or look for a client that opens sessions and leaves."),
    ENDED_KICKED(Families.ENDED, "kicked", "sessions kicked by the master or an operator"),
    ENDED_BUFFER_OVERFLOW(Families.ENDED, "buffer_overflow", "sessions whose live client did not read"),
    ENDED_MISSED_PACKETS_OVERFLOW(Families.ENDED, "missed_packets_overflow", "stale sessions that missed too much"),
    ENDED_FRAME_TOO_LARGE(Families.ENDED, "frame_too_large", "sessions whose client sent a frame over the limit"),
    ENDED_RATE_LIMIT(Families.ENDED, "rate_limit", "sessions whose client sent more than it may"),
    ENDED_MEMORY_LIMIT(Families.ENDED, "memory_limit", "sessions that held most when memory ran out"),
    ENDED_STOPPING(Families.ENDED, "server_stopping", "sessions ended by an orderly stop"),
    ENDED_LEFT(Families.ENDED, "left", "sessions that their clients ended"),
    ENDED_VIOLATION(Families.ENDED, "protocol_violation", "sessions whose client broke the rules of version 3"),
    ENDED_GAP(Families.ENDED, "gap", "sessions whose client returned with counts that did not fit"),

    SESSIONS_LET_GO(
            "voltlane_sessions_let_go_total",
            "sessions that go on at another server",
            "Clients that returned elsewhere, as they do when a server drains. Many at other times: clients lose this"
                    + " server, or a load balancer moves them about."),
    SESSIONS_ABANDONED(
            "voltlane_sessions_abandoned_total",
            "sessions that went on at another server, and had no record any more when their stale time was over",
            "They have ended there, as usual, or were lost with a server right after a client had come to it. The backend"
                    + " was told of the end, in case it did not know."),
    LET_GO_UNWATCHED(
            "voltlane_sessions_let_go_unwatched_total",
            "sessions that went on elsewhere and are not watched, as there are too many",
            "If the other server is lost at once, and the client does not come back, the backend may keep such a session"
                    + " until this server ends."),
    SESSIONS_ADOPTED(
            "voltlane_sessions_adopted_total",
            "sessions of other servers, or of an earlier process, that go on here",
            "Clients whose server was lost or drains. Many at other times: a load balancer moves clients about."),
    SESSIONS_ELSEWHERE(
            "voltlane_sessions_elsewhere_total",
            "times that the backend said that another server has a session",
            "A few while servers are lost. Many: servers do not reach the store, and work on outdated records."),
    ADOPTIONS_UNAVAILABLE(
            "voltlane_adoptions_unavailable_total",
            "clients told to come again later, as the store or the backend did not answer",
            "See voltlane_store_up and voltlane_master_up."),
    RECORDS_UNREADABLE(
            "voltlane_records_unreadable_total",
            "records that another key has sealed, or a newer version",
            "Servers of one fleet need the same key: compare their fingerprints."),
    PACKETS_HANDED_OVER(
            "voltlane_packets_handed_over_total",
            "packets for clients that were handed over to the servers that the clients have gone to",
            "Only for clients of version 2, or without firehose 3. With version 3 on both sides the backend sends them."),
    HAND_OVER_DROPPED(
            "voltlane_hand_over_dropped_packets_total",
            "packets that were not handed over, as a session had more than 1 MiB",
            "These are lost for their clients. Version 3 on both sides loses none."),
    OPENED_WITHOUT_RECORD(
            "voltlane_sessions_opened_without_record_total",
            "new sessions that have no record yet, as the store was away or did not answer in time",
            "With store.when_away = \"continue\". Until the store is back they end with this server: see voltlane_store_up."),
    RECORDS_WRITTEN(
            "voltlane_records_written_total",
            "records of sessions that the store has taken",
            "One for each new session, and one for each session when the store is back."),
    RECORDS_FAILED(
            "voltlane_records_failed_total",
            "records that the store did not write, renew or remove when it was asked to",
            "The log has the reason. They are written again within half of clients.stale_timeout_secs, or when the store is"
                    + " back."),

    MISSED_KEPT(
            "voltlane_missed_packets_kept_total",
            "packets kept for clients that were away",
            "What the backend sends to absent clients. See clients.missed_packets_buffer_size."),
    MISSED_REPLAYED(
            "voltlane_missed_packets_replayed_total",
            "kept packets that were sent to their client when it returned",
            "Near voltlane_missed_packets_kept_total: clients come back in time."),
    MISSED_DROPPED(
            "voltlane_missed_packets_dropped_total",
            "kept packets dropped because their session ended",
            "Clients did not come back in time, or missed too much: see voltlane_sessions_ended_total."),

    UNACKNOWLEDGED_RESENT(
            "voltlane_packets_resent_total",
            "packets that were sent again to a client of version 3 that returned, since it had not acknowledged them",
            "What would have been lost with a connection, or waited for the client. Many for each resume: clients that"
                    + " acknowledge late, or were away for long."),

    PACKETS_UP(Families.PACKETS, "up", "data packets taken from clients"),
    BYTES_UP(Families.PAYLOAD_BYTES, "up", "payload bytes taken from clients"),
    PACKETS_DOWN(Families.PACKETS, "down", "data packets that the master sent for a session"),
    BYTES_DOWN(Families.PAYLOAD_BYTES, "down", "payload bytes that the master sent for a session"),

    ACKS_UP(Families.ACKS, "up", "acknowledgements by clients of packets that they had not acknowledged before"),
    ACKS_DOWN(Families.ACKS, "down", "acknowledgements to clients"),

    MASTER_CONNECTED(Families.DIALS, "reached", "dials that reached the master"),
    MASTER_DIALS_FAILED(Families.DIALS, "failed", "dials that did not reach the master"),
    MASTER_DIALS_UNANSWERED(
            Families.DIALS, "unanswered", "dials that were accepted by something that does not speak firehose 3"),
    MASTER_TLS_FAILED(
            "voltlane_master_tls_failures_total",
            "handshakes of TLS with the master that failed, and links that TLS ended",
            "The log says why: look at the backend's certificate, at master.ca and master.server_name, and at"
                    + " master.certificate if the backend demands one."),
    MASTER_LOST(
            "voltlane_master_lost_total",
            "times that the master link was lost",
            "Each restart of the backend adds 1. More than that: look for crashes of the backend, and at the network."),
    MASTER_PEER_UNACKNOWLEDGED(
            Families.MASTER_TIMEOUT,
            "unacknowledged",
            "master links cut because nothing that was sent was acknowledged in time"),
    MASTER_PEER_QUIET(
            Families.MASTER_TIMEOUT, "keepalive", "master links that broke because a quiet master did not answer"),
    MASTER_PEER_SILENT(Families.MASTER_TIMEOUT, "silent", "master links of firehose 3 on which nothing came for 15 s"),
    MASTER_BEGAN_ANEW(
            "voltlane_master_instances_total",
            "times that another process of the backend answered than before, with firehose 3",
            "Each restart of the backend adds 1, and its first start. Each time, what the process before had not"
                    + " acknowledged is sent again."),
    MASTER_PACKETS_RESENT(
            "voltlane_master_packets_resent_total",
            "packets sent to the master again on a new link, with firehose 3",
            "What would have been lost with firehose 2. A backend that acknowledges late makes it large."),
    MASTER_NEWS_OWED(
            "voltlane_master_news_owed_total",
            "times that the master could not be told at once that a session was opened, lost its link, or was resumed",
            "The queue for the backend is at its bound: see voltlane_master_queue_bytes."),
    MASTER_SESSIONS_FORGOTTEN(
            "voltlane_master_sessions_forgotten_total",
            "sessions that ended before there was room to tell the master of them",
            "A flood of clients that send nothing, or a backend that is slow for long. Limit new clients with"
                    + " limits.connects_per_sec."),
    MASTER_DIALS_REACHED_THEMSELVES(
            "voltlane_master_self_connections_total",
            "dials that the kernel connected to their own socket, as nobody listened on that port",
            "Take the backend's port out of the kernel's range: net.ipv4.ip_local_reserved_ports."),
    MASTER_PACKET_SHORT(Families.MASTER_BAD, "short", "packets from the master shorter than a tag"),
    MASTER_PACKET_UNKNOWN_FLAG(Families.MASTER_BAD, "unknown_flag", "packets from the master with an unknown flag"),
    MASTER_PACKET_IGNORED(
            Families.MASTER_BAD, "ignored", "packets from the master that only a server sends, such as Failure"),
    MASTER_COUNTS_WRONG(
            Families.MASTER_BAD, "counts", "acknowledgements that can't be true, which cost the master its link"),
    MASTER_FRAME_TOO_LARGE(
            Families.MASTER_BAD, "frame_too_large", "frames over the limit, which cost the master its link"),
    NOT_FOUND_ANSWERED(
            "voltlane_not_found_answers_total",
            "packets for no session, answered with a Failure",
            "Some are normal when sessions end. Many: the backend does not act on Failure packets."),
    NOT_FOUND_DROPPED(
            "voltlane_not_found_unanswered_total",
            "packets for no session left unanswered: the master did not read, or firehose 3 has no answer to them",
            "With firehose 2 the backend does not read the answers: look at its reading thread. With firehose 3 some are normal"
                    + " when sessions end."),
    CLIENTS_HELD_BACK(
            "voltlane_clients_held_back_total",
            "times that clients were held back for a slow master",
            "The backend reads more slowly than clients send. Look at voltlane_master_queue_bytes."),
    FIREHOSE_BLOCKED(
            "voltlane_firehose_blocked_total",
            "times that the firehose waited for a slow client",
            "With clients.overflow = \"block\" a slow client stops all others. Use \"fail\", or raise"
                    + " clients.channel_capacity."),
    MEMORY_LIMIT_REACHED(
            "voltlane_memory_limit_reached_total",
            "times that limits.max_buffered_bytes was reached",
            "Each time sessions may have ended: raise the limit and the memory, or lower the bounds of the queues."),
    LINKS_RESET(
            "voltlane_client_links_reset_total",
            "closing links whose peer did not close in time",
            "Clients that do not close their sockets. They cost a descriptor for 5 s each."),
    TLS_HANDSHAKES_FULL(Families.TLS_HANDSHAKES, "full", "full handshakes"),
    TLS_HANDSHAKES_RESUMED(
            Families.TLS_HANDSHAKES,
            "resumed",
            "handshakes that a session ticket made short; not counted by the JDK's TLS"),
    TLS_BROKEN(
            "voltlane_tls_broken_total",
            "links with a session that were cut because bytes came that are no TLS of their client's",
            "Always 0 but for attackers and broken middleboxes. The session stays and can be resumed."),
    TLS_RELOADS_FAILED(
            "voltlane_tls_reloads_failed_total",
            "changed certificate files that could not be used",
            "The certificate before stays in use until it expires. The log names the file and what is wrong with it."),
    LOOPS_LATE(
            "voltlane_loops_late_total",
            "times that an event loop was not run for a while, and judged nobody for it",
            "The process was stopped, swapped out or starved of CPU, or the JVM paused: look at"
                    + " voltlane_loop_delay_seconds and jvm_gc_collection_seconds.");

    private final Family family;
    private final @Nullable String value;
    private final String help;

    Metric(String name, String help, String look) {
        family = new Family(name, Family.Type.COUNTER, Unit.of(name), null, help, look);
        value = null;
        this.help = help;
    }

    Metric(Family family, String value, String help) {
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
            case CLIENT_LEFT -> ENDED_LEFT;
            case PROTOCOL_VIOLATION -> ENDED_VIOLATION;
            case GAP -> ENDED_GAP;
            case CLIENT_NOT_FOUND -> throw new IllegalArgumentException("an answer, not an end");
        };
    }
}
