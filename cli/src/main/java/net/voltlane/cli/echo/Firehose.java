package net.voltlane.cli.echo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.voltlane.protocol.FirehosePacket;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.MalformedPacketException;
import net.voltlane.protocol.Tag;

/**
 * One link with a connection server. It lives on one thread, but for {@link #send} and {@link #close}, which any may call.
 *
 * <p>A Data packet that goes back is, byte for byte, the one that came. So frames are not taken apart: a stretch of them
 * is written from the buffer that it was read into, which makes one write for each read, however many packets there are.
 */
final class Firehose implements Runnable {

    private static final int FIRST_BUFFER_BYTES = 256 * 1024;

    /** The longest frame that a server with the largest {@code listener.max_frame_size}, 1 GiB, can send. */
    private static final int MAX_FRAME_BYTES = Limits.masterFrameLimitBytes(1 << 30);

    private final Socket socket;
    private final FirehoseListener listener;
    private final InputStream in;
    private final OutputStream out;
    private byte[] buffer = new byte[FIRST_BUFFER_BYTES];
    private int filled;

    Firehose(Socket socket, FirehoseListener listener) throws IOException {
        this.socket = socket;
        this.listener = listener;
        socket.setTcpNoDelay(true);
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    @Override
    public void run() {
        SocketAddress peer = socket.getRemoteSocketAddress();
        listener.opened(peer);
        String reason;
        try {
            readUntilEnd();
            reason = "closed by the server";
        } catch (IOException e) {
            reason = String.valueOf(e.getMessage());
        } finally {
            close();
        }
        listener.closed(peer, reason);
    }

    boolean send(long id, byte[] data) {
        byte[] frame = Tag.frame(id, Flag.DATA, data);
        try {
            write(frame, 0, frame.length);
            return true;
        } catch (IOException e) {
            return false; // run() sees the same, and tells
        }
    }

    void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // nobody can do anything about it
        }
    }

    private void readUntilEnd() throws IOException {
        int count = in.read(buffer, filled, buffer.length - filled);
        while (count >= 0) {
            filled += count;
            drop(answerWholeFrames());
            if (filled == buffer.length) {
                // By what has come, never by what a prefix promises. In long arithmetic, as doubling 1 GiB overflows.
                buffer =
                        Arrays.copyOf(buffer, (int) Math.min(2L * buffer.length, Frame.PREFIX_BYTES + MAX_FRAME_BYTES));
            }
            count = in.read(buffer, filled, buffer.length - filled);
        }
    }

    /** Answers what is there whole, and returns how many bytes that was. */
    private int answerWholeFrames() throws IOException {
        int at = 0;
        int echoFrom = 0; // all from here up to `at` are Data frames that were not written yet
        while (filled - at >= Frame.PREFIX_BYTES) {
            int length = Frame.length(buffer, at);
            if (length < 0 || length > MAX_FRAME_BYTES) {
                write(buffer, echoFrom, at - echoFrom);
                throw new IOException("a frame of " + Integer.toUnsignedString(length) + " bytes: cut off");
            }
            if (filled - at - Frame.PREFIX_BYTES < length) {
                break;
            }
            int end = at + Frame.PREFIX_BYTES + length;
            if (!isData(at, length)) {
                write(buffer, echoFrom, at - echoFrom);
                tell(Arrays.copyOfRange(buffer, at + Frame.PREFIX_BYTES, end));
                echoFrom = end;
            }
            at = end;
        }
        write(buffer, echoFrom, at - echoFrom);
        return at;
    }

    private boolean isData(int frame, int length) {
        return length >= Tag.BYTES && buffer[frame + Tag.FLAG_OFFSET_IN_FRAME] == Flag.DATA.code();
    }

    private void tell(byte[] payload) {
        try {
            FirehosePacket packet = FirehosePacket.decode(payload);
            switch (packet.flag()) {
                case FAILURE -> listener.ended(packet.id(), new String(packet.data(), StandardCharsets.UTF_8));
                case RECONNECTION -> listener.resumed(packet.id());
                default -> {
                    // a server sends no kicks, and Data was dealt with
                }
            }
        } catch (MalformedPacketException e) {
            // One bad packet must not cost the others their link: it is left out.
        }
    }

    private void drop(int count) {
        System.arraycopy(buffer, count, buffer, 0, filled - count);
        filled -= count;
    }

    private void write(byte[] bytes, int offset, int count) throws IOException {
        if (count > 0) {
            synchronized (out) {
                out.write(bytes, offset, count);
            }
        }
    }
}
