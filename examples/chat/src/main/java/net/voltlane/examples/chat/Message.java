package net.voltlane.examples.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * What a client sends: its name and what it says, nothing to say hello. What a server sends is plain text, to be shown.
 *
 * <p>The name comes with every message. So a backend that was restarted knows whom it hears, though no client has
 * noticed.
 *
 * @param name of the sender
 * @param text a line, or empty
 */
record Message(String name, String text) {

    /** Says that the client leaves. */
    static final String BYE = "/quit";

    private static final int MAX_NAME_CHARS = 20;
    private static final int MAX_TEXT_CHARS = 1000;

    /** Reads a packet. It may be anything: strangers can connect. */
    static Message decode(byte[] packet) {
        String[] parts = new String(packet, UTF_8).split("\n", 2);
        return new Message(
                cleaned(parts[0], MAX_NAME_CHARS), cleaned(parts.length < 2 ? "" : parts[1], MAX_TEXT_CHARS));
    }

    byte[] encode() {
        return (name + "\n" + text).getBytes(UTF_8);
    }

    /** Control characters would let one user play tricks with the terminals of others. */
    private static String cleaned(String text, int maxChars) {
        String printable = text.replaceAll("\\p{Cc}", " ").strip();
        return printable.length() <= maxChars ? printable : printable.substring(0, maxChars);
    }
}
