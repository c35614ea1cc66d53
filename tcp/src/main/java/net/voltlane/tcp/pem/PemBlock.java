package net.voltlane.tcp.pem;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A block of a PEM file (RFC 7468). Text around blocks is left out.
 *
 * @param label such as {@code CERTIFICATE}
 * @param isEncrypted whether a header says that the content is encrypted, in the manner of older programs
 * @param content the decoded bytes
 */
record PemBlock(String label, boolean isEncrypted, byte[] content) {

    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";

    /**
     * Reads all blocks of a text.
     *
     * @throws IllegalArgumentException if a block has no end, or its content is not Base64
     */
    static List<PemBlock> all(String text) {
        List<PemBlock> blocks = new ArrayList<>();
        String label = null;
        boolean isEncrypted = false;
        StringBuilder base64 = new StringBuilder();
        for (String raw : text.split("\\R")) {
            String line = raw.strip();
            if (line.startsWith(BEGIN) && line.endsWith(DASHES) && line.length() > BEGIN.length() + DASHES.length()) {
                label = line.substring(BEGIN.length(), line.length() - DASHES.length());
                isEncrypted = false;
                base64.setLength(0);
            } else if (label != null && line.startsWith(END)) {
                byte[] content =
                        isEncrypted ? new byte[0] : Base64.getMimeDecoder().decode(base64.toString());
                blocks.add(new PemBlock(label, isEncrypted, content));
                label = null;
            } else if (label != null && line.indexOf(':') >= 0) {
                isEncrypted |= line.contains("ENCRYPTED");
            } else if (label != null) {
                base64.append(line);
            }
        }
        if (label != null) {
            throw new IllegalArgumentException("the block " + label + " has no end");
        }
        return blocks;
    }
}
