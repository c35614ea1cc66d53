package net.voltlane.server.websocket;

import io.netty.buffer.ByteBuf;

/** The masking of a client's payload: each byte xor a byte of a four-byte key, in turn (RFC 6455, section 5.3). */
final class Mask {
    private static final long LOW_INT = 0xFFFF_FFFFL;

    private Mask() {}

    /**
     * Copies bytes and takes the mask off them, eight at a time. The two stretches may overlap if the target begins
     * before the source, or with it.
     *
     * @param key the key as a little-endian number: its lowest byte is for the first byte of the source
     */
    static void copy(ByteBuf from, int fromIndex, ByteBuf to, int toIndex, int length, int key) {
        long both = (key & LOW_INT) << 32 | key & LOW_INT;
        int i = 0;
        for (; i <= length - Long.BYTES; i += Long.BYTES) {
            to.setLongLE(toIndex + i, from.getLongLE(fromIndex + i) ^ both);
        }
        for (; i < length; i++) {
            to.setByte(toIndex + i, from.getByte(fromIndex + i) ^ key >>> 8 * (i & 3));
        }
    }

    /** The key for the bytes that follow the first {@code length}. */
    static int behind(int key, int length) {
        return Integer.rotateRight(key, 8 * (length & 3));
    }
}
