package net.voltlane.store.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import net.voltlane.server.store.Claimed;
import net.voltlane.server.store.StoredRecord;
import org.jspecify.annotations.Nullable;

/**
 * The clear part of a record in Redis: 16 decimal digits of the epoch, then the owner's 32 characters. Readable, so that
 * people can look at it: {@code GETRANGE voltlane:s:17 0 47}.
 */
final class Head {
    /** Length of the head. */
    static final int BYTES = 48;

    private static final int EPOCH_DIGITS = 16;

    private Head() {}

    /** Writes a head. */
    static byte[] of(long epoch, String owner) {
        byte[] head = new byte[BYTES];
        write(head, epoch, owner);
        return head;
    }

    /** Writes a whole record. */
    static byte[] of(StoredRecord record) {
        byte[] sealed = record.sealed();
        byte[] all = new byte[BYTES + sealed.length];
        write(all, record.epoch(), record.owner());
        System.arraycopy(sealed, 0, all, BYTES, sealed.length);
        return all;
    }

    /** Reads who has the session {@code id}; null if this is no head. */
    static @Nullable Claimed read(long id, byte[] head) {
        if (head.length < BYTES) {
            return null;
        }
        long epoch = 0;
        for (int i = 0; i < EPOCH_DIGITS; i++) {
            int digit = head[i] - '0';
            if (digit < 0 || digit > 9) {
                return null;
            }
            epoch = epoch * 10 + digit;
        }
        return new Claimed(id, epoch, new String(head, EPOCH_DIGITS, BYTES - EPOCH_DIGITS, US_ASCII));
    }

    /** Reads a whole record; null if this is none. */
    static @Nullable StoredRecord record(long id, byte[] all) {
        Claimed head = read(id, all);
        return head == null
                ? null
                : new StoredRecord(id, head.epoch(), head.owner(), Arrays.copyOfRange(all, BYTES, all.length), 0);
    }

    private static void write(byte[] to, long epoch, String owner) {
        byte[] name = owner.getBytes(US_ASCII);
        if (name.length != BYTES - EPOCH_DIGITS) {
            throw new IllegalArgumentException("owner: " + owner + " (expected: 32 hexadecimal digits)");
        }
        long rest = epoch;
        for (int i = EPOCH_DIGITS - 1; i >= 0; i--) {
            to[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        System.arraycopy(name, 0, to, EPOCH_DIGITS, name.length);
    }
}
