package net.voltlane.server.session;

/**
 * Facts about a client link, for log lines.
 *
 * @param from the client's address, as its text
 * @param whyLost the reason of the link's loss, in words that follow a colon; of no meaning before a loss
 * @param packetsUp data packets that its client has sent on it
 * @param bytesUp payload bytes of these packets
 */
public record LinkFacts(Object from, String whyLost, long packetsUp, long bytesUp) {}
