package net.voltlane.tcp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.util.Map;
import net.voltlane.tcp.SocketState.Timer;

/**
 * A parser of {@code /proc/net/tcp} and {@code /proc/net/tcp6}. They have one line for each socket of this network
 * namespace. Only sockets with unacknowledged data are kept.
 *
 * <pre>
 *   sl  local_address rem_address   st tx_queue rx_queue tr tm-&gt;when retrnsmt   uid  timeout inode
 *    7: 0100007F:A410 0100007F:B7C1 01 00000019:00000000 01:00000014 00000002     0        0 1234 ...
 * </pre>
 *
 * Numbers are hexadecimal, except {@code uid} and {@code timeout}. An address is printed as one or four 32-bit numbers
 * in this machine's byte order. For one thread.
 */
final class ProcNetTcp {
    /** The most sockets that are kept. A machine with more stuck sockets has another problem. */
    static final int MAX_KEPT = 65_536;

    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int SYN_SENT = 2;
    private static final int SYN_RECEIVED = 3;
    private static final int TIME_WAIT = 6;
    private static final int LISTEN = 10;
    private static final int TIMER_RETRANSMIT = 1;
    private static final int TIMER_PROBE = 4;
    private static final int HEX_PER_WORD = 8;

    private final Map<AddressPair, SocketState> into;

    /** The line that is being parsed. */
    private byte[] text = new byte[0];

    private int at;
    private int end;

    ProcNetTcp(Map<AddressPair, SocketState> into) {
        this.into = into;
    }

    /** Parses one file to its end. Skips lines of an unknown format. Columns may be added at the end of a line. */
    void read(InputStream file) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        int filled = 0;
        for (int count = file.read(buffer); count >= 0; count = file.read(buffer, filled, buffer.length - filled)) {
            filled += count;
            int start = 0;
            for (int i = 0; i < filled; i++) {
                if (buffer[i] == '\n') {
                    line(buffer, start, i);
                    start = i + 1;
                }
            }
            System.arraycopy(buffer, start, buffer, 0, filled - start);
            filled -= start;
            if (filled == buffer.length) {
                filled = 0; // no line is that long
            }
        }
    }

    private void line(byte[] bytes, int from, int to) {
        text = bytes;
        at = from;
        end = to;
        try {
            if (skipPast(':')) {
                entry();
            }
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException notOurs) {
            // a format that this version does not know
        }
    }

    private void entry() {
        int localAt = token();
        int remoteAt = token();
        int state = (int) hex(token());
        int queuesAt = token();
        long unacknowledged = hex(queuesAt);
        if (unacknowledged == 0
                || state == SYN_SENT
                || state == SYN_RECEIVED
                || state == TIME_WAIT
                || state == LISTEN
                || into.size() >= MAX_KEPT) {
            return;
        }
        long unread = hex(past(queuesAt));
        int timerCode = (int) hex(token());
        int retransmits = (int) hex(token());
        token(); // uid
        int probes = decimal(token());
        Timer timer =
                timerCode == TIMER_RETRANSMIT ? Timer.RETRANSMIT : timerCode == TIMER_PROBE ? Timer.PROBE : Timer.OTHER;
        into.put(
                new AddressPair(address(localAt), port(localAt), address(remoteAt), port(remoteAt)),
                new SocketState(unacknowledged, unread, timer, timer == Timer.PROBE ? probes : retransmits));
    }

    // ---- parts of a line

    private boolean skipPast(char what) {
        while (at < end) {
            if (text[at++] == what) {
                return true;
            }
        }
        return false;
    }

    /** Skips the next word, and returns where it begins. */
    private int token() {
        while (at < end && text[at] == ' ') {
            at++;
        }
        int start = at;
        while (at < end && text[at] != ' ') {
            at++;
        }
        if (start == at) {
            throw new NumberFormatException("the line is too short");
        }
        return start;
    }

    /** Returns the position after the colon of the word that begins at {@code start}. */
    private int past(int start) {
        int i = start;
        while (text[i] != ':') {
            i++;
        }
        return i + 1;
    }

    private int port(int start) {
        return (int) hex(past(start));
    }

    private byte[] address(int start) {
        int digits = past(start) - 1 - start;
        byte[] address = new byte[digits / 2];
        for (int word = 0; word < digits / HEX_PER_WORD; word++) {
            int value = (int) hex(start + word * HEX_PER_WORD, HEX_PER_WORD);
            for (int i = 0; i < Integer.BYTES; i++) {
                int shift = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? i : Integer.BYTES - 1 - i;
                address[word * Integer.BYTES + i] = (byte) (value >>> Byte.SIZE * shift);
            }
        }
        return address;
    }

    private long hex(int start) {
        return hex(start, Integer.MAX_VALUE);
    }

    private long hex(int start, int maxDigits) {
        long value = 0;
        int i = start;
        while (i < end && i - start < maxDigits && Character.digit(text[i], 16) >= 0) {
            value = value << 4 | Character.digit(text[i], 16);
            i++;
        }
        if (i == start) {
            throw new NumberFormatException("no number");
        }
        return value;
    }

    private int decimal(int start) {
        int value = 0;
        for (int i = start; i < end && text[i] != ' '; i++) {
            value = value * 10 + Character.digit(text[i], 10);
        }
        return value;
    }
}
