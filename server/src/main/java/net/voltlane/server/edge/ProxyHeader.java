package net.voltlane.server.edge;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.voltlane.server.address.AddressText;
import org.jspecify.annotations.Nullable;

/**
 * A reader of one PROXY protocol header, version 1 or 2. Takes the header in pieces of any size, and no byte behind it.
 *
 * <pre>
 *   v1   PROXY TCP4 192.0.2.7 198.51.100.1 40000 42000 CR LF        107 bytes at most; TCP6 likewise
 *        PROXY UNKNOWN … CR LF
 *
 *   v2   12            1        1         2        4 or 16  …
 *        signature     2 | cmd  fam | pr  length   source   destination, ports, further fields
 *                                                  `------- length bytes, 4096 at most ------´
 *
 *   SIGNATURE ──"PROXY "──► LINE ────LF───────────────────────► DONE
 *        └──0D 0A 0D 0A …──► FIXED ──16 bytes──► SOURCE ──► REST ──► DONE
 * </pre>
 *
 * Only the source is of interest. The rest is checked in version 1, where that costs nothing, and skipped in version 2,
 * where it may be long, so that this object never holds more than {@link #MAX_LINE_BYTES} bytes. Netty's codec would keep
 * all of it, turn every further field into an object, and report all faults by one exception, while an operator who
 * sets up a proxy needs to know the fault. Belongs to one loop.
 */
final class ProxyHeader {
    /** The longest line of version 1, by its specification. */
    static final int MAX_LINE_BYTES = 107;
    /** The most bytes behind the first 16 of version 2. The addresses take up to 216, and further fields the rest. */
    static final int MAX_BLOCK_BYTES = 4096;

    private static final byte[] SIGNATURE_1 = "PROXY ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SIGNATURE_2 = {13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10};
    private static final int FIXED_BYTES = SIGNATURE_2.length + 4;

    private static final int LOCAL = 0x20;
    private static final int PROXY = 0x21;
    private static final int TCP4 = 0x11;
    private static final int TCP6 = 0x21;
    private static final int MAX_FAMILY = 3;
    private static final int MAX_PROTOCOL = 2;
    /** The least bytes that the addresses of each family take. */
    private static final int[] ADDRESS_BYTES = {0, 12, 36, 216};

    private static final int MAX_PORT = 65_535;

    /** The finding about the bytes so far. */
    enum Verdict {
        /** More bytes are needed. */
        MORE,
        /** The header has been read. The rest of the buffer stands behind it. */
        COMPLETE,
        /** The bytes are no header. */
        MISSING,
        /** The bytes begin as a header, but do not go on as one. */
        MALFORMED,
        /** The header is longer than allowed. */
        TOO_LONG
    }

    private enum State {
        SIGNATURE,
        LINE,
        FIXED,
        SOURCE,
        REST,
        DONE
    }

    private State state = State.SIGNATURE;
    private final byte[] head = new byte[MAX_LINE_BYTES];
    private int length;
    /** In version 2, the end of the source in {@link #head}, and the bytes of the block that are still to come behind. */
    private int sourceEnd;

    private int restBytes;
    private @Nullable InetAddress source;

    /**
     * Takes the bytes of the header. Not called again after a verdict other than {@link Verdict#MORE}.
     *
     * @param in is read up to the end of the header, or up to any byte if there is a fault
     */
    Verdict read(ByteBuf in) {
        while (true) {
            if (state == State.REST) {
                int skipped = Math.min(restBytes, in.readableBytes());
                in.skipBytes(skipped);
                restBytes -= skipped;
                return restBytes > 0 ? Verdict.MORE : done();
            }
            if (!in.isReadable()) {
                return Verdict.MORE;
            }
            head[length++] = in.readByte();
            Verdict verdict = taken();
            if (verdict != Verdict.MORE) {
                return verdict;
            }
        }
    }

    /** The client's address, with IPv4 in IPv6 as IPv4. Null if the header names none, and the socket's own counts. */
    @Nullable
    InetAddress source() {
        return source;
    }

