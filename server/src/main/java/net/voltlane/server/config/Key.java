package net.voltlane.server.config;

import java.util.List;
import java.util.Locale;
import net.voltlane.server.guard.CidrSet;
import net.voltlane.server.guard.RatePolicy;

/**
 * One thing that an operator may set. {@link #ALL} is the catalogue, and the only place where a key is declared:
 * parser, checks, suggestions, {@code --print-config} and the defaults in code work from it; tests hold the template
 * and {@code docs/CONFIGURATION.md} to it.
 *
 * @param <T> its values in Java
 * @param section the TOML table that it stands in
 * @param name its name in that table
 * @param variable the environment variable that overrides the file
 * @param type what its values look like
 * @param defaultValue what holds where nothing is set
 * @param description one line for the template and the documentation
 */
record Key<T>(String section, String name, String variable, ValueType<T> type, T defaultValue, String description) {

    /** What the name of every variable of this project begins with. */
    static final String VARIABLE_PREFIX = "VOLTLANE_";

    private static final long MIB = 1L << 20;
    private static final long MAX_FRAME_BYTES = 1L << 30;
    private static final long MAX_PEER_TIMEOUT_SECS = 3_600;

    static final Key<LogLevel> LOG_LEVEL = new Key<>(
            "general",
            "log_level",
            "VOLTLANE_LOG_LEVEL", // older than the rule for names that the other constructor keeps
            Choice.capitalised(LogLevel.class),
            LogLevel.INFO,
            "How much is logged, to standard error.");

    static final Key<LogFormat> LOG_FORMAT = new Key<>(
            "general",
            "log_format",
            Choice.of(LogFormat.class),
            LogFormat.TEXT,
            "Lines for people, or one JSON object a line.");

    static final Key<Address> LISTENER_ADDRESS = new Key<>(
            "listener",
            "address",
            new HostAndPort(0),
            new Address("127.0.0.1", 42_000),
            "Where clients connect to. Port 0 takes any free port.");

    static final Key<Long> MAX_FRAME_SIZE = new Key<>(
            "listener",
            "max_frame_size",
            new WholeNumber(1, MAX_FRAME_BYTES),
            8_388_599L,
            "The largest frame that a client may send, in bytes. Over the default a frame with its tag passes the 8 MiB at"
                    + " which common backends close the firehose.");

    static final Key<Long> HANDSHAKE_TIMEOUT_SECS = new Key<>(
            "listener",
            "handshake_timeout_secs",
            new WholeNumber(1, Integer.MAX_VALUE),
            10L,
            "Seconds that a client has for its whole handshake.");

    static final Key<String> KEY_FILE = new Key<>(
            "listener",
            "key_file",
            new OptionalPath(),
            "connserver.key",
            "The file with the server's secret key, created if it is not there. Empty: a key in memory only, which no"
                    + " client knows again after a restart.");

    static final Key<Long> THREADS = new Key<>(
            "listener",
            "threads",
            new WholeNumber(0, 1024),
            0L,
            "Threads that serve clients. 0: by the machine, one up to two cores.");

    static final Key<TransportKind> TRANSPORT = new Key<>(
            "listener",
            "transport",
            Choice.of(TransportKind.class),
            TransportKind.AUTO,
            "How sockets are served. auto: epoll where it works, else nio.");

    static final Key<ProxyProtocol> PROXY_PROTOCOL = new Key<>(
            "listener",
            "proxy_protocol",
            Choice.of(ProxyProtocol.class),
            ProxyProtocol.OFF,
            "on: clients come through proxies that tell their addresses by the PROXY protocol, version 1 or 2. Who is not"
                    + " in limits.trusted_proxies can't connect then.");
    static final Key<Long> LISTENER_PEER_TIMEOUT_SECS = new Key<>(
            "listener",
            "peer_timeout_secs",
            new WholeNumber(0, MAX_PEER_TIMEOUT_SECS),
            20L,
            "Seconds after which a client that acknowledges nothing of what was sent to it has lost its connection; its"
                    + " session stays. One that merely does not read acknowledges. 0: it never has.");

    static final Key<Address> MASTER_ADDRESS = new Key<>(
            "master", "address", new HostAndPort(1), new Address("127.0.0.1", 42_001), "Where the backend listens.");

    static final Key<Long> MASTER_CHANNEL_CAPACITY = new Key<>(
            "master",
            "channel_capacity",
            WholeNumber.atLeast(1),
            32_768L,
            "Packets that may wait for a slow backend before clients are held back.");

