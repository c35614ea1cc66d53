package net.voltlane.server.config;

import java.util.Optional;

/** Section {@code listener}: the side that clients connect to. */
public final class Listener extends Section<Listener> {
    static final SectionKeys KEYS = new SectionKeys("listener");

    private static final long MAX_FRAME_BYTES = 1L << 30;

    static final Key<Optional<Address>> ADDRESS = KEYS.key(
            "address",
            Reload.AT_RESTART,
            new AddressOrNone(42000, true),
            Optional.of(new Address("127.0.0.1", 42_000)),
            "Address to listen on for clients over plain TCP. 0.0.0.0 is all of IPv4, [::] is IPv4 and IPv6. Port 0 picks a"
                    + " free port. unix:/path is a Unix socket. Empty: no plain TCP, which needs another listener.");

    /** The address to listen on over plain TCP; port 0 takes any free port. Empty: no plain TCP. */
    public Optional<Address> address() {
        return get(ADDRESS);
    }

    /** A copy with another address. */
    public Listener withAddress(Address address) {
        return with(ADDRESS, Optional.of(address));
    }

    /** A copy without plain TCP. Another listener has to be on. */
    public Listener withoutAddress() {
        return with(ADDRESS, Optional.empty());
    }

    static final Key<Long> SOCKET_MODE = KEYS.key(
            "socket_mode",
            Reload.AT_RESTART,
            new FileMode(),
            0660L,
            "Permissions of the Unix socket, if address is one: who may write to it may connect. Three octal digits in quotes,"
                    + " for the owner, its group and all others.");

    /** The permissions of the Unix socket's file, 0 to 0777. */
    public int socketMode() {
        return number(SOCKET_MODE);
    }

    /** A copy with other permissions for the Unix socket, 0 to 0777. */
    public Listener withSocketMode(int socketMode) {
        return with(SOCKET_MODE, (long) socketMode);
    }

    static final Key<Long> MAX_FRAME_SIZE = KEYS.key(
            "max_frame_size",
            Reload.NEW_LINKS,
            new WholeNumber(1, MAX_FRAME_BYTES),
            8_388_599L,
            "Largest frame that a client may send, in bytes. The default plus its 9-byte tag is exactly 8 MiB, the frame limit"
                    + " of common backends. If you raise it, raise the backend's limit too.");

    /** Largest payload of a client's frame once the handshake is done, in bytes, 1 to 1 GiB. */
    public int maxFrameSize() {
        return number(MAX_FRAME_SIZE);
    }

    /** A copy with another limit in bytes. */
    public Listener withMaxFrameSize(int maxFrameSize) {
        return with(MAX_FRAME_SIZE, (long) maxFrameSize);
    }

    static final Key<Long> HANDSHAKE_TIMEOUT_SECS = KEYS.key(
            "handshake_timeout_secs",
            Reload.NEW_LINKS,
            new WholeNumber(1, Integer.MAX_VALUE),
            10L,
            "Seconds that a client has to complete its handshake.");

    /** Seconds from accept to the end of the handshake, at least 1. */
    public int handshakeTimeoutSecs() {
        return number(HANDSHAKE_TIMEOUT_SECS);
    }

    /** A copy with another timeout in seconds. */
    public Listener withHandshakeTimeoutSecs(int handshakeTimeoutSecs) {
        return with(HANDSHAKE_TIMEOUT_SECS, (long) handshakeTimeoutSecs);
    }

    static final Key<KeyPath> KEY_FILE = KEYS.key(
            "key_file",
            Reload.AT_RESTART,
            new OptionalPath(),
            new KeyPath("connserver.key", false),
            "File with the server's secret key, created at the first start. A relative path in a configuration file starts at"
                    + " the folder of that file. Empty: the key is kept in memory only, and after a restart clients refuse"
                    + " the server.");

    /** The file with the server's secret key, relative to the working directory. Empty: a key in memory only. */
    public String keyFile() {
        return get(KEY_FILE).path();
    }

