package net.voltlane.admin.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A limit on wrong tokens for each address: {@value #AT_ONCE} at once, then one in {@value #SECONDS_EACH} s. An address of
 * IPv6 counts with its whole /64. Addresses beyond the {@value #MAX_ADDRESSES} that were wrong last are forgotten. Belongs
 * to the HTTP server's thread.
 */
final class WrongTokens {
    static final int AT_ONCE = 10;
    static final int SECONDS_EACH = 6;
    static final int MAX_ADDRESSES = 1_024;

    private static final long EACH_NANOS = TimeUnit.SECONDS.toNanos(SECONDS_EACH);
    private static final int NETWORK_BYTES = 8;

    private final LongSupplier nanoClock;
    /** The time up to which each address has used its allowance up; the one that was wrong last is the last. */
    private final Map<ByteBuffer, Long> usedUntilNanos = new LinkedHashMap<>();

    WrongTokens(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** Seconds until an address may send another wrong token; 0 if it may at once. */
    long waitSeconds(InetAddress address) {
        long now = nanoClock.getAsLong();
        Long until = usedUntilNanos.get(key(address));
        long over = until == null ? 0 : until - now - (AT_ONCE - 1) * EACH_NANOS;
        return over <= 0 ? 0 : 1 + TimeUnit.NANOSECONDS.toSeconds(over);
    }

    /** An address has sent a wrong token. */
    void add(InetAddress address) {
        long now = nanoClock.getAsLong();
        ByteBuffer key = key(address);
        Long until = usedUntilNanos.remove(key);
        usedUntilNanos.put(key, (until == null || until - now < 0 ? now : until) + EACH_NANOS);
        if (usedUntilNanos.size() > MAX_ADDRESSES) {
            usedUntilNanos.remove(usedUntilNanos.keySet().iterator().next());
        }
    }

    private static ByteBuffer key(InetAddress address) {
        byte[] bytes = address.getAddress();
        return ByteBuffer.wrap(address instanceof Inet6Address ? Arrays.copyOf(bytes, NETWORK_BYTES) : bytes);
    }
}
