package net.voltlane.backend;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;
import net.voltlane.protocol.firehose3.FirehoseMessage;

/**
 * The name of a process on a firehose 3: 16 bytes, not all zeros. Immutable.
 *
 * @param first the first eight bytes, big-endian
 * @param second the other eight
 */
record InstanceName(long first, long second) {
    private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]{32}");
    private static final SecureRandom RANDOM = new SecureRandom();

    static InstanceName of(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return new InstanceName(in.getLong(), in.getLong());
    }

    /** Returns the name that a text stands for, see {@link BackendOptions#withInstance(String)}. */
    static InstanceName of(String text) {
        if (HEX.matcher(text).matches()) {
            return of(HexFormat.of().parseHex(text));
        }
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return of(hash);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    static InstanceName random() {
        return new InstanceName(RANDOM.nextLong() | 1, RANDOM.nextLong());
    }

    /** Tells whether this is the name of none. */
    boolean isNone() {
        return first == 0 && second == 0;
    }

    byte[] bytes() {
        return ByteBuffer.allocate(FirehoseMessage.INSTANCE_BYTES)
                .putLong(first)
                .putLong(second)
                .array();
    }

    /** Returns 32 hexadecimal digits. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes());
    }
}
