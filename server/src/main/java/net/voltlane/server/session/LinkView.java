package net.voltlane.server.session;

/**
 * A client link as it was when its own loop looked at it.
 *
 * @param transport name of its listener's transport, such as {@code tcp}
 * @param packetsUp data packets that its client has sent on it
 * @param bytesUp payload bytes of these packets
 * @param waiting packets that its socket has not taken
 */
public record LinkView(String transport, long packetsUp, long bytesUp, QueueView waiting) {}
