package net.voltlane.server.tls;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The records in a stream, as RFC 8446, 5.1, and RFC 5246, 6.2, have them. Simple and slow.
 *
 * @param records each with its header
 * @param plain their payloads
 * @param isBroken true if the bytes behind them are no record
 * @param unfinishedBytes those of the last record, if it is not whole
 */
record RecordsOracle(List<byte[]> records, byte[] plain, boolean isBroken, int unfinishedBytes) {
    private static final int HEADER = 5;
    private static final int LONGEST_PAYLOAD = (1 << 14) + 2048;

    static RecordsOracle of(byte[] stream) {
        List<byte[]> records = new ArrayList<>();
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        int at = 0;
        while (at < stream.length) {
            if (isBroken(stream, at)) {
                return new RecordsOracle(records, plain.toByteArray(), true, 0);
            }
            int there = stream.length - at;
            if (there < HEADER || there < HEADER + u16(stream, at + 3)) {
                return new RecordsOracle(records, plain.toByteArray(), false, there);
            }
            int end = at + HEADER + u16(stream, at + 3);
            records.add(Arrays.copyOfRange(stream, at, end));
            plain.write(stream, at + HEADER, end - at - HEADER);
            at = end;
        }
        return new RecordsOracle(records, plain.toByteArray(), false, 0);
    }

    /** True once the bytes that are there can't begin a record any more. */
    private static boolean isBroken(byte[] stream, int at) {
        int there = stream.length - at;
        boolean isType = List.of(20, 21, 22, 23).contains((int) stream[at]);
        return !isType || there > 1 && stream[at + 1] != 3 || there >= HEADER && u16(stream, at + 3) > LONGEST_PAYLOAD;
    }

    static int u16(byte[] bytes, int index) {
        return (bytes[index] & 0xFF) << 8 | bytes[index + 1] & 0xFF;
    }

    /** True if a record has no payload, so that nothing of it is passed on. */
    boolean hasEmptyRecord() {
        return records.stream().anyMatch(record -> record.length == HEADER);
    }
}
