package net.voltlane.server.address;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A network: all addresses that begin with the same bits. A single address is a network of full prefix length.
 *
 * <p>An address is kept in 128 bits, the most significant first; an IPv4 address in the first 32 of them. The two
 * families stay apart: {@code ::/0} contains no IPv4 address. An IPv4-mapped IPv6 address counts as IPv4.
 *
 * @param isV4 true for IPv4, false for IPv6
 * @param high the first 64 bits
 * @param low the last 64 bits
 * @param prefix the prefix length in bits; all bits behind it are 0
 */
public record Cidr(boolean isV4, long high, long low, int prefix) implements Comparable<Cidr> {
    private static final int V4_BITS = 32;
    private static final int V6_BITS = 128;
    /** The prefix of IPv4-mapped addresses, {@code ::ffff:0:0/96}. */
    private static final int MAPPED_BITS = 96;

    private static final long MAPPED = 0xFFFF;

    /** The network of a single address. */
    public static Cidr of(InetAddress address) {
        if (address instanceof Inet4Address) {
            return v4(ByteBuffer.wrap(address.getAddress()).getInt(), V4_BITS);
        }
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        return v6(bytes.getLong(), bytes.getLong(), V6_BITS);
    }

    /** The port of a socket's remote address, if that lies in this network; else 0. */
    public int portOf(@Nullable SocketAddress remote) {
        return remote instanceof InetSocketAddress at && contains(of(at.getAddress())) ? at.getPort() : 0;
    }

    /** The text of this address with a port, as {@code 192.0.2.1:4711} or {@code [2001:db8::1]:4711}. */
    public String withPort(int port) {
        return isV4 ? this + ":" + port : "[" + this + "]:" + port;
    }

    /** The text of a socket's address, with its port; empty where it has none. */
    public static String addressAndPort(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress at && !at.isUnresolved()
                ? of(at.getAddress()).withPort(at.getPort())
                : "";
    }

    /** Parses {@code 10.0.0.0/8}, {@code 2001:db8::/32}, or a single address; null for any other text. */
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

    /** The network with this prefix length around this one, or this one if its prefix is no longer than that. */
    public Cidr network(int bits) {
        return bits >= prefix ? this : new Cidr(isV4, high & mask(bits), low & mask(bits - 64), bits);
    }

    /** True if every address of the other network lies in this one. */
    public boolean contains(Cidr other) {
        return isV4 == other.isV4
                && other.prefix >= prefix
                && high == (other.high & mask(prefix))
                && low == (other.low & mask(prefix - 64));
    }

    /** A mask with the first {@code bits} of 64 set. */
    private static long mask(int bits) {
        return bits <= 0 ? 0 : bits >= 64 ? -1L : -1L << (64 - bits);
    }

    /** Sorts IPv6 before IPv4, and a network before all networks that it contains. */
    @Override
    public int compareTo(Cidr other) {
        if (isV4 != other.isV4) {
            return isV4 ? 1 : -1;
        }
        if (high != other.high) {
            return Long.compareUnsigned(high, other.high);
        }
        return low == other.low ? Integer.compare(prefix, other.prefix) : Long.compareUnsigned(low, other.low);
    }

    // As a record has it. But the JVM would generate the record's own code at every start: 15 ms before the first
    // answer.

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Cidr cidr
                && isV4 == cidr.isV4
                && high == cidr.high
                && low == cidr.low
                && prefix == cidr.prefix;
    }

    @Override
    public int hashCode() {
        return 31 * (31 * (31 * Boolean.hashCode(isV4) + Long.hashCode(high)) + Long.hashCode(low)) + prefix;
    }

    /** The text that {@link #parse} reads; a single address without a prefix length. */
    @Override
    public String toString() {
        String address = isV4 ? AddressText.ofV4((int) (high >>> 32)) : AddressText.ofV6(high, low);
        return prefix == (isV4 ? V4_BITS : V6_BITS) ? address : address + "/" + prefix;
    }
}
