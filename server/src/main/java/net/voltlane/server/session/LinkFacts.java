package net.voltlane.server.session;

/**
 * Facts about a client link, for log lines.
 *
 * @param from the client's address, as its text
 * @param whyLost the reason of the link's loss, in words that follow a colon; of no meaning before a loss
 * @param packetsUp data packets that its client has sent on it
 * @param bytesUp payload bytes of these packets
 * @param acknowledged data packets for the session's client, on this link and all before it, that the client has
 *     acknowledged; in version 2, that sockets have taken, and only where the master may want to know
 * @param excused packets, from the first unacknowledged one on, that count against no bound; 0 in version 2
 */
public record LinkFacts(Object from, String whyLost, long packetsUp, long bytesUp, long acknowledged, long excused) {}
