package net.voltlane.server.edge;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import net.voltlane.fuzz.Frames;
import net.voltlane.proof.InvalidKeyException;
import net.voltlane.proof.PublicKeys;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.HandshakeCodec;
import net.voltlane.protocol.HandshakePacket;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.MalformedPacketException;
import net.voltlane.protocol.Ping;
import net.voltlane.protocol.ProtocolVersion;
import net.voltlane.protocol.PubKey;
import net.voltlane.protocol.Reason;
import org.jspecify.annotations.Nullable;

/**
 * The expected outcome of a client's bytes, computed the slow way once all of them are there, by sections 1, 2 and 6 of
 * PROTOCOL.md.
 *
 * @param joined how the connection came to its session; null: it has none
 * @param data what the master gets to hear
 * @param events what else it hears, flag and text
 */
record ClientOracle(@Nullable Joined joined, List<byte[]> data, List<String> events) {

    /** The stage that a connection has reached before the bytes come. */
    enum Progress {
        NOWHERE,
        /** Another's session was claimed, and its challenge has come. */
        CLAIMED,
        /** The challenge of their own session was answered. */
        PROVED,
        /** In a new session. */
        LIVE
    }

    enum Joined {
        BEFORE,
        BY_A_NEW_KEY,
        BY_A_PROOF
    }

    static ClientOracle of(Progress progress, byte[] bytes, int maxFrameBytes) {
        return switch (progress) {
            case NOWHERE -> {
                HandshakePacket first = packet(bytes);
                byte[] rest = behindFrame(bytes);
                boolean greets = first instanceof ProtocolVersion hello && hello.version() == 2;
                boolean opens = greets && packet(rest) instanceof PubKey key && isValid(key.key());
                yield opens ? inSession(Joined.BY_A_NEW_KEY, behindFrame(rest), maxFrameBytes) : refused();
            }
            case CLAIMED -> refused(); // no answer is right: they don't have the key
            case PROVED ->
                packet(bytes) instanceof Ping
                        ? inSession(Joined.BY_A_PROOF, behindFrame(bytes), maxFrameBytes)
                        : refused();
            case LIVE -> inSession(Joined.BEFORE, bytes, maxFrameBytes);
        };
    }

    private static ClientOracle refused() {
        return new ClientOracle(null, List.of(), List.of());
    }

    private static ClientOracle inSession(Joined how, byte[] bytes, int maxFrameBytes) {
        Frames frames = Frames.of(bytes, maxFrameBytes);
        boolean heardOf = how == Joined.BY_A_PROOF || !frames.payloads().isEmpty();
        Stream<String> resumed = how == Joined.BY_A_PROOF ? Stream.of(Flag.RECONNECTION + " ") : Stream.of();
        Stream<String> failed = frames.isOverLimit() && heardOf
                ? Stream.of(Flag.FAILURE + " " + Reason.FRAME_TOO_LARGE.text())
                : Stream.of();
        return new ClientOracle(
                how, frames.payloads(), Stream.concat(resumed, failed).toList());
    }

    /** The handshake packet that the bytes begin with, if they do. */
    private static @Nullable HandshakePacket packet(byte[] bytes) {
        List<byte[]> frames = Frames.of(bytes, Limits.MAX_HANDSHAKE_FRAME_BYTES).payloads();
        try {
            return frames.isEmpty() ? null : HandshakeCodec.decode(frames.get(0));
        } catch (MalformedPacketException e) {
            return null;
        }
    }

    /** Returns the bytes after the first frame; an empty array if that frame is not whole. */
    private static byte[] behindFrame(byte[] bytes) {
        List<byte[]> frames = Frames.of(bytes, Limits.MAX_HANDSHAKE_FRAME_BYTES).payloads();
        return frames.isEmpty()
                ? new byte[0]
                : Arrays.copyOfRange(bytes, Frames.PREFIX_BYTES + frames.get(0).length, bytes.length);
    }

    private static boolean isValid(byte[] key) {
        try {
            PublicKeys.validate(key);
            return true;
        } catch (InvalidKeyException e) {
            return false;
        }
    }
}
