package net.voltlane.bench.load;

import java.util.Arrays;
import java.util.SplittableRandom;
import net.voltlane.bench.model.Load;
import net.voltlane.protocol.Tag;

/**
 * The content of a message: its number, its client, and filler that depends on both. All of it can be worked out anew
 * when the message comes, so every byte is checked and nothing has to be remembered. It holds no times: the time at
 * which a message was due follows from its number.
 *
 * <pre>
 *  8 bytes and more    | sequence, u32 | client, u32 | filler ... |
 *  4 to 7 bytes        | sequence, u16 | client, u16 | filler ... |
 * </pre>
 *
 * <p>Immutable, for any thread.
 */
public final class Payload {

    /** {@link #check}: another length, another content. */
    static final int CORRUPTED = Integer.MIN_VALUE;

    /** {@link #check}: a message as it should be, but of another client. */
    static final int MISROUTED = Integer.MIN_VALUE + 1;

    /** The filler of a message starts at one of so many places in one long row of random bytes. */
    private static final int FILLERS = 1024;

    private static final long SEED = 0x766F6C746C616E65L;

    private final int sizeBytes;
    private final int clients;
    private final int headerBytes;
    private final byte[] filler;

    /**
     * @param sizeBytes of a message, 4 or more
     * @param clients how many there are
     */
    public Payload(int sizeBytes, int clients) {
        this.sizeBytes = sizeBytes;
        this.clients = clients;
        headerBytes = sizeBytes >= Load.WHOLE_HEADER_BYTES ? Load.WHOLE_HEADER_BYTES : Load.MIN_SIZE_BYTES;
        filler = new byte[sizeBytes + FILLERS];
        new SplittableRandom(SEED).nextBytes(filler);
    }

    /** The size of every message. */
    public int sizeBytes() {
        return sizeBytes;
    }

    /** Writes a message to {@code out} from {@code at} on. */
    public void write(byte[] out, int at, int client, int sequence) {
        if (headerBytes == Load.WHOLE_HEADER_BYTES) {
            Bytes.putInt(out, at, sequence);
            Bytes.putInt(out, at + 4, client);
        } else {
            Bytes.putShort(out, at, sequence);
            Bytes.putShort(out, at + 2, client);
        }
        System.arraycopy(filler, fillerOf(client, sequence), out, at + headerBytes, sizeBytes - headerBytes);
    }

    /** Writes a whole frame of the firehose with a message in it. */
    public void frame(byte[] out, int at, long id, byte flag, int client, int sequence) {
        Bytes.putInt(out, at, Tag.BYTES + sizeBytes);
        Bytes.putLong(out, at + Tag.ID_OFFSET_IN_FRAME, id);
        out[at + Tag.FLAG_OFFSET_IN_FRAME] = flag;
        write(out, at + Tag.FRAME_HEADER_BYTES, client, sequence);
    }

    /**
     * Looks at a message.
     *
     * @param expected the sequence number that is next for {@code client}
     * @return 0 for the one that is next, how many were left out for a later one, below 0 for one that was passed by
     *     before; {@link #CORRUPTED}; {@link #MISROUTED}
     */
    int check(byte[] in, int at, int length, int client, int expected) {
        if (length != sizeBytes) {
            return CORRUPTED;
        }
        boolean whole = headerBytes == Load.WHOLE_HEADER_BYTES;
        int sender = whole ? Bytes.getInt(in, at + 4) : Bytes.getShort(in, at + 2) & 0xFFFF;
        // In the short form the number that is meant is the one that lies next to what is expected.
        int ahead = whole ? Bytes.getInt(in, at) - expected : (short) (Bytes.getShort(in, at) - expected);
        int start = fillerOf(sender, expected + ahead);
        int end = at + length;
        if (!Arrays.equals(in, at + headerBytes, end, filler, start, start + length - headerBytes)) {
            return CORRUPTED;
        }
        if (sender != client) {
            return sender >= 0 && sender < clients ? MISROUTED : CORRUPTED;
        }
        return ahead <= MISROUTED ? CORRUPTED : ahead;
    }

    /**
     * The client that a message says it is of; -1 if it is too short to say. A backend learns from it which session is
     * which client's.
     */
    public int clientOf(byte[] in, int at, int length) {
        if (length != sizeBytes) {
            return -1;
        }
        return headerBytes == Load.WHOLE_HEADER_BYTES ? Bytes.getInt(in, at + 4) : Bytes.getShort(in, at + 2) & 0xFFFF;
    }

    private static int fillerOf(int client, int sequence) {
        int mixed = (client * 0x9E3779B1 + sequence) * 0x85EBCA6B;
        return mixed >>> 22;
    }
}
