package net.voltlane.protocol;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Encodes handshake packets as bytes, and decodes them.
 *
 * <pre>
 *  Ping                                         | variant |
 *  ProtocolVersion, ClientId                    | variant | number |
 *  PubKey, Challenge, ChallengeResponse         | variant | length | length bytes |
 * </pre>
 *
 * Variant, number and length are {@linkplain Varint varints}. Bytes behind a packet are ignored, as existing peers ignore
 * them. A length is compared with the bytes that are left in the frame before anything is allocated for it, since a
 * frame of ten bytes may claim 2^62. Stateless and thread-safe.
 */
public final class HandshakeCodec {

    private static final int PING = 0;
    private static final int PROTOCOL_VERSION = 1;
    private static final int PUB_KEY = 2;
    private static final int CLIENT_ID = 3;
    private static final int CHALLENGE = 4;
    private static final int CHALLENGE_RESPONSE = 5;

    /** Size of a variant number: each is small enough for a varint of one byte. */
    private static final int VARIANT_BYTES = 1;

    private HandshakeCodec() {}

    /** Encodes {@code packet} as a payload, without a length prefix. */
    public static byte[] encode(HandshakePacket packet) {
        return write(packet, 0).array();
    }

    /** Encodes {@code packet} as a whole frame, ready to be sent. */
    public static byte[] frame(HandshakePacket packet) {
        ByteBuffer frame = write(packet, Frame.PREFIX_BYTES);
        frame.putInt(0, frame.capacity() - Frame.PREFIX_BYTES);
        return frame.array();
    }

    /**
     * Decodes a frame's payload.
     *
     * @throws MalformedPacketException if the payload is no handshake packet
     */
    public static HandshakePacket decode(byte[] payload) throws MalformedPacketException {
        return read(ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN));
    }

    /**
     * Decodes a frame's payload, which lies between the buffer's position and limit. All of it is consumed, even if it is
     * no packet. The buffer's byte order does not matter and stays.
     *
     * @throws MalformedPacketException if the payload is no handshake packet
     */
    public static HandshakePacket decode(ByteBuffer payload) throws MalformedPacketException {
        ByteBuffer in = payload.slice().order(ByteOrder.LITTLE_ENDIAN);
        payload.position(payload.limit());
        return read(in);
    }

    private static HandshakePacket read(ByteBuffer in) throws MalformedPacketException {
        return switch (Varint.readU32(in, "packet type")) {
            case PING -> new Ping();
            case PROTOCOL_VERSION -> new ProtocolVersion(Varint.readU32(in, "ProtocolVersion"));
            case PUB_KEY -> new PubKey(readBytes(in, "PubKey"));
            case CLIENT_ID -> new ClientId(Varint.readU64(in, "ClientId"));
            case CHALLENGE -> new Challenge(readBytes(in, "Challenge"));
            case CHALLENGE_RESPONSE -> new ChallengeResponse(readBytes(in, "ChallengeResponse"));
            default -> throw new MalformedPacketException("unknown packet type (at byte 0)");
        };
    }

    private static byte[] readBytes(ByteBuffer in, String packet) throws MalformedPacketException {
        int start = in.position();
        long length = Varint.readU64(in, packet + " length");
        if (Long.compareUnsigned(length, in.remaining()) > 0) {
            throw new MalformedPacketException(
                    packet + " length is over the " + in.remaining() + " bytes left (at byte " + start + ")");
        }
        byte[] bytes = new byte[(int) length];
        in.get(bytes);
        return bytes;
    }

    private static ByteBuffer write(HandshakePacket packet, int headroom) {
        if (packet instanceof ProtocolVersion hello) {
            return number(headroom, PROTOCOL_VERSION, Integer.toUnsignedLong(hello.version()));
        }
        if (packet instanceof PubKey pubKey) {
            return bytes(headroom, PUB_KEY, pubKey.key());
        }
        if (packet instanceof ClientId clientId) {
            return number(headroom, CLIENT_ID, clientId.id());
        }
        if (packet instanceof Challenge challenge) {
            return bytes(headroom, CHALLENGE, challenge.box());
        }
        if (packet instanceof ChallengeResponse response) {
            return bytes(headroom, CHALLENGE_RESPONSE, response.box());
        }
        return start(headroom, PING, 0);
    }

    private static ByteBuffer number(int headroom, int variant, long value) {
        ByteBuffer out = start(headroom, variant, Varint.bytes(value));
        Varint.write(out, value);
        return out;
    }

    private static ByteBuffer bytes(int headroom, int variant, byte[] value) {
        ByteBuffer out = start(headroom, variant, Varint.bytes(value.length) + value.length);
        Varint.write(out, value.length);
        return out.put(value);
    }

    private static ByteBuffer start(int headroom, int variant, int fieldBytes) {
        ByteBuffer out =
                ByteBuffer.allocate(headroom + VARIANT_BYTES + fieldBytes).order(ByteOrder.LITTLE_ENDIAN);
        return out.position(headroom).put((byte) variant);
    }
}