    /**
     * Tells what happens if the key file is missing and cannot be created. True: the server does not start. False: it
     * uses a key in memory only.
     */
    public boolean keyFileRequired() {
        return get(KEY_FILE).required();
    }

    /** A copy with another key file, which is required. Empty: a key in memory only. */
    public Listener withKeyFile(String keyFile) {
        return with(KEY_FILE, new KeyPath(keyFile, !keyFile.isEmpty()));
    }

    static final Key<Secret> KEY = KEYS.key(
            "key",
            Reload.AT_RESTART,
            new SecretKey(),
            Secret.NONE,
            "The server's secret key itself, in place of key_file: for a secret that is passed to several servers as a"
                    + " variable. Never shown. Empty: the key is in key_file.");

    /** The server's secret key as 64 hexadecimal digits. Empty: it is in {@link #keyFile}. */
    public String key() {
        return get(KEY).text();
    }

    /** A copy with a secret key, 64 hexadecimal digits; empty: it is in {@link #keyFile}. */
    public Listener withKey(String key) {
        return with(KEY, new Secret(key));
    }

    static final Key<Long> THREADS = KEYS.key(
            "threads",
            Reload.AT_RESTART,
            NumberOrWord.zero(new WholeNumber(0, 1024), Key.AUTO),
            0L,
            "Number of threads that serve clients. 0 or \"auto\": half the cores, at least 1, at most 8.");

    /** Number of event loops for clients, 0 to 1024. 0: by the machine. */
    public int threads() {
        return number(THREADS);
    }

    /** A copy with another number of event loops. */
    public Listener withThreads(int threads) {
        return with(THREADS, (long) threads);
    }

    static final Key<TransportKind> TRANSPORT = KEYS.key(
            "transport",
            Reload.AT_RESTART,
            Choice.of(TransportKind.class),
            TransportKind.AUTO,
            "Transport for sockets. auto: epoll where the system has it, otherwise nio.");

    /** The transport of sockets. */
    public TransportKind transport() {
        return get(TRANSPORT);
    }

    /** A copy with another transport. */
    public Listener withTransport(TransportKind transport) {
        return with(TRANSPORT, transport);
    }

    static final Key<ProxyProtocol> PROXY_PROTOCOL = KEYS.key(
            "proxy_protocol",
            Reload.NEW_LINKS,
            Choice.of(ProxyProtocol.class),
            ProxyProtocol.OFF,
            "on: every connection must come from one of limits.trusted_proxies and begin with a PROXY protocol header"
                    + " (version 1 or 2) that names the client's address.");

    /** Tells if connections come from proxies, which name the clients' addresses. */
    public ProxyProtocol proxyProtocol() {
        return get(PROXY_PROTOCOL);
    }

    /** A copy with or without proxies in front. */
    public Listener withProxyProtocol(ProxyProtocol proxyProtocol) {
        return with(PROXY_PROTOCOL, proxyProtocol);
    }

    static final Key<Long> PEER_TIMEOUT_SECS = KEYS.key(
            "peer_timeout_secs",
            Reload.NEW_LINKS,
            NumberOrWord.zero(new WholeNumber(0, Key.MAX_PEER_TIMEOUT_SECS), Key.NEVER),
            20L,
            "Drop a client's connection, and keep its session, if sent data stays unacknowledged (in TCP) for this many"
                    + " seconds. A client that is only slow to read still acknowledges. 0 or \"never\": disables the check.");

    /** Seconds for which a client may leave everything unacknowledged, 0 to 3600. 0: for ever. */
    public int peerTimeoutSecs() {
        return number(PEER_TIMEOUT_SECS);
    }

    /** A copy with another timeout in seconds. 0: none. */
    public Listener withPeerTimeoutSecs(int peerTimeoutSecs) {
        return with(PEER_TIMEOUT_SECS, (long) peerTimeoutSecs);
    }

    Listener(Values values) {
        super(values);
    }

    @Override
    Listener of(Values changed) {
        return new Listener(changed);
    }
}
