package net.voltlane.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import net.voltlane.testkit.Bytes;

/**
 * The oracle for streams: what a stream of bytes says, read the slow way once all of it is there.
 *
 * @param payloads of the whole frames before the first that is over the limit
 * @param isOverLimit whether there is such a one
 */
public record Frames(List<byte[]> payloads, boolean isOverLimit) {
    public static final int PREFIX_BYTES = 4;

    public static Frames of(List<byte[]> pieces, int maxFrameBytes) {
        return of(Bytes.concat(pieces.toArray(byte[][]::new)), maxFrameBytes);
    }

    public static Frames of(byte[] stream, int maxFrameBytes) {
        ByteBuffer in = ByteBuffer.wrap(stream).order(ByteOrder.LITTLE_ENDIAN);
        List<byte[]> payloads = new ArrayList<>();
        while (in.remaining() >= PREFIX_BYTES) {
            long length = Integer.toUnsignedLong(in.getInt());
            if (length > maxFrameBytes) {
                return new Frames(payloads, true);
            }
            if (in.remaining() < length) {
                break;
            }
            byte[] payload = new byte[(int) length];
            in.get(payload);
            payloads.add(payload);
        }
        return new Frames(payloads, false);
    }
}
