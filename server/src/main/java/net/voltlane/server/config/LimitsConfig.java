package net.voltlane.server.config;

import net.voltlane.server.guard.CidrSet;

/**
 * Section {@code limits}.
 *
 * @param maxBufferedBytes bound of the sum of all that the server holds for its peers, in bytes; 0: a quarter of the
 *     memory that the process may use
 * @param trustedProxies who may tell the addresses of clients, where {@code listener.proxy_protocol} is on
 */
public record LimitsConfig(long maxBufferedBytes, CidrSet trustedProxies) {

    /** This, with other proxies. */
    public LimitsConfig withTrustedProxies(CidrSet trustedProxies) {
        return new LimitsConfig(maxBufferedBytes, trustedProxies);
    }
}
