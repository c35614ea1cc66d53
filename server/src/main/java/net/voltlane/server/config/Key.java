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
    /** Words for what numbers say in different ways: a time that never ends, no limit, the machine's own choice. */
    private static final String NEVER = "never";

    private static final String UNLIMITED = "unlimited";
    private static final String AUTO = "auto";

    private static final long MAX_PEER_TIMEOUT_SECS = 3_600;

    static final Key<LogLevel> LOG_LEVEL = new Key<>(
            "general",
            "log_level",
            "VOLTLANE_LOG_LEVEL", // older than the rule for names that the other constructor keeps
            Choice.capitalised(LogLevel.class),
            LogLevel.INFO,
            "Least severe level to log. The log goes to standard error.");

    static final Key<LogFormat> LOG_FORMAT = new Key<>(
            "general",
            "log_format",
            Choice.of(LogFormat.class),
            LogFormat.TEXT,
            "Log format: text for people, json for one JSON object per line.");

    static final Key<Address> LISTENER_ADDRESS = new Key<>(
            "listener",
            "address",
            new HostAndPort(0),
            new Address("127.0.0.1", 42_000),
            "Address to listen on for clients. 0.0.0.0 is all of IPv4, [::] is IPv4 and IPv6. Port 0 picks a free port.");

    static final Key<Long> MAX_FRAME_SIZE = new Key<>(
            "listener",
            "max_frame_size",
            new WholeNumber(1, MAX_FRAME_BYTES),
            8_388_599L,
            "Largest frame that a client may send, in bytes. The default plus its 9-byte tag is exactly 8 MiB, the frame limit"
                    + " of common backends. If you raise it, raise the backend's limit too.");

    static final Key<Long> HANDSHAKE_TIMEOUT_SECS = new Key<>(
            "listener",
            "handshake_timeout_secs",
            new WholeNumber(1, Integer.MAX_VALUE),
            10L,
            "Seconds that a client has to complete its handshake.");

    static final Key<String> KEY_FILE = new Key<>(
            "listener",
            "key_file",
            new OptionalPath(),
            "connserver.key",
            "File with the server's secret key, created at the first start. A relative path in a configuration file starts at"
                    + " the folder of that file. Empty: the key is kept in memory only, and after a restart clients refuse"
                    + " the server.");

    static final Key<Long> THREADS = new Key<>(
            "listener",
            "threads",
            NumberOrWord.zero(new WholeNumber(0, 1024), AUTO),
            0L,
            "Number of threads that serve clients. 0 or \"auto\": half the cores, at least 1, at most 8.");

    static final Key<TransportKind> TRANSPORT = new Key<>(
            "listener",
            "transport",
            Choice.of(TransportKind.class),
            TransportKind.AUTO,
            "Transport for sockets. auto: epoll where the system has it, otherwise nio.");

    static final Key<ProxyProtocol> PROXY_PROTOCOL = new Key<>(
            "listener",
            "proxy_protocol",
            Choice.of(ProxyProtocol.class),
            ProxyProtocol.OFF,
            "on: every connection must come from one of limits.trusted_proxies and begin with a PROXY protocol header"
                    + " (version 1 or 2) that names the client's address.");
    static final Key<Long> LISTENER_PEER_TIMEOUT_SECS = new Key<>(
            "listener",
            "peer_timeout_secs",
            NumberOrWord.zero(new WholeNumber(0, MAX_PEER_TIMEOUT_SECS), NEVER),
            20L,
            "Drop a client's connection, and keep its session, if sent data stays unacknowledged (in TCP) for this many"
                    + " seconds. A client that is only slow to read still acknowledges. 0 or \"never\": disables the check.");

    static final Key<Address> MASTER_ADDRESS = new Key<>(
            "master",
            "address",
            new HostAndPort(1),
            new Address("127.0.0.1", 42_001),
            "Address of the backend, which the server dials. A name is looked up anew for each dial, and all of its addresses"
                    + " are tried.");

    static final Key<Long> MASTER_CHANNEL_CAPACITY = new Key<>(
            "master",
            "channel_capacity",
            NumberOrWord.endless(WholeNumber.atLeast(1), UNLIMITED),
            32_768L,
            "Maximum number of packets queued for a slow backend. At the limit the server stops reading from clients.");

    static final Key<Long> MASTER_CHANNEL_CAPACITY_BYTES = new Key<>(
            "master",
            "channel_capacity_bytes",
            NumberOrWord.endless(WholeNumber.atLeast(1), UNLIMITED),
            64 * MIB,
            "The same limit in bytes.");

    static final Key<Long> RECONNECT_TIMEOUT_SECS = new Key<>(
            "master",
            "reconnect_timeout_secs",
            NumberOrWord.endless(WholeNumber.atLeast(0), NEVER),
            30L,
            "Seconds to keep dialling a backend that is away. After that the server exits, and all sessions end. 0: exit at once."
                    + " \"never\": keep dialling for ever.");

    static final Key<Long> MASTER_PEER_TIMEOUT_SECS = new Key<>(
            "master",
            "peer_timeout_secs",
            NumberOrWord.zero(new WholeNumber(0, MAX_PEER_TIMEOUT_SECS), NEVER),
            20L,
            "Drop the connection to the backend, and dial again, if sent data stays unacknowledged (in TCP) for this many"
                    + " seconds. A backend that is only slow to read still acknowledges. 0 or \"never\": disables the check.");

    static final Key<Long> CLIENTS_CHANNEL_CAPACITY = new Key<>(
            "clients",
            "channel_capacity",
            NumberOrWord.endless(WholeNumber.atLeast(1), UNLIMITED),
            8192L,
            "Maximum number of packets queued for a connected client that reads slowly or not at all.");

    static final Key<Long> CLIENTS_CHANNEL_CAPACITY_BYTES = new Key<>(
            "clients",
            "channel_capacity_bytes",
            NumberOrWord.endless(WholeNumber.atLeast(1), UNLIMITED),
            16 * MIB,
            "The same limit in bytes.");

    static final Key<Long> STALE_TIMEOUT_SECS = new Key<>(
            "clients",
            "stale_timeout_secs",
            NumberOrWord.endless(WholeNumber.atLeast(0), NEVER),
            300L,
            "Seconds that a session waits for a client that lost its connection. 0: sessions end with their connection."
                    + " \"never\": they wait for ever, up to max_stale_clients.");

    static final Key<Long> MAX_STALE_CLIENTS = new Key<>(
            "clients",
            "max_stale_clients",
            NumberOrWord.endless(WholeNumber.atLeast(0), UNLIMITED),
            65_535L,
            "Maximum number of sessions that wait for their client. One more, and one of them is evicted. 0: none waits."
                    + " \"unlimited\": as many as the heap has room for.");

    static final Key<Long> STALE_REAP_INTERVAL_SECS = new Key<>(
            "clients",
            "stale_reap_interval_secs",
            WholeNumber.atLeast(1),
            15L,
            "Seconds between two checks for sessions that have waited longer than stale_timeout_secs.");

    static final Key<Long> MISSED_PACKETS_BUFFER_SIZE = new Key<>(
            "clients",
            "missed_packets_buffer_size",
            NumberOrWord.endless(WholeNumber.atLeast(0), UNLIMITED),
            0L,
            "Maximum number of packets kept for a client that is away. One more ends its session. 0: the first packet that the"
                    + " backend sends to an absent client ends its session; set 1000, say, if your backend sends on its own.");

    static final Key<Long> MISSED_PACKETS_BUFFER_BYTES = new Key<>(
            "clients",
            "missed_packets_buffer_bytes",
            NumberOrWord.endless(WholeNumber.atLeast(0), UNLIMITED),
            16 * MIB,
            "The same limit in bytes.");

    static final Key<Overflow> OVERFLOW = new Key<>(
            "clients",
            "overflow",
            Choice.of(Overflow.class),
            Overflow.FAIL,
            "What to do when a client's queue is full. fail: end its session. block: stop reading from the backend until there is"
                    + " room, so that every client waits for this one.");

    static final Key<Long> MAX_BUFFERED_BYTES = new Key<>(
            "limits",
            "max_buffered_bytes",
            NumberOrWord.zero(WholeNumber.atLeast(0), AUTO),
            0L,
            "Maximum number of bytes buffered for all clients and the backend together. 0 or \"auto\": a quarter of the memory that the"
                    + " process may use.");

    static final Key<Long> MAX_CLIENTS = limit(
            "max_clients",
            0,
            "Maximum number of connected clients. Clients that return to their session are let in above it.");

    static final Key<Long> MAX_CLIENTS_PER_IP = limit(
            "max_clients_per_ip",
            0,
            "Maximum number of connected clients per IPv4 address or IPv6 /64. On the internet, start with 100: enough for 50"
                    + " phones behind one address.");

    static final Key<Long> MAX_CLIENTS_PER_SUBNET = limit(
            "max_clients_per_subnet",
            0,
            "Maximum number of connected clients per IPv4 /24 or IPv6 /64. On the internet, start with 1000.");

    static final Key<Long> MAX_STALE_CLIENTS_PER_IP = limit(
            "max_stale_clients_per_ip",
            0,
            "Maximum number of clients without a connection that are remembered for one IPv4 address or one IPv6 /64; one"
                    + " more evicts one of that address. Where clients.max_stale_clients is reached, the address with"
                    + " most of them gives way in any case. On the internet, start with 1000.");

    static final Key<Long> CONNECTS_PER_SEC = limit(
            "connects_per_sec",
            0,
            "Maximum number of new sessions per second, also the burst size. Returning clients do not count. On the internet,"
                    + " start with what your backend can take.");

    static final Key<Long> CONNECTS_PER_SEC_PER_IP = limit(
            "connects_per_sec_per_ip",
            0,
            "Maximum number of connections per second, also the burst size, per IPv4 address or IPv6 /64. On the internet,"
                    + " start with 50, so that 50 phones behind one address can return together.");

    static final Key<Long> MAX_PENDING_HANDSHAKES = limit(
            "max_pending_handshakes",
            32_768,
            "Maximum number of connections that have not completed their handshake. At the limit the address with most of"
                    + " them loses its oldest. A quarter is reserved for clients that return to their session.");

    static final Key<Long> MAX_PENDING_HANDSHAKES_PER_IP = limit(
            "max_pending_handshakes_per_ip",
            2_048,
            "Maximum number of connections that have not completed their handshake per IPv4 address or IPv6 /64. At the"
                    + " limit the address loses its oldest. The default is a sixteenth of the default of"
                    + " max_pending_handshakes.");

    static final Key<Long> PACKETS_PER_SEC_PER_CLIENT = limit(
            "packets_per_sec_per_client",
            0,
            "Maximum number of packets that a client may send per second, also the burst size.");

    static final Key<Long> BYTES_PER_SEC_PER_CLIENT = limit(
            "bytes_per_sec_per_client",
            0,
            "Maximum number of bytes that a client may send per second, headers included; also the burst size.");

    static final Key<RatePolicy> RATE_POLICY = new Key<>(
            "limits",
            "rate_policy",
            Choice.of(RatePolicy.class),
            RatePolicy.PAUSE,
            "What to do with a client over its rate. pause: stop reading from it until it may send again. kick: end its session.");

    static final Key<Long> IDLE_TIMEOUT_SECS = limit(
            "idle_timeout_secs",
            NEVER,
            0,
            "Drop the connection of a client that has sent nothing for this many seconds. Its session waits for it as usual.");

    static final Key<Long> FAILED_RESUMES_PER_MIN_PER_IP = limit(
            "failed_resumes_per_min_per_ip",
            0,
            "Maximum number of wrong proofs per minute from one IPv4 address or IPv6 /64. One more bans it. On the internet,"
                    + " start with 30.");

    static final Key<Long> BAN_SECS = new Key<>(
            "limits",
            "ban_secs",
            NumberOrWord.zero(new WholeNumber(0, Integer.MAX_VALUE), "off"),
            60L,
            "Seconds that a ban lasts. 0 or \"off\": nobody is banned.");

    static final Key<CidrSet> ALLOW = new Key<>(
            "limits", "allow", new Networks(), CidrSet.EMPTY, "Only these addresses may connect. []: everyone may.");

    static final Key<CidrSet> DENY = new Key<>(
            "limits",
            "deny",
            new Networks(),
            CidrSet.EMPTY,
            "These addresses may not connect, even if they are in allow.");

    static final Key<CidrSet> TRUSTED_PROXIES = new Key<>(
            "limits",
            "trusted_proxies",
            new Networks(),
            CidrSet.EMPTY,
            "Proxies whose PROXY protocol header is believed. See listener.proxy_protocol.");

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
            MAX_STALE_CLIENTS_PER_IP,
            CONNECTS_PER_SEC,
            CONNECTS_PER_SEC_PER_IP,
            MAX_PENDING_HANDSHAKES,
            MAX_PENDING_HANDSHAKES_PER_IP,
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
        return limit(name, UNLIMITED, defaultValue, description);
    }

    /** @param none what may be written instead of 0 */
    private static Key<Long> limit(String name, String none, long defaultValue, String description) {
        return new Key<>(
                "limits",
                name,
                NumberOrWord.zero(new WholeNumber(0, Integer.MAX_VALUE), none),
                defaultValue,
                description + " 0 or \"" + none + "\": no limit.");
    }

    /** {@code section.name}, as messages call it. */
    String path() {
        return section + "." + name;
    }
}