    static final Key<Long> MASTER_CHANNEL_CAPACITY_BYTES =
            new Key<>("master", "channel_capacity_bytes", WholeNumber.atLeast(1), 64 * MIB, "The same bound in bytes.");

    static final Key<Long> RECONNECT_TIMEOUT_SECS = new Key<>(
            "master",
            "reconnect_timeout_secs",
            WholeNumber.atLeast(0),
            30L,
            "Seconds for which a lost backend is dialled again before the server ends. 0: it ends at once.");

    static final Key<Long> MASTER_PEER_TIMEOUT_SECS = new Key<>(
            "master",
            "peer_timeout_secs",
            new WholeNumber(0, MAX_PEER_TIMEOUT_SECS),
            20L,
            "Seconds after which a backend that acknowledges nothing of what was sent to it is dialled again. One that"
                    + " merely does not read acknowledges. 0: it never is.");

    static final Key<Long> CLIENTS_CHANNEL_CAPACITY = new Key<>(
            "clients",
            "channel_capacity",
            WholeNumber.atLeast(1),
            8192L,
            "Packets that may wait for a connected client that does not read.");

    static final Key<Long> CLIENTS_CHANNEL_CAPACITY_BYTES = new Key<>(
            "clients", "channel_capacity_bytes", WholeNumber.atLeast(1), 16 * MIB, "The same bound in bytes.");

    static final Key<Long> STALE_TIMEOUT_SECS = new Key<>(
            "clients",
            "stale_timeout_secs",
            WholeNumber.atLeast(0),
            300L,
            "Seconds for which a client that lost its connection may come back. 0: it can't.");

    static final Key<Long> MAX_STALE_CLIENTS = new Key<>(
            "clients",
            "max_stale_clients",
            WholeNumber.atLeast(0),
            65_535L,
            "How many clients without a connection are remembered; over it one is evicted. 0: none is remembered.");

    static final Key<Long> STALE_REAP_INTERVAL_SECS = new Key<>(
            "clients",
            "stale_reap_interval_secs",
            WholeNumber.atLeast(1),
            15L,
            "Seconds between two looks for clients whose stale time is over.");

    static final Key<Long> MISSED_PACKETS_BUFFER_SIZE = new Key<>(
            "clients",
            "missed_packets_buffer_size",
            WholeNumber.atLeast(0),
            0L,
            "Packets that are kept for a client without a connection; one more ends its session. 0: the first one does.");

    static final Key<Long> MISSED_PACKETS_BUFFER_BYTES = new Key<>(
            "clients", "missed_packets_buffer_bytes", WholeNumber.atLeast(0), 16 * MIB, "The same bound in bytes.");

    static final Key<Overflow> OVERFLOW = new Key<>(
            "clients",
            "overflow",
            Choice.of(Overflow.class),
            Overflow.FAIL,
            "At channel_capacity: fail ends that client's session; block lets everyone wait for it.");

    static final Key<Long> MAX_BUFFERED_BYTES = new Key<>(
            "limits",
            "max_buffered_bytes",
            WholeNumber.atLeast(0),
            0L,
            "Bound of all that is held for all peers together, in bytes. 0: a quarter of the memory that the process may"
                    + " use.");

    static final Key<Long> MAX_CLIENTS = limit(
            "max_clients", 0, "Clients connected at a time. Those who come back to their session are let in over it.");

    static final Key<Long> MAX_CLIENTS_PER_IP = limit(
            "max_clients_per_ip",
            0,
            "The same for one IPv4 address, or one IPv6 /64. Suggested in the open: 100, which is enough for fifty phones"
                    + " behind one address.");

    static final Key<Long> MAX_CLIENTS_PER_SUBNET = limit(
            "max_clients_per_subnet", 0, "The same for one IPv4 /24, or one IPv6 /64. Suggested in the open: 1000.");

    static final Key<Long> CONNECTS_PER_SEC = limit(
            "connects_per_sec",
            0,
            "New clients in a second, and at once; those who come back pass. Suggested in the open: what the backend can"
                    + " take.");

    static final Key<Long> CONNECTS_PER_SEC_PER_IP = limit(
            "connects_per_sec_per_ip",
            0,
            "Connections in a second, and at once, of one IPv4 address, or one IPv6 /64. Suggested in the open: 50, so that"
                    + " fifty phones behind one address can come back together.");

    static final Key<Long> MAX_PENDING_HANDSHAKES = limit(
            "max_pending_handshakes",
            32_768,
            "Connections at a time whose handshake is not done. A quarter of them is kept for those who come back to their"
                    + " session.");

