package net.voltlane.server.address;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Parses and formats IP addresses. {@code InetAddress} also takes names, and asks the network for them, and unusual
 * forms such as {@code 10.1}.
 */
public final class AddressText {
    private static final int GROUPS = 8;

    private AddressText() {}

    /** The text for limits and the log: IPv6 shortened, and an IPv4-mapped address as IPv4. */
    public static String of(InetAddress address) {
        return Cidr.of(address).toString();
    }

    /**
     * The text for a listener's address: {@code host:port}, an IPv6 address shortened and in brackets, or
     * {@code unix:/path} for an unresolved address, whose host is then the path of a Unix socket.
     */
    public static String of(InetSocketAddress listener) {
        if (listener.isUnresolved()) {
            return "unix:" + listener.getHostString();
        }
        String host = of(listener.getAddress());
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + listener.getPort();
    }

    /** The address of a listener as one of IP: of a Unix socket an unresolved one, whose host is the path. */
    public static InetSocketAddress inet(SocketAddress listener) {
        return listener instanceof UnixDomainSocketAddress unix
                ? InetSocketAddress.createUnresolved(unix.getPath().toString(), 0)
                : (InetSocketAddress) listener;
    }

    /** An object with the same text, which is made only if {@code toString} is called. */
    public static Object lazy(InetAddress address) {
        return Cidr.of(address);
    }

    /** Parses four numbers from 0 to 255; null for any other text. */
    public static byte @Nullable [] v4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return null;
        }
        byte[] bytes = new byte[4];
        for (int i = 0; i < 4; i++) {
            int number = number(parts[i], 255);
            if (number < 0) {
                return null;
            }
            bytes[i] = (byte) number;
        }
        return bytes;
    }

    /** Parses eight groups of up to four hexadecimal digits, with {@code ::} once, and IPv4 as the last two. */
    public static byte @Nullable [] v6(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            byte[] all = groups(text, true);
            return all != null && all.length == 2 * GROUPS ? all : null;
        }
        byte[] head = groups(text.substring(0, gap), false);
        byte[] tail = groups(text.substring(gap + 2), true);
        if (head == null || tail == null || head.length + tail.length > 2 * (GROUPS - 1)) {
            return null;
        }
        byte[] all = Arrays.copyOf(head, 2 * GROUPS);
        System.arraycopy(tail, 0, all, all.length - tail.length, tail.length);
        return all;
    }

    private static byte @Nullable [] groups(String text, boolean mayEndAsV4) {
        if (text.isEmpty()) {
            return new byte[0];
        }
        String[] parts = text.split(":", -1);
        byte[] bytes = new byte[2 * parts.length + 2];
        int length = 0;
        for (int i = 0; i < parts.length; i++) {
            if (mayEndAsV4 && i == parts.length - 1 && parts[i].indexOf('.') >= 0) {
                byte[] last = v4(parts[i]);
                if (last == null) {
                    return null;
                }
                System.arraycopy(last, 0, bytes, length, last.length);
                length += last.length;
            } else if (parts[i].matches("[0-9a-fA-F]{1,4}")) {
                int group = Integer.parseInt(parts[i], 16);
                bytes[length++] = (byte) (group >> 8);
                bytes[length++] = (byte) group;
            } else {
                return null;
            }
        }
        return Arrays.copyOf(bytes, length);
    }

    /** Parses a number from 0 to {@code max}; -1 for any other text, leading zeros too, which some read as octal. */
    static int number(String text, int max) {
        if (!text.matches("0|[1-9][0-9]{0,2}")) {
            return -1;
        }
        int number = Integer.parseInt(text);
        return number <= max ? number : -1;
    }

    static String ofV4(int address) {
        return (address >>> 24) + "." + (address >>> 16 & 0xFF) + "." + (address >>> 8 & 0xFF) + "." + (address & 0xFF);
    }

    /** The text of an IPv6 address, with its longest run of zero groups shortened: of equals the first, none of one. */
    static String ofV6(long high, long low) {
        int[] groups = new int[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = (int) ((i < 4 ? high : low) >>> 48 - 16 * (i % 4)) & 0xFFFF;
        }
        int gap = -1;
        int gapLength = 1;
        for (int i = 0; i < GROUPS; i++) {
            int zeros = i;
            while (zeros < GROUPS && groups[zeros] == 0) {
                zeros++;
            }
            if (zeros - i > gapLength) {
                gap = i;
                gapLength = zeros - i;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            if (i == gap) {
                text.append("::");
                i += gapLength - 1;
            } else {
                text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":")
                        .append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }
}
