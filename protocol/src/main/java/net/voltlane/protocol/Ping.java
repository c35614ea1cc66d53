package net.voltlane.protocol;

/**
 * Closes a resume: the client's says that it is ready for what it missed, the server's that the session is now on this
 * link.
 */
public record Ping() implements HandshakePacket {}
