package net.voltlane.server.config;

import net.voltlane.server.guard.CidrSet;
import net.voltlane.server.guard.ConnectionLimits;
import net.voltlane.server.guard.GuardLimits;
import net.voltlane.server.guard.RateLimits;
import net.voltlane.server.guard.RatePolicy;
import net.voltlane.server.guard.ResumeLimits;

/** Section {@code limits}: bounds over the whole server, and limits on strangers. */
public final class LimitsConfig extends Section<LimitsConfig> {
    static final SectionKeys KEYS = new SectionKeys("limits");

    static final Key<Long> MAX_BUFFERED_BYTES = KEYS.key(
            "max_buffered_bytes",
            Reload.AT_ONCE,
            NumberOrWord.zero(WholeNumber.atLeast(0), Key.AUTO),
            0L,
            "Maximum number of bytes buffered for all clients and the backend together. 0 or \"auto\": a quarter of the memory that the"
                    + " process may use.");

    /** Maximum number of bytes held for all peers together. 0: a quarter of the memory that the process may use. */
    public long maxBufferedBytes() {
        return get(MAX_BUFFERED_BYTES);
    }

    /** A copy with another bound in bytes. 0: by the machine. */
    public LimitsConfig withMaxBufferedBytes(long maxBufferedBytes) {
        return with(MAX_BUFFERED_BYTES, maxBufferedBytes);
    }

    static final Key<Long> MAX_CLIENTS = limit(
            "max_clients",
            0,
            "Maximum number of connected clients. Clients that return to their session are let in above it.");

    /** Maximum number of connected clients. 0: no limit. */
    public long maxClients() {
        return get(MAX_CLIENTS);
    }

    /** A copy with another number of clients. 0: no limit. */
    public LimitsConfig withMaxClients(long maxClients) {
        return with(MAX_CLIENTS, maxClients);
    }

    static final Key<Long> MAX_CLIENTS_PER_IP = limit(
            "max_clients_per_ip",
            0,
            "Maximum number of connected clients per IPv4 address or IPv6 /64. On the internet, start with 100: enough for 50"
                    + " phones behind one address.");

    /** Maximum number of connected clients of one address. 0: no limit. */
    public long maxClientsPerIp() {
        return get(MAX_CLIENTS_PER_IP);
    }

    /** A copy with another number of clients of one address. 0: no limit. */
    public LimitsConfig withMaxClientsPerIp(long maxClientsPerIp) {
        return with(MAX_CLIENTS_PER_IP, maxClientsPerIp);
    }

    static final Key<Long> MAX_CLIENTS_PER_SUBNET = limit(
            "max_clients_per_subnet",
            0,
            "Maximum number of connected clients per IPv4 /24 or IPv6 /64. On the internet, start with 1000.");

    /** Maximum number of connected clients of one subnet. 0: no limit. */
    public long maxClientsPerSubnet() {
        return get(MAX_CLIENTS_PER_SUBNET);
    }

    /** A copy with another number of clients of one subnet. 0: no limit. */
    public LimitsConfig withMaxClientsPerSubnet(long maxClientsPerSubnet) {
        return with(MAX_CLIENTS_PER_SUBNET, maxClientsPerSubnet);
    }

    static final Key<Long> MAX_STALE_CLIENTS_PER_IP = limit(
            "max_stale_clients_per_ip",
            0,
            "Maximum number of clients without a connection that are remembered for one IPv4 address or one IPv6 /64; one"
                    + " more evicts one of that address. Where clients.max_stale_clients is reached, the address with"
                    + " most of them gives way in any case. On the internet, start with 1000.");

    /** Maximum number of sessions of one address without a link. 0: no limit. */
    public long maxStaleClientsPerIp() {
        return get(MAX_STALE_CLIENTS_PER_IP);
    }

    /** A copy with another number of sessions of one address without a link. 0: no limit. */
    public LimitsConfig withMaxStaleClientsPerIp(long maxStaleClientsPerIp) {
        return with(MAX_STALE_CLIENTS_PER_IP, maxStaleClientsPerIp);
    }

    static final Key<Long> CONNECTS_PER_SEC = limit(
            "connects_per_sec",
            0,
            "Maximum number of new sessions per second, also the burst size. Returning clients do not count. On the internet,"
                    + " start with what your backend can take.");

    /** Maximum number of new sessions per second. 0: no limit. */
    public long connectsPerSec() {
        return get(CONNECTS_PER_SEC);
    }

    /** A copy with another number of new sessions per second. 0: no limit. */
    public LimitsConfig withConnectsPerSec(long connectsPerSec) {
        return with(CONNECTS_PER_SEC, connectsPerSec);
    }

