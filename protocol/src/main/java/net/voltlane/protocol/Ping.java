package net.voltlane.protocol;

/**
 * The last packet of a resume. The client sends it when it is ready for the packets that it missed, the server when the
 * session has moved to this link.
 */
public record Ping() implements HandshakePacket {}
