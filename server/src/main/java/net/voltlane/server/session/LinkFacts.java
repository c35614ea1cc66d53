package net.voltlane.server.session;

/**
 * A client link as a log line tells of it.
 *
 * @param from where the client connects from; its text is the address
 * @param whyLost why the link was lost, where it was, in words that stand behind a colon
 * @param packetsUp data packets that came on it so far
 * @param bytesUp payload bytes of those
 */
public record LinkFacts(Object from, String whyLost, long packetsUp, long bytesUp) {}
