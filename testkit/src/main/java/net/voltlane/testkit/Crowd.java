package net.voltlane.testkit;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import net.voltlane.proof.KeyPair;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.HandshakeCodec;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.ProtocolVersion;
import net.voltlane.protocol.PubKey;

/**
 * Thousands of sessions, opened fast: all with one key, which costs no client a computation, from a few addresses of this
 * machine. Each has had one packet echoed by the master. Used by one thread.
 */
public final class Crowd implements AutoCloseable {
    private static final int AT_ONCE = 64;
    private static final int ADDRESSES = 200;
    private static final int LIMIT_MILLIS = 30_000;
    private static final int MAX_PACKET_BYTES = 100;
    /** The server's key, the session's id, the echo. */
    private static final int ANSWERS = 3;

    private final InetSocketAddress server;
    private final byte[] hello = Bytes.concat(
            HandshakeCodec.frame(new ProtocolVersion(Limits.PROTOCOL_VERSION)),
            HandshakeCodec.frame(new PubKey(KeyPair.generate(new SecureRandom()).publicKey())));
    private final List<Socket> live = new ArrayList<>();
    private int opened;

    private Crowd(InetSocketAddress server) {
        this.server = server;
    }

    /**
     * Opens sessions on a server whose master echoes.
     *
     * @param live the number of sessions whose clients stay connected until {@link #close()}
     * @param stale the number of sessions whose clients have gone; the server may still be about to notice the last of
     *     them
     */
    public static Crowd open(InetSocketAddress server, int live, int stale) {
        Crowd crowd = new Crowd(server);
        try {
            crowd.add(stale, false);
            crowd.add(live, true);
            return crowd;
        } catch (IOException e) {
            crowd.close();
            throw new UncheckedIOException("after " + crowd.opened + " sessions: " + e.getMessage(), e);
        }
    }

    /** Returns the number of clients that are connected. */
    public int live() {
        return live.size();
    }

    private void add(int count, boolean stay) throws IOException {
        Deque<Socket> underWay = new ArrayDeque<>();
        for (int i = 0; i < count; i++) {
            underWay.add(begin());
            if (underWay.size() == AT_ONCE) {
                answered(underWay.remove(), stay);
            }
        }
        while (!underWay.isEmpty()) {
            answered(underWay.remove(), stay);
        }
    }

    private Socket begin() throws IOException {
        int number = opened++;
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(
                InetAddress.getByAddress(new byte[] {127, 0, 1, (byte) (1 + number % ADDRESSES)}), 0));
        socket.connect(server, LIMIT_MILLIS);
        socket.setSoTimeout(LIMIT_MILLIS);
        socket.setTcpNoDelay(true);
        socket.getOutputStream().write(Bytes.concat(hello, Frame.of(new byte[number % MAX_PACKET_BYTES])));
        return socket;
    }

    private void answered(Socket socket, boolean stay) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        for (int i = 0; i < ANSWERS; i++) {
            in.readFully(new byte[Integer.reverseBytes(in.readInt())]);
        }
        if (stay) {
            live.add(socket);
        } else {
            socket.close();
        }
    }

    @Override
    public void close() {
        for (Socket socket : live) {
            try {
                socket.close();
            } catch (IOException e) {
                // closing is all that can be done
            }
        }
        live.clear();
    }
}
