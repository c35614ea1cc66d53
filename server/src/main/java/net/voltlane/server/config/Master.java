package net.voltlane.server.config;

/** Section {@code master}: the backend that the server dials. */
public final class Master extends Section<Master> {
    static final SectionKeys KEYS = new SectionKeys("master");

    static final Key<Address> ADDRESS = KEYS.key(
            "address",
            Reload.AT_RESTART,
            new HostAndPort(1, 42001, true),
            new Address("127.0.0.1", 42_001),
            "Address of the backend, which the server dials. A name is looked up anew for each dial, and all of its addresses"
                    + " are tried. unix:/path is a Unix socket.");

    /** The address of the backend. */
    public Address address() {
        return get(ADDRESS);
    }

    /** A copy with another address. */
    public Master withAddress(Address address) {
        return with(ADDRESS, address);
    }

    static final Key<Boolean> TLS = KEYS.key(
            "tls",
            Reload.AT_RESTART,
            new TrueOrFalse(),
            false,
            "true: dial the backend with TLS. Its certificate must be of ca, and for server_name.");

    /** Tells if the backend is dialled with TLS. */
    public boolean tls() {
        return get(TLS);
    }

    /** A copy that dials with or without TLS. */
    public Master withTls(boolean tls) {
        return with(TLS, tls);
    }

    static final Key<KeyPath> CA = KEYS.key(
            "ca",
            Reload.NEW_LINKS,
            new OptionalPath(),
            new KeyPath("", false),
            "File in PEM with the authorities that the backend's certificate may be of. Empty: those that the Java runtime"
                    + " trusts.");

    /** The file of the authorities of the backend, relative to the working directory. Empty: those of the Java runtime. */
    public String ca() {
        return get(CA).path();
    }

    /** A copy with other authorities. Empty: those of the Java runtime. */
    public Master withCa(String ca) {
        return with(CA, new KeyPath(ca, false));
    }

    static final Key<KeyPath> CERTIFICATE = KEYS.key(
            "certificate",
            Reload.NEW_LINKS,
            new OptionalPath(),
            new KeyPath("", false),
            "File in PEM with the certificate that this server shows the backend, and the whole chain. Empty: none.");

    /** The file of the certificate that the backend is shown, relative to the working directory. Empty: none. */
    public String certificate() {
        return get(CERTIFICATE).path();
    }

    static final Key<KeyPath> KEY = KEYS.key(
            "key",
            Reload.NEW_LINKS,
            new OptionalPath(),
            new KeyPath("", false),
            "File in PEM with the private key of master.certificate, without a password: PKCS#8, PKCS#1 or SEC1.");

    /** The file of the private key of {@link #certificate}, relative to the working directory. */
    public String key() {
        return get(KEY).path();
    }

    /** A copy with another certificate and its key. Empty: none. */
    public Master withCertificate(String certificate, String key) {
        return with(CERTIFICATE, new KeyPath(certificate, false)).with(KEY, new KeyPath(key, false));
    }

    static final Key<String> SERVER_NAME = KEYS.key(
            "server_name",
            Reload.NEW_LINKS,
            new OptionalName(),
            "",
            "Name that the backend's certificate must be for. Empty: the host in address.");

    /** The name that the backend's certificate must be for. */
    public String serverName() {
        return get(SERVER_NAME).isEmpty() ? address().host() : get(SERVER_NAME);
    }

    /** A copy with another name for the backend's certificate. Empty: the host in the address. */
    public Master withServerName(String serverName) {
        return with(SERVER_NAME, serverName);
    }

    static final Key<Long> PROTOCOL = KEYS.key(
            "protocol",
            Reload.AT_RESTART,
            new WholeNumber(2, 3),
            2L,
            "Version of the protocol that the backend speaks. 3: packets are acknowledged, and none is lost or doubled when the"
                    + " connection to the backend breaks. The backend must speak the same version.");

    /** The version of the firehose: 2 or 3. */
    public int protocol() {
        return number(PROTOCOL);
    }

    /** A copy with another version of the firehose, 2 or 3. */
    public Master withProtocol(int protocol) {
        return with(PROTOCOL, (long) protocol);
    }

