package net.voltlane.server.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A digest of the contents of all files of a server's TLS. Times of files tell less: a link that points elsewhere, as
 * certbot and Kubernetes replace files, may have an older one than before.
 */
final class FileDigest {
    private FileDigest() {}

    /** Reads all files, which blocks. A file that can't be read counts as one of its own kind. */
    static String of(TlsFiles files) {
        MessageDigest digest = sha256();
        for (TlsFiles.Pair pair : files.certificates()) {
            add(digest, pair.certificate());
            add(digest, pair.key());
        }
        add(digest, files.clientCa());
        digest.update((byte) (files.isOnly13() ? 1 : 0));
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void add(MessageDigest digest, String file) {
        digest.update(file.getBytes(StandardCharsets.UTF_8));
        if (file.isEmpty()) {
            return;
        }
        try {
            byte[] content = Files.readAllBytes(Path.of(file));
            digest.update((" " + content.length + " ").getBytes(StandardCharsets.UTF_8));
            digest.update(content);
        } catch (IOException e) {
            digest.update(e.getClass().getName().getBytes(StandardCharsets.UTF_8));
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has it", e);
        }
    }
}
