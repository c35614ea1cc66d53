package net.voltlane.examples.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * A packet from a client: the user's name and a line of text, which is empty when the user joins. Packets from the
 * backend are plain text to show.
 *
 * <p>Every packet carries the name. So a backend that was restarted, which no client has noticed, knows the sender.
 *
 * @param name the sender's name
 * @param text a line, or empty
 */
record Message(String name, String text) {

    /** The line by which a client leaves. */
    static final String BYE = "/quit";

    private static final int MAX_NAME_CHARS = 20;
    private static final int MAX_TEXT_CHARS = 1000;

    /** Decodes a packet. It may contain anything, as anybody can connect. */
    static Message decode(byte[] packet) {
        String[] parts = new String(packet, UTF_8).split("\n", 2);
        return new Message(
                cleaned(parts[0], MAX_NAME_CHARS), cleaned(parts.length < 2 ? "" : parts[1], MAX_TEXT_CHARS));
    }

    byte[] encode() {
        return (name + "\n" + text).getBytes(UTF_8);
    }

    /** Removes control characters, by which one user could control the terminals of others, and shortens the text. */
    private static String cleaned(String text, int maxChars) {
        String printable = text.replaceAll("\\p{Cc}", " ").strip();
        return printable.length() <= maxChars ? printable : printable.substring(0, maxChars);
    }
}