    static final Key<Long> CONNECTS_PER_SEC_PER_IP = limit(
            "connects_per_sec_per_ip",
            0,
            "Maximum number of connections per second, also the burst size, per IPv4 address or IPv6 /64. On the internet,"
                    + " start with 50, so that 50 phones behind one address can return together.");

    /** Maximum number of connections of one address per second. 0: no limit. */
    public long connectsPerSecPerIp() {
        return get(CONNECTS_PER_SEC_PER_IP);
    }

    /** A copy with another number of connections of one address per second. 0: no limit. */
    public LimitsConfig withConnectsPerSecPerIp(long connectsPerSecPerIp) {
        return with(CONNECTS_PER_SEC_PER_IP, connectsPerSecPerIp);
    }

    static final Key<Long> MAX_PENDING_HANDSHAKES = limit(
            "max_pending_handshakes",
            32_768,
            "Maximum number of connections that have not completed their handshake. At the limit the address with most of"
                    + " them loses its oldest. A quarter is reserved for clients that return to their session.");

    /** Maximum number of handshakes under way. 0: no limit. */
    public long maxPendingHandshakes() {
        return get(MAX_PENDING_HANDSHAKES);
    }

    /** A copy with another number of handshakes. 0: no limit. */
    public LimitsConfig withMaxPendingHandshakes(long maxPendingHandshakes) {
        return with(MAX_PENDING_HANDSHAKES, maxPendingHandshakes);
    }

    static final Key<Long> MAX_PENDING_HANDSHAKES_PER_IP = limit(
            "max_pending_handshakes_per_ip",
            2_048,
            "Maximum number of connections that have not completed their handshake per IPv4 address or IPv6 /64. At the"
                    + " limit the address loses its oldest. The default is a sixteenth of the default of"
                    + " max_pending_handshakes.");

    /** Maximum number of handshakes of one address under way. 0: no limit. */
    public long maxPendingHandshakesPerIp() {
        return get(MAX_PENDING_HANDSHAKES_PER_IP);
    }

    /** A copy with another number of handshakes of one address. 0: no limit. */
    public LimitsConfig withMaxPendingHandshakesPerIp(long maxPendingHandshakesPerIp) {
        return with(MAX_PENDING_HANDSHAKES_PER_IP, maxPendingHandshakesPerIp);
    }

    static final Key<Long> PACKETS_PER_SEC_PER_CLIENT = limit(
            "packets_per_sec_per_client",
            0,
            "Maximum number of packets that a client may send per second, also the burst size.");

    /** Maximum number of packets of one client per second. 0: no limit. */
    public long packetsPerSecPerClient() {
        return get(PACKETS_PER_SEC_PER_CLIENT);
    }

    /** A copy with another number of packets. 0: no limit. */
    public LimitsConfig withPacketsPerSecPerClient(long packetsPerSecPerClient) {
        return with(PACKETS_PER_SEC_PER_CLIENT, packetsPerSecPerClient);
    }

    static final Key<Long> BYTES_PER_SEC_PER_CLIENT = limit(
            "bytes_per_sec_per_client",
            0,
            "Maximum number of bytes that a client may send per second, headers included; also the burst size.");

    /** Maximum number of bytes of one client per second, headers included. 0: no limit. */
    public long bytesPerSecPerClient() {
        return get(BYTES_PER_SEC_PER_CLIENT);
    }

    /** A copy with another number of bytes. 0: no limit. */
    public LimitsConfig withBytesPerSecPerClient(long bytesPerSecPerClient) {
        return with(BYTES_PER_SEC_PER_CLIENT, bytesPerSecPerClient);
    }

    static final Key<RatePolicy> RATE_POLICY = KEYS.key(
            "rate_policy",
            Reload.AT_ONCE,
            Choice.of(RatePolicy.class),
            RatePolicy.PAUSE,
            "What to do with a client over its rate. pause: stop reading from it until it may send again. kick: end its session.");

    /** The policy for a client over its rate. */
    public RatePolicy ratePolicy() {
        return get(RATE_POLICY);
    }

    /** A copy with another policy. */
    public LimitsConfig withRatePolicy(RatePolicy ratePolicy) {
        return with(RATE_POLICY, ratePolicy);
    }

    static final Key<Long> IDLE_TIMEOUT_SECS = limit(
            "idle_timeout_secs",
            Key.NEVER,
            0,
            "Drop the connection of a client that has sent nothing for this many seconds. Its session waits for it as usual.");

    /** Seconds of silence after which a client's link is closed. 0: never. */
    public long idleTimeoutSecs() {
        return get(IDLE_TIMEOUT_SECS);
    }

