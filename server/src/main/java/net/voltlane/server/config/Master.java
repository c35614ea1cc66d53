package net.voltlane.server.config;

/** Section {@code master}: the backend that the server dials. */
public final class Master extends Section<Master> {
    static final SectionKeys KEYS = new SectionKeys("master");

    static final Key<Address> ADDRESS = KEYS.key(
            "address",
            Reload.AT_RESTART,
            new HostAndPort(1, true),
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
