package net.voltlane.server.tls;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** A ClientHello that is long because of its padding (RFC 7685), and else as a client's engine has made it. */
public final class LongHello {
    private static final int MESSAGE_HEADER_BYTES = 4;
    private static final int EXTENSION_HEADER_BYTES = 4;
    /** Version and random. */
    private static final int FIXED_BYTES = 2 + 32;

    private static final short PADDING = 21;

    private LongHello() {}

    /**
     * Returns the message without records.
     *
     * @param hello the record of a hello without padding
     * @param bytes the length of the message, header included; longer than the hello's by at least 4
     */
    public static byte[] message(byte[] hello, int bytes) {
        byte[] message = Arrays.copyOfRange(hello, Records.HEADER_BYTES, hello.length);
        ByteBuffer padded = ByteBuffer.allocate(bytes).put(message);
        int added = bytes - message.length;
        padded.putShort(PADDING).putShort((short) (added - EXTENSION_HEADER_BYTES));
        int extensions = extensions(padded);
        padded.putShort(extensions, (short) (padded.getShort(extensions) + added));
        int body = bytes - MESSAGE_HEADER_BYTES;
        padded.put(1, (byte) (body >>> 16)).putShort(2, (short) body);
        return padded.array();
    }

    /** The index of the length of all extensions. */
    private static int extensions(ByteBuffer message) {
        int at = MESSAGE_HEADER_BYTES + FIXED_BYTES;
        at += 1 + message.get(at); // session id
        at += 2 + message.getShort(at); // ciphers
        return at + 1 + message.get(at); // compressions
    }

    /** Cuts a message into records with so many bytes of it each. */
    public static byte[] records(byte[] message, int pieceBytes) {
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        for (int from = 0; from < message.length; from += pieceBytes) {
            int length = Math.min(pieceBytes, message.length - from);
            records.writeBytes(ByteBuffer.allocate(Records.HEADER_BYTES)
                    .put(new byte[] {22, 3, 1})
                    .putShort((short) length)
                    .array());
            records.write(message, from, length);
        }
        return records.toByteArray();
    }
}
