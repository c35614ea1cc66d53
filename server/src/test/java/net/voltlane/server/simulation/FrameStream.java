package net.voltlane.server.simulation;

import java.util.Arrays;
import java.util.function.Consumer;
import net.voltlane.protocol.Frame;
import net.voltlane.testkit.Bytes;

/** Cuts a stream of bytes into frames, whatever parts it comes in. */
final class FrameStream {
    private final int maxFrameBytes;
    private final Consumer<byte[]> sink;
    private byte[] rest = new byte[0];
    private boolean broken;

    /** @param sink gets the payload of each whole frame */
    FrameStream(int maxFrameBytes, Consumer<byte[]> sink) {
        this.maxFrameBytes = maxFrameBytes;
        this.sink = sink;
    }

    void feed(byte[] bytes) {
        rest = Bytes.concat(rest, bytes);
        int index = 0;
        while (!broken && rest.length - index >= Frame.PREFIX_BYTES) {
            int length = Frame.length(rest, index);
            if (length < 0 || length > maxFrameBytes) {
                broken = true; // where the next one begins can't be known
                break;
            }
            int end = index + Frame.PREFIX_BYTES + length;
            if (end > rest.length) {
                break;
            }
            byte[] payload = Arrays.copyOfRange(rest, index + Frame.PREFIX_BYTES, end);
            index = end;
            sink.accept(payload);
        }
        rest = Arrays.copyOfRange(rest, index, rest.length);
    }
}
