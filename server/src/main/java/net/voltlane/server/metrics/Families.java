package net.voltlane.server.metrics;

/** The families that have more than one series of the catalogue. */
final class Families {
    static final Family RESUMES = counter(
            "voltlane_resumes_total",
            "result",
            "attempts to resume a session, of clients with a right proof",
            "Many resumes mean that clients lose their links: look at voltlane_client_links_lost_total. With too_late,"
                    + " raise clients.stale_timeout_secs. Wrong proofs are in voltlane_handshakes_rejected_total.");

    static final Family REJECTED = counter(
            "voltlane_handshakes_rejected_total",
            "reason",
            "handshakes closed for what the client sent, or failed to send",
            "The reason names the rule. Many of proof are guessed keys or clients with an old key file; many of"
                    + " frame_too_large or malformed come from port scans and from clients of other protocols.");

    static final Family SESSION_KEYS = counter(
            "voltlane_session_keys_total",
            "when",
            "keys of version-3 sessions that were computed, one elliptic curve each",
            "Most are computed ahead. Many at_resume, while many clients return at once, make them wait for the"
                    + " processor.");

    static final Family TLS_HANDSHAKES = counter(
            "voltlane_tls_handshakes_total",
            "kind",
            "TLS handshakes that were completed",
            "A full one costs a signature with the private key. Many full ones from clients that return: they keep no"
                    + " session tickets, or were away longer than a ticket is accepted (two hours with"
                    + " TLS 1.2, 8 to 12 hours with TLS 1.3).");

    static final Family REFUSED = counter(
            "voltlane_connections_refused_total",
            "reason",
            "connections closed for a limit",
            "The reason names the limit. Raise it if the refused clients are honest; see who they are in the log.");

    static final Family ENDED = counter(
            "voltlane_sessions_ended_total",
            "reason",
            "sessions that have ended",
            "Some disconnected and kicked are normal. Each of the others cost a client its session: look up the reason"
                    + " in docs/OPERATIONS.md.");

    static final Family CLIENT_TIMEOUT = counter(
            "voltlane_client_links_timed_out_total",
            "reason",
            "client links cut because the client had vanished",
            "Normal for mobile clients. A sudden rise is a failure of the network between clients and server.");

    static final Family MASTER_TIMEOUT = counter(
            "voltlane_master_links_timed_out_total",
            "reason",
            "master links cut because the master had vanished",
            "The network between server and backend drops packets, or the backend's machine hangs.");

    static final Family DIALS = counter(
            "voltlane_master_dials_total",
            "result",
            "dials of the master that have ended",
            "Failed dials while voltlane_master_up is 0: the backend does not listen at master.address. Unanswered ones:"
                    + " see master.protocol. Dials that reach it again and again mean that the link breaks, see voltlane_master_lost_total.");

    static final Family MASTER_BAD = counter(
            "voltlane_master_packets_skipped_total",
            "reason",
            "packets of the master that the server could not use",
            "Always 0 with a correct backend. Mend the backend, or its SDK's version.");

    static final Family PACKETS = counter(
            "voltlane_packets_total",
            "direction",
            "data packets, up from clients to the master, down from the master to sessions",
            "The load of the server, and the first place to look after a release of the backend or of the clients.");

    static final Family ACKS = counter(
            "voltlane_client_acks_total",
            "direction",
            "acknowledgements of version-3 clients, up from them, down to them",
            "Clients acknowledge at least each 64 packets or each second. Far fewer up than that: clients that do not"
                    + " take what they are sent.");

    static final Family PAYLOAD_BYTES = counter(
            "voltlane_payload_bytes_total",
            "direction",
            "payload bytes of data packets, up from clients to the master, down from the master to sessions",
            "The bandwidth without TCP and headers. Divide by voltlane_packets_total for the size of a packet.");

    static final Family SESSIONS = new Family(
            "voltlane_sessions",
            Family.Type.GAUGE,
            Unit.SESSIONS,
            "state",
            "sessions",
            "Many sessions that turn from live to stale at once are a network failure, or a proxy that restarts.");

    static final Family PROOF_QUEUE = new Family(
            "voltlane_proof_queue_computations",
            Family.Type.GAUGE,
            Unit.COMPUTATIONS,
            "kind",
            "elliptic-curve computations that wait for a thread",
            "Above 0 for long: more clients come than the processor can check. Limit them with"
                    + " limits.connects_per_sec, or give the server more processors.");

    private Families() {}

    private static Family counter(String name, String label, String help, String look) {
        return new Family(name, Family.Type.COUNTER, Unit.of(name), label, help, look);
    }
}
