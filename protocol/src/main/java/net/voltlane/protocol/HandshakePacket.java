package net.voltlane.protocol;

/**
 * A packet of the handshake, with which client and server begin before data flows.
 *
 * <pre>
 *  variant  packet              field        sent by
 *  0        Ping                none         both
 *  1        ProtocolVersion     u32          client
 *  2        PubKey              bytes        both
 *  3        ClientId            u64          both
 *  4        Challenge           bytes        server
 *  5        ChallengeResponse   bytes        client
 * </pre>
 *
 * Packets are values, equal by content. Their {@code toString} never shows a sealed box. Arrays are not copied on the way
 * in or out, so do not change them once they are in a packet.
 *
 * @see HandshakeCodec
 */
public sealed interface HandshakePacket permits Ping, ProtocolVersion, PubKey, ClientId, Challenge, ChallengeResponse {}
