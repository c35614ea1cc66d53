package net.voltlane.proof;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A function that derives a new key from a key and the first 16 bytes of a long nonce. It extends ChaCha20 with its
 * 12-byte nonce to XChaCha20 with 24 bytes, which is long enough for random nonces (draft-irtf-cfrg-xchacha). The JDK
 * does not have it. Stateless and thread-safe.
 *
 * <p>The state is that of ChaCha20, with the nonce in place of the counter:
 *
 * <pre>
 *   0   1   2   3      four constants
 *   4   5   6   7      key
 *   8   9  10  11      key
 *  12  13  14  15      nonce
 * </pre>
 *
 * After twenty rounds, the first and the last row are the new key. Unlike in ChaCha20, the input is not added at the
 * end: the other two rows stay hidden, so the rounds can't be reversed.
 */
final class HChaCha20 {

    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    /** "expand 32-byte k" in ASCII, as four little-endian words. */
    private static final int[] CONSTANTS = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};

    private static final int DOUBLE_ROUNDS = 10;

    private HChaCha20() {}

    /**
     * Derives the key for one nonce.
     *
     * @param key 32 bytes
     * @param nonce at least 16 bytes, of which the first 16 count
     * @return 32 bytes
     */
    static byte[] subkey(byte[] key, byte[] nonce) {
        int[] state = new int[16];
        System.arraycopy(CONSTANTS, 0, state, 0, 4);
        for (int i = 0; i < 8; i++) {
            state[4 + i] = (int) WORD.get(key, Integer.BYTES * i);
        }
        for (int i = 0; i < 4; i++) {
            state[12 + i] = (int) WORD.get(nonce, Integer.BYTES * i);
        }
        for (int i = 0; i < DOUBLE_ROUNDS; i++) {
            columns(state);
            diagonals(state);
        }
        byte[] subkey = new byte[32];
        for (int i = 0; i < 4; i++) {
            WORD.set(subkey, Integer.BYTES * i, state[i]);
            WORD.set(subkey, Integer.BYTES * (4 + i), state[12 + i]);
        }
        return subkey;
    }

    private static void columns(int[] s) {
        quarterRound(s, 0, 4, 8, 12);
        quarterRound(s, 1, 5, 9, 13);
        quarterRound(s, 2, 6, 10, 14);
        quarterRound(s, 3, 7, 11, 15);
    }

    private static void diagonals(int[] s) {
        quarterRound(s, 0, 5, 10, 15);
        quarterRound(s, 1, 6, 11, 12);
        quarterRound(s, 2, 7, 8, 13);
        quarterRound(s, 3, 4, 9, 14);
    }

    private static void quarterRound(int[] s, int a, int b, int c, int d) {
        s[a] += s[b];
        s[d] = Integer.rotateLeft(s[d] ^ s[a], 16);
        s[c] += s[d];
        s[b] = Integer.rotateLeft(s[b] ^ s[c], 12);
        s[a] += s[b];
        s[d] = Integer.rotateLeft(s[d] ^ s[a], 8);
        s[c] += s[d];
        s[b] = Integer.rotateLeft(s[b] ^ s[c], 7);
    }
}
