package net.voltlane.jmh;

import net.voltlane.protocol.Challenge;
import net.voltlane.protocol.ChallengeResponse;
import net.voltlane.protocol.ClientId;
import net.voltlane.protocol.HandshakeCodec;
import net.voltlane.protocol.HandshakePacket;
import net.voltlane.protocol.MalformedPacketException;
import net.voltlane.protocol.Ping;
import net.voltlane.protocol.ProtocolVersion;
import net.voltlane.protocol.PubKey;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Handshake packets to bytes and back: a few for each connection, so they may allocate what they return. */
public class HandshakeCodecBenchmark extends Timed {
    /** The packets, with fields of their usual sizes. */
    public enum Kind {
        PING(new Ping()),
        PROTOCOL_VERSION(new ProtocolVersion(2)),
        PUB_KEY(new PubKey(Packets.payload(33))),
        CLIENT_ID(new ClientId(0x1F_FFFF_FFFF_FFFFL)),
        CHALLENGE(new Challenge(Packets.payload(72))),
        CHALLENGE_RESPONSE(new ChallengeResponse(Packets.payload(72)));

        private final HandshakePacket packet;

        Kind(HandshakePacket packet) {
            this.packet = packet;
        }
    }

    @Param
    public Kind packet;

    private byte[] payload;

    @Setup
    public void encodeOne() {
        payload = HandshakeCodec.encode(packet.packet);
    }

    @Benchmark
    public byte[] encode() {
        return HandshakeCodec.frame(packet.packet);
    }

    @Benchmark
    public HandshakePacket decode() throws MalformedPacketException {
        return HandshakeCodec.decode(payload);
    }
}
