package net.voltlane.proof;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The file with the server's secret key: one line of 64 hex digits. Clients remember the public key, so the key has to
 * outlive a restart. Anybody who can read the file can pose as the server, so it is created readable for its owner
 * only.
 *
 * <p>No exception message contains any of the file's content. Thread-safe.
 */
public final class KeyFile {

    private static final String NOUN = "key";
    private static final String MISUSE = "pose as this server";

    private KeyFile() {}

    /**
     * Loads the key in {@code file}, or creates the file with a new key if there is none.
     *
     * <p>Even if several servers start at once, or one dies meanwhile, the file never contains half a key, and all
     * servers return the same key. Blocks on the disk.
     *
     * @throws KeyNotSavedException if there is no file and none could be created
     * @throws IOException as in {@link #load} and {@link #create}
     */
    public static KeyPair loadOrCreate(Path file, SecureRandom random) throws IOException {
        KeyPair there = load(file);
        return there != null ? there : create(file, random);
    }

    /**
     * Loads the key in {@code file}; returns null if there is no such file. Writes nothing.
     *
     * @throws IOException if the file can't be read, contains no key, or could have been read or written by others; the
     *     message says what to do
     */
    public static @Nullable KeyPair load(Path file) throws IOException {
        return secret(file).load(digits -> key(file, digits));
    }

    private static KeyPair key(Path file, String digits) throws IOException {
        try {
            return KeyPair.ofSecret(HexFormat.of().parseHex(digits));
        } catch (IllegalArgumentException notAKey) {
            // The cause is dropped, as its message may quote the file.
            throw new IOException(file + ": not a key (expected: one line of 64 hex digits); restore it from a backup,"
                    + " or move it away to have a new key made, which clients that know the old one will refuse");
        }
    }

    private static SecretFile secret(Path file) {
        return new SecretFile(file, NOUN, MISUSE);
    }

    /**
     * Creates {@code file} with a new key and returns the key, or the one that another server has put there meanwhile.
     * If {@code file} is a link whose target does not exist, creates the target and keeps the link.
     *
     * @throws KeyNotSavedException if the file can't be created
     * @throws IOException if the target of a link can't be created, or as in {@link #load}
     */
    public static KeyPair create(Path file, SecureRandom random) throws IOException {
        secret(file).create(HexFormat.of().formatHex(KeyPair.generate(random).secret()));
        // Reads the file back, as another server may have been first: the key in the file counts.
        KeyPair key = load(file);
        if (key == null) {
            throw new IOException(file + ": is gone again, right after it was made");
        }
        return key;
    }

    /**
     * Throws as {@link #create} would, as far as that can be checked without writing.
     *
     * @throws KeyNotSavedException if the file can't be created
     * @throws IOException if the target of a link can't be created
     */
    public static void checkCreatable(Path file) throws IOException {
        secret(file).checkCreatable();
    }
}
