package net.voltlane.server.address;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A network: all addresses that begin with the same bits. A single address is one of full length.
 *
 * <p>Addresses lie in 128 bits, the first one in front, IPv4 in the first 32 of them. The two families stay apart:
 * {@code ::/0} holds no IPv4 address. What came as an IPv4 address inside of an IPv6 one counts as IPv4.
 *
 * @param isV4 IPv4 or IPv6
 * @param high the first 64 bits
 * @param low the others
 * @param prefix how many bits of the address name the network; the bits behind them are 0
 */
public record Cidr(boolean isV4, long high, long low, int prefix) implements Comparable<Cidr> {
    private static final int V4_BITS = 32;
    private static final int V6_BITS = 128;
    /** {@code ::ffff:0:0/96}: an IPv4 address in an IPv6 one. */
    private static final int MAPPED_BITS = 96;

    private static final long MAPPED = 0xFFFF;

    /** A network comes in front of those inside of it. */
    private static final Comparator<Cidr> ORDER = Comparator.comparing(Cidr::isV4)
            .thenComparing(Cidr::high, Long::compareUnsigned)
            .thenComparing(Cidr::low, Long::compareUnsigned)
            .thenComparing(Cidr::prefix);

    /** An address alone. */
    public static Cidr of(InetAddress address) {
        if (address instanceof Inet4Address) {
            return v4(ByteBuffer.wrap(address.getAddress()).getInt(), V4_BITS);
        }
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        return v6(bytes.getLong(), bytes.getLong(), V6_BITS);
    }

    /** {@code 10.0.0.0/8}, {@code 2001:db8::/32}, or an address alone; null for anything else. */
    public static @Nullable Cidr parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        boolean isV4 = address.indexOf(':') < 0;
        int bits = isV4 ? V4_BITS : V6_BITS;
        int prefix = slash < 0 ? bits : AddressText.number(text.substring(slash + 1), bits);
        if (prefix < 0) {
            return null;
        }
        if (isV4) {
            byte[] bytes = AddressText.v4(address);
            return bytes == null ? null : v4(ByteBuffer.wrap(bytes).getInt(), prefix);
        }
        byte[] bytes = AddressText.v6(address);
        if (bytes == null) {
            return null;
        }
        ByteBuffer all = ByteBuffer.wrap(bytes);
        return v6(all.getLong(), all.getLong(), prefix);
    }

    private static Cidr v4(int address, int prefix) {
        return new Cidr(true, (long) address << 32 & mask(prefix), 0, prefix);
    }

    private static Cidr v6(long high, long low, int prefix) {
        if (high == 0 && low >>> 32 == MAPPED && prefix >= MAPPED_BITS) {
            return v4((int) low, prefix - MAPPED_BITS);
        }
        return new Cidr(false, high & mask(prefix), low & mask(prefix - 64), prefix);
    }

    /** The network of this length around it, or itself where it is no smaller than that. */
    public Cidr network(int bits) {
        return bits >= prefix ? this : new Cidr(isV4, high & mask(bits), low & mask(bits - 64), bits);
    }

    /** True where every address of the other lies in this one. */
    public boolean contains(Cidr other) {
        return isV4 == other.isV4
                && other.prefix >= prefix
                && high == (other.high & mask(prefix))
                && low == (other.low & mask(prefix - 64));
    }

    /** The first {@code bits} of 64 set. */
    private static long mask(int bits) {
        return bits <= 0 ? 0 : bits >= 64 ? -1L : -1L << (64 - bits);
    }

    @Override
    public int compareTo(Cidr other) {
        return ORDER.compare(this, other);
    }

    /** As it may be written in a file; a single address without its length. */
    @Override
    public String toString() {
        String address = isV4 ? AddressText.ofV4((int) (high >>> 32)) : AddressText.ofV6(high, low);
        return prefix == (isV4 ? V4_BITS : V6_BITS) ? address : address + "/" + prefix;
    }
}
