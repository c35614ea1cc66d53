package net.voltlane.testkit.certificates;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** A writer of the DER values that a certificate is made of. */
final class Der {

    static final byte[] NULL = {5, 0};

    private static final int BOOLEAN = 0x01;
    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int OCTET_STRING = 0x04;
    private static final int OID = 0x06;
    private static final int UTC_TIME = 0x17;
    private static final int SEQUENCE = 0x30;
    private static final int SHORT_LENGTH = 0x80;
    private static final int BYTE_MASK = 0xFF;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private Der() {}

    static byte[] of(int tag, byte[]... parts) {
        byte[] content = concat(parts);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < SHORT_LENGTH) {
            out.write(content.length);
        } else {
            byte[] length = BigInteger.valueOf(content.length).toByteArray();
            int zeros = length[0] == 0 ? 1 : 0;
            out.write(SHORT_LENGTH | length.length - zeros);
            out.write(length, zeros, length.length - zeros);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    static byte[] sequence(byte[]... parts) {
        return of(SEQUENCE, parts);
    }

    static byte[] integer(BigInteger value) {
        return of(INTEGER, value.toByteArray());
    }

    static byte[] octets(byte[] content) {
        return of(OCTET_STRING, content);
    }

    static byte[] bits(byte[] content) {
        return of(BIT_STRING, new byte[] {0}, content);
    }

    static byte[] yes() {
        return of(BOOLEAN, new byte[] {(byte) BYTE_MASK});
    }

    /** Writes a moment before the year 2050. */
    static byte[] time(Instant at) {
        return of(UTC_TIME, TIME.format(at).getBytes(StandardCharsets.US_ASCII));
    }

    /** Writes an object identifier, such as 2.5.29.17. */
    static byte[] oid(String dotted) {
        String[] numbers = dotted.split("\\.");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(40 * Integer.parseInt(numbers[0]) + Integer.parseInt(numbers[1]));
        for (int i = 2; i < numbers.length; i++) {
            int number = Integer.parseInt(numbers[i]);
            int groups = Math.max(1, (Integer.SIZE - Integer.numberOfLeadingZeros(number) + 6) / 7);
            for (int group = groups - 1; group >= 0; group--) {
                out.write(number >>> 7 * group & 0x7F | (group == 0 ? 0 : SHORT_LENGTH));
            }
        }
        return of(OID, out.toByteArray());
    }

    static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