    /** A copy with another timeout in seconds. 0: none. */
    public LimitsConfig withIdleTimeoutSecs(long idleTimeoutSecs) {
        return with(IDLE_TIMEOUT_SECS, idleTimeoutSecs);
    }

    static final Key<Long> FAILED_RESUMES_PER_MIN_PER_IP = limit(
            "failed_resumes_per_min_per_ip",
            0,
            "Maximum number of wrong proofs per minute from one IPv4 address or IPv6 /64. One more bans it. On the internet,"
                    + " start with 30.");

    /** Maximum number of wrong proofs of one address per minute; one more bans the address. 0: no limit. */
    public long failedResumesPerMinPerIp() {
        return get(FAILED_RESUMES_PER_MIN_PER_IP);
    }

    /** A copy with another number of wrong proofs. 0: no limit. */
    public LimitsConfig withFailedResumesPerMinPerIp(long failedResumesPerMinPerIp) {
        return with(FAILED_RESUMES_PER_MIN_PER_IP, failedResumesPerMinPerIp);
    }

    static final Key<Long> BAN_SECS = KEYS.key(
            "ban_secs",
            Reload.AT_ONCE,
            NumberOrWord.zero(new WholeNumber(0, Integer.MAX_VALUE), "off"),
            60L,
            "Seconds that a ban lasts. 0 or \"off\": nobody is banned.");

    /** Seconds that a ban lasts. 0: nobody is banned. */
    public long banSecs() {
        return get(BAN_SECS);
    }

    /** A copy with another length of bans in seconds. 0: no bans. */
    public LimitsConfig withBanSecs(long banSecs) {
        return with(BAN_SECS, banSecs);
    }

    static final Key<CidrSet> ALLOW = KEYS.key(
            "allow",
            Reload.AT_ONCE,
            new Networks(),
            CidrSet.EMPTY,
            "Only these addresses may connect. []: everyone may.");

    /** The only addresses that may connect. Empty: all may. */
    public CidrSet allow() {
        return get(ALLOW);
    }

    /** A copy with other addresses that alone may connect. Empty: all may. */
    public LimitsConfig withAllow(CidrSet allow) {
        return with(ALLOW, allow);
    }

    static final Key<CidrSet> DENY = KEYS.key(
            "deny",
            Reload.AT_ONCE,
            new Networks(),
            CidrSet.EMPTY,
            "These addresses may not connect, even if they are in allow.");

    /** Addresses that may not connect, even if they are allowed. */
    public CidrSet deny() {
        return get(DENY);
    }

    /** A copy with other addresses that may not connect. */
    public LimitsConfig withDeny(CidrSet deny) {
        return with(DENY, deny);
    }

    static final Key<CidrSet> TRUSTED_PROXIES = KEYS.key(
            "trusted_proxies",
            Reload.NEW_LINKS,
            new Networks(),
            CidrSet.EMPTY,
            "Proxies whose PROXY protocol header is believed, see listener.proxy_protocol; on the WebSocket listener also web"
                    + " proxies whose Forwarded or X-Forwarded-For is.");

    /** Proxies whose PROXY protocol header is believed. */
    public CidrSet trustedProxies() {
        return get(TRUSTED_PROXIES);
    }

    /** A copy with other trusted proxies. */
    public LimitsConfig withTrustedProxies(CidrSet trustedProxies) {
        return with(TRUSTED_PROXIES, trustedProxies);
    }

    /** The limits on strangers, in the form that the guard takes. */
    public GuardLimits guard() {
        return new GuardLimits(
                new ConnectionLimits(
                        maxClients(),
                        maxClientsPerIp(),
                        maxClientsPerSubnet(),
                        connectsPerSec(),
                        connectsPerSecPerIp(),
                        maxPendingHandshakes(),
                        maxPendingHandshakesPerIp()),
                new RateLimits(packetsPerSecPerClient(), bytesPerSecPerClient(), ratePolicy(), idleTimeoutSecs()),
                new ResumeLimits(failedResumesPerMinPerIp(), banSecs()),
                allow(),
                deny());
    }

    /** A key for which 0 means no limit. */
    private static Key<Long> limit(String name, long defaultValue, String description) {
        return limit(name, Key.UNLIMITED, defaultValue, description);
    }

    /** @param none the word for 0 */
    private static Key<Long> limit(String name, String none, long defaultValue, String description) {
        return KEYS.key(
                name,
                Reload.AT_ONCE,
                NumberOrWord.zero(new WholeNumber(0, Integer.MAX_VALUE), none),
                defaultValue,
                description + " 0 or \"" + none + "\": no limit.");
    }

    LimitsConfig(Values values) {
        super(values);
    }

    @Override
    LimitsConfig of(Values changed) {
        return new LimitsConfig(changed);
    }
}
