package net.voltlane.server.tls;

import io.netty.buffer.ByteBuf;
import javax.net.ssl.SSLException;

/**
 * The frames of TLS. Only whole records are given to an engine, so that what waits for the rest of a record is memory of
 * ours, which is bounded and charged.
 *
 * <pre>
 *  byte   0         1               3              5
 *       +---------+---------------+--------------+------------------
 *       | u8 type | u16 version   | u16 length   | length bytes ...
 *       +---------+---------------+--------------+------------------
 * </pre>
 */
final class Records {
    static final int HEADER_BYTES = 5;
    /** The most plaintext of one record. */
    static final int MAX_PLAIN_BYTES = 16_384;
    /** The most plaintext that we put into one record. The JDK's engine takes 17 bytes less than the RFC allows. */
    static final int MAX_RUN_BYTES = 16_000;
    /** The most that encryption adds to a record that we send, with much to spare. */
    static final int OVERHEAD_BYTES = 256;
    /** The longest record that a peer may send: that of TLS 1.2 with everything that the RFC allows to be added. */
    static final int MAX_BYTES = HEADER_BYTES + MAX_PLAIN_BYTES + 2_048;

    private static final int FIRST_TYPE = 20;
    private static final int LAST_TYPE = 23;
    private static final int MAJOR_VERSION = 3;

    /** Bytes that are no records of TLS. It has no stack trace. */
    static final class NotTlsException extends SSLException {
        private static final long serialVersionUID = 1;

        NotTlsException() {
            super("no record of TLS");
        }

        @Override
        public Throwable fillInStackTrace() {
            return this;
        }
    }

    private Records() {}

    /**
     * The length of the record at {@code index}, its header included; 0 if less than the header is there.
     *
     * @throws NotTlsException if it is none
     */
    static int length(ByteBuf in, int index) throws NotTlsException {
        int there = in.writerIndex() - index;
        if (there == 0) {
            return 0;
        }
        int type = in.getUnsignedByte(index);
        if (type < FIRST_TYPE || type > LAST_TYPE || there > 1 && in.getUnsignedByte(index + 1) != MAJOR_VERSION) {
            throw new NotTlsException();
        }
        if (there < HEADER_BYTES) {
            return 0;
        }
        int length = HEADER_BYTES + in.getUnsignedShort(index + 3);
        if (length > MAX_BYTES) {
            throw new NotTlsException();
        }
        return length;
    }
}