    static final Key<Long> PACKETS_PER_SEC_PER_CLIENT =
            limit("packets_per_sec_per_client", 0, "Packets that a client may send in a second, and at once.");

    static final Key<Long> BYTES_PER_SEC_PER_CLIENT = limit(
            "bytes_per_sec_per_client", 0, "Bytes that a client may send in a second, and at once, headers included.");

    static final Key<RatePolicy> RATE_POLICY = new Key<>(
            "limits",
            "rate_policy",
            Choice.of(RatePolicy.class),
            RatePolicy.PAUSE,
            "When a client sends more: pause does not read from it until it may send again; kick ends its session.");

    static final Key<Long> IDLE_TIMEOUT_SECS = limit(
            "idle_timeout_secs",
            0,
            "Seconds after which a client that sends nothing loses its connection; its session stays for the stale time.");

    static final Key<Long> FAILED_RESUMES_PER_MIN_PER_IP = limit(
            "failed_resumes_per_min_per_ip",
            0,
            "Wrong proofs in a minute from one IPv4 address, or one IPv6 /64; one more bans it. Suggested in the open: 30.");

    static final Key<Long> BAN_SECS = new Key<>(
            "limits",
            "ban_secs",
            new WholeNumber(0, Integer.MAX_VALUE),
            60L,
            "Seconds for which a banned address can't connect. 0: none is banned.");

    static final Key<CidrSet> ALLOW = new Key<>(
            "limits", "allow", new Networks(), CidrSet.EMPTY, "The only addresses that may connect. []: all may.");

    static final Key<CidrSet> DENY = new Key<>(
            "limits", "deny", new Networks(), CidrSet.EMPTY, "Addresses that may not connect, allowed or not.");

    static final Key<CidrSet> TRUSTED_PROXIES = new Key<>(
            "limits",
            "trusted_proxies",
            new Networks(),
            CidrSet.EMPTY,
            "Proxies that are believed when they name the client for whom they speak.");

    /** Every key, in the order in which files list them; the keys of a section stand together. */
    static final List<Key<?>> ALL = List.of(
            LOG_LEVEL,
            LOG_FORMAT,
            LISTENER_ADDRESS,
            MAX_FRAME_SIZE,
            HANDSHAKE_TIMEOUT_SECS,
            KEY_FILE,
            THREADS,
            TRANSPORT,
            PROXY_PROTOCOL,
            LISTENER_PEER_TIMEOUT_SECS,
            MASTER_ADDRESS,
            MASTER_CHANNEL_CAPACITY,
            MASTER_CHANNEL_CAPACITY_BYTES,
            RECONNECT_TIMEOUT_SECS,
            MASTER_PEER_TIMEOUT_SECS,
            CLIENTS_CHANNEL_CAPACITY,
            CLIENTS_CHANNEL_CAPACITY_BYTES,
            STALE_TIMEOUT_SECS,
            MAX_STALE_CLIENTS,
            STALE_REAP_INTERVAL_SECS,
            MISSED_PACKETS_BUFFER_SIZE,
            MISSED_PACKETS_BUFFER_BYTES,
            OVERFLOW,
            MAX_BUFFERED_BYTES,
            MAX_CLIENTS,
            MAX_CLIENTS_PER_IP,
            MAX_CLIENTS_PER_SUBNET,
            CONNECTS_PER_SEC,
            CONNECTS_PER_SEC_PER_IP,
            MAX_PENDING_HANDSHAKES,
            PACKETS_PER_SEC_PER_CLIENT,
            BYTES_PER_SEC_PER_CLIENT,
            RATE_POLICY,
            IDLE_TIMEOUT_SECS,
            FAILED_RESUMES_PER_MIN_PER_IP,
            BAN_SECS,
            ALLOW,
            DENY,
            TRUSTED_PROXIES);

    private Key(String section, String name, ValueType<T> type, T defaultValue, String description) {
        this(
                section,
                name,
                VARIABLE_PREFIX + (section + "_" + name).toUpperCase(Locale.ROOT),
                type,
                defaultValue,
                description);
    }

    /** A key of section {@code limits} for which 0 means none. */
    private static Key<Long> limit(String name, long defaultValue, String description) {
        return new Key<>(
                "limits", name, new WholeNumber(0, Integer.MAX_VALUE), defaultValue, description + " 0: no limit.");
    }

    /** {@code section.name}, as messages call it. */
    String path() {
        return section + "." + name;
    }
}