    static final Key<Announce> ANNOUNCE = KEYS.key(
            "announce",
            Reload.AT_RESTART,
            Choice.of(Announce.class),
            Announce.OPEN,
            "When the backend learns of a new session, with protocol 3. open: at once, so that the backend can speak first. data:"
                    + " with the client's first packet, so that clients that send nothing cost the backend nothing.");

    /** The time at which a backend of version 3 learns of a session. */
    public Announce announce() {
        return get(ANNOUNCE);
    }

    /** A copy in which a backend of version 3 learns of sessions at another time. */
    public Master withAnnounce(Announce announce) {
        return with(ANNOUNCE, announce);
    }

    static final Key<Long> CHANNEL_CAPACITY = KEYS.key(
            "channel_capacity",
            Reload.AT_ONCE,
            NumberOrWord.endless(WholeNumber.atLeast(1), Key.UNLIMITED),
            32_768L,
            "Maximum number of packets queued for a slow backend, with protocol 3 also those that it has not acknowledged. At the"
                    + " limit the server stops reading from clients.");

    /** Packets that may wait for the master before clients are held back, at least 1. */
    public long channelCapacity() {
        return get(CHANNEL_CAPACITY);
    }

    /** A copy with another bound in packets. */
    public Master withChannelCapacity(long channelCapacity) {
        return with(CHANNEL_CAPACITY, channelCapacity);
    }

    static final Key<Long> CHANNEL_CAPACITY_BYTES = KEYS.key(
            "channel_capacity_bytes",
            Reload.AT_ONCE,
            NumberOrWord.endless(WholeNumber.atLeast(1), Key.UNLIMITED),
            64 * Key.MIB,
            "The same limit in bytes.");

    /** The bound on the queue for the master in bytes, at least 1. */
    public long channelCapacityBytes() {
        return get(CHANNEL_CAPACITY_BYTES);
    }

    /** A copy with another bound in bytes. */
    public Master withChannelCapacityBytes(long channelCapacityBytes) {
        return with(CHANNEL_CAPACITY_BYTES, channelCapacityBytes);
    }

    static final Key<Long> RECONNECT_TIMEOUT_SECS = KEYS.key(
            "reconnect_timeout_secs",
            Reload.AT_ONCE,
            NumberOrWord.endless(WholeNumber.atLeast(0), Key.NEVER),
            30L,
            "Seconds to keep dialling a backend that is away. After that the server exits, and all sessions end. 0: exit at once."
                    + " \"never\": keep dialling for ever.");

    /**
     * Seconds for which a lost master is dialled before the server ends. 0: the server ends at once.
     * {@link Long#MAX_VALUE}: it dials for ever.
     */
    public long reconnectTimeoutSecs() {
        return get(RECONNECT_TIMEOUT_SECS);
    }

    /** A copy with another timeout in seconds. 0: end at once. */
    public Master withReconnectTimeoutSecs(long reconnectTimeoutSecs) {
        return with(RECONNECT_TIMEOUT_SECS, reconnectTimeoutSecs);
    }

    static final Key<Long> PEER_TIMEOUT_SECS = KEYS.key(
            "peer_timeout_secs",
            Reload.NEW_LINKS,
            NumberOrWord.zero(new WholeNumber(0, Key.MAX_PEER_TIMEOUT_SECS), Key.NEVER),
            20L,
            "Drop the connection to the backend, and dial again, if sent data stays unacknowledged (in TCP) for this many"
                    + " seconds. A backend that is only slow to read still acknowledges. 0 or \"never\": disables the check.");

    /** Seconds for which the master may leave everything unacknowledged, 0 to 3600. 0: for ever. */
    public int peerTimeoutSecs() {
        return number(PEER_TIMEOUT_SECS);
    }

    /** A copy with another timeout in seconds. 0: none. */
    public Master withPeerTimeoutSecs(int peerTimeoutSecs) {
        return with(PEER_TIMEOUT_SECS, (long) peerTimeoutSecs);
    }

    Master(Values values) {
        super(values);
    }

    @Override
    Master of(Values changed) {
        return new Master(changed);
    }
}