    /** Goes on with one more byte in {@link #head}. */
    private Verdict taken() {
        return switch (state) {
            case SIGNATURE -> signature();
            case LINE -> {
                if (head[length - 1] == '\n') {
                    yield line();
                }
                yield length == MAX_LINE_BYTES ? Verdict.TOO_LONG : Verdict.MORE;
            }
            case FIXED -> length == FIXED_BYTES ? fixed() : Verdict.MORE;
            case SOURCE -> length == sourceEnd ? sourceTaken() : Verdict.MORE;
            case REST, DONE -> throw new AssertionError("nothing is taken in " + state);
        };
    }

    private Verdict signature() {
        if (begins(SIGNATURE_1)) {
            state = length == SIGNATURE_1.length ? State.LINE : state;
        } else if (begins(SIGNATURE_2)) {
            state = length == SIGNATURE_2.length ? State.FIXED : state;
        } else {
            return Verdict.MISSING;
        }
        return Verdict.MORE;
    }

    private boolean begins(byte[] signature) {
        return length <= signature.length && Arrays.equals(head, 0, length, signature, 0, length);
    }

    private Verdict done() {
        state = State.DONE;
        return Verdict.COMPLETE;
    }

    // ---- version 1

    private Verdict line() {
        String line = new String(head, 0, length, StandardCharsets.ISO_8859_1);
        if (!line.endsWith("\r\n")) {
            return Verdict.MALFORMED;
        }
        String[] words = line.substring(0, line.length() - 2).split(" ", -1);
        if (words[1].equals("UNKNOWN")) {
            return done();
        }
        boolean ipv4 = words[1].equals("TCP4");
        if (!ipv4 && !words[1].equals("TCP6") || words.length != 6) {
            return Verdict.MALFORMED;
        }
        byte[] from = ipv4 ? AddressText.v4(words[2]) : AddressText.v6(words[2]);
        byte[] to = ipv4 ? AddressText.v4(words[3]) : AddressText.v6(words[3]);
        if (from == null || to == null || !isPort(words[4]) || !isPort(words[5])) {
            return Verdict.MALFORMED;
        }
        source = address(from);
        return done();
    }

    private static boolean isPort(String text) {
        return text.matches("0|[1-9][0-9]{0,4}") && Integer.parseInt(text) <= MAX_PORT;
    }

    // ---- version 2

    private Verdict fixed() {
        int command = head[12] & 0xFF;
        int family = (head[13] & 0xF0) >> 4;
        int protocol = head[13] & 0x0F;
        int block = (head[14] & 0xFF) << 8 | head[15] & 0xFF;
        if (block > MAX_BLOCK_BYTES) {
            return Verdict.TOO_LONG;
        }
        if (command == LOCAL) { // the proxy speaks for itself, and the rest has no meaning
            return rest(block);
        }
        if (command != PROXY || family > MAX_FAMILY || protocol > MAX_PROTOCOL || block < ADDRESS_BYTES[family]) {
            return Verdict.MALFORMED;
        }
        int sourceBytes = switch (head[13] & 0xFF) {
            case TCP4 -> 4;
            case TCP6 -> 16;
            default -> 0; // well-formed, but not of a TCP connection: the same as no address
        };
        if (sourceBytes == 0) {
            return rest(block);
        }
        sourceEnd = FIXED_BYTES + sourceBytes;
        restBytes = block - sourceBytes;
        state = State.SOURCE;
        return Verdict.MORE;
    }

    private Verdict sourceTaken() {
        source = address(Arrays.copyOfRange(head, FIXED_BYTES, sourceEnd));
        return rest(restBytes);
    }

    private Verdict rest(int bytes) {
        restBytes = bytes;
        state = State.REST;
        return bytes == 0 ? done() : Verdict.MORE;
    }

    /** Returns the address of 4 or 16 bytes. The JDK makes an IPv4 address of IPv4 in IPv6. */
    static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 or 16 bytes are an address", e);
        }
    }
}
