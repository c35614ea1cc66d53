package net.voltlane.protocol.link3;

import java.nio.ByteBuffer;
import java.util.Arrays;
import net.voltlane.protocol.FieldReader;
import net.voltlane.protocol.FieldWriter;
import net.voltlane.protocol.MalformedPacketException;
import org.jspecify.annotations.Nullable;

/**
 * Encodes the frames of a client link of version 3 as bytes, and decodes them. Which frames have their place at a moment is
 * the caller's to check. Stateless and thread-safe.
 */
public final class LinkCodec {

    private static final int TYPE_BYTES = 1;
    private static final int BEHIND_PROOF = TYPE_BYTES + LinkFrame.KEY_BYTES;

    private LinkCodec() {}

    /**
     * Encodes {@code frame} as a payload: type byte and body, without a length prefix.
     *
     * @throws IllegalArgumentException if a value does not fit its field
     */
    public static byte[] encode(LinkFrame frame) {
        return write(frame).payload();
    }

    /**
     * Encodes {@code frame} with its length prefix, ready to be sent.
     *
     * @throws IllegalArgumentException if a value does not fit its field
     */
    public static byte[] frame(LinkFrame frame) {
        return write(frame).frame();
    }

    /**
     * Decodes a frame's payload, which lies between the buffer's position and limit. All of it is consumed, even if it is
     * no frame. Bytes behind the known fields are ignored.
     *
     * @return null for an unknown type that has to be skipped, 40 to FF
     * @throws MalformedPacketException if the payload is too short, has another unknown type, or a value out of its range:
     *     a violation by the sender
     */
    public static @Nullable LinkFrame decode(ByteBuffer payload) throws MalformedPacketException {
        if (!payload.hasRemaining()) {
            throw new MalformedPacketException("frame without a type (at byte 0)");
        }
        int type = payload.get() & 0xFF;
        ByteBuffer body = payload.slice();
        payload.position(payload.limit());
        return switch (type) {
            case FrameType.DATA -> new Data(new FieldReader("Data", body).rest());
            case FrameType.ACK -> Ack.read(new FieldReader("Ack", body));
            case FrameType.PING -> new Ping(upTo16(new FieldReader("Ping", body)));
            case FrameType.PONG -> new Pong(upTo16(new FieldReader("Pong", body)));
            case FrameType.LEAVE -> new Leave();
            case FrameType.CLOSE -> Close.read(new FieldReader("Close", body));
            case FrameType.GO_AWAY -> GoAway.read(new FieldReader("GoAway", body));
            case FrameType.OPEN -> Open.read(new FieldReader("Open", body));
            case FrameType.OPENED -> Opened.read(new FieldReader("Opened", body));
            case FrameType.RESUME -> Resume.read(new FieldReader("Resume", body));
            case FrameType.CHALLENGE -> Challenge.read(new FieldReader("Challenge", body));
            case FrameType.ANSWER -> Answer.read(new FieldReader("Answer", body));
            case FrameType.RESUMED -> Resumed.read(new FieldReader("Resumed", body));
            default -> unknown(type);
        };
    }

    /** Decodes a whole payload; otherwise as {@link #decode(ByteBuffer)}. */
    public static @Nullable LinkFrame decode(byte[] payload) throws MalformedPacketException {
        return decode(ByteBuffer.wrap(payload));
    }

    /**
     * Returns all of a {@link Resumed} frame that follows its proof, for the side that writes the frame. The server's proof
     * covers these bytes.
     *
     * @throws IllegalArgumentException if a value does not fit its field
     */
    public static byte[] behindProof(long accepted, Parameters parameters) {
        FieldWriter out = new FieldWriter();
        Resumed.writeBehindProof(out, accepted, parameters);
        return out.payload();
    }

    /**
     * Returns all of a {@link Resumed} frame that follows its proof, for the side that has read the frame: also the bytes
     * behind the known fields, which the proof covers too.
     *
     * @param payload the frame's payload, type byte included
     * @throws MalformedPacketException if the payload is too short for a proof
     */
    public static byte[] behindProof(byte[] payload) throws MalformedPacketException {
        if (payload.length < BEHIND_PROOF) {
            throw new MalformedPacketException("Resumed of " + payload.length + " bytes");
        }
        return Arrays.copyOfRange(payload, BEHIND_PROOF, payload.length);
    }

    private static byte[] upTo16(FieldReader in) throws MalformedPacketException {
        if (in.remaining() > LinkFrame.MAX_PING_BYTES) {
            throw in.malformed(in.remaining() + " bytes, over " + LinkFrame.MAX_PING_BYTES);
        }
        return in.rest();
    }

    private static @Nullable LinkFrame unknown(int type) throws MalformedPacketException {
        if (FrameType.isSkippable(type)) {
            return null;
        }
        throw new MalformedPacketException("unknown frame type (at byte 0)");
    }

    private static FieldWriter write(LinkFrame frame) {
        FieldWriter out = new FieldWriter().u8(frame.type());
        frame.writeBody(out);
        return out;
    }
}
