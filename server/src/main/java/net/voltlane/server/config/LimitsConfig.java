package net.voltlane.server.config;

import net.voltlane.server.guard.CidrSet;
import net.voltlane.server.guard.GuardLimits;

/**
 * Section {@code limits}.
 *
 * @param maxBufferedBytes bound of the sum of all that the server holds for its peers, in bytes; 0: a quarter of the
 *     memory that the process may use
 * @param maxStaleClientsPerIp how many sessions of one address may be without a link; 0: any number
 * @param strangers who may connect, and what clients may do
 * @param trustedProxies the addresses that are believed when they say for whom they speak
 */
public record LimitsConfig(
        long maxBufferedBytes, long maxStaleClientsPerIp, GuardLimits strangers, CidrSet trustedProxies) {

    /** This, with another bound in bytes; 0: by the machine. */
    public LimitsConfig withMaxBufferedBytes(long maxBufferedBytes) {
        return new LimitsConfig(maxBufferedBytes, maxStaleClientsPerIp, strangers, trustedProxies);
    }

    /** This, with another number of sessions of one address without a link; 0: any number. */
    public LimitsConfig withMaxStaleClientsPerIp(long maxStaleClientsPerIp) {
        return new LimitsConfig(maxBufferedBytes, maxStaleClientsPerIp, strangers, trustedProxies);
    }

    /** This, with other limits on strangers. */
    public LimitsConfig withStrangers(GuardLimits strangers) {
        return new LimitsConfig(maxBufferedBytes, maxStaleClientsPerIp, strangers, trustedProxies);
    }

    /** This, with other proxies that are believed. */
    public LimitsConfig withTrustedProxies(CidrSet trustedProxies) {
        return new LimitsConfig(maxBufferedBytes, maxStaleClientsPerIp, strangers, trustedProxies);
    }
}
