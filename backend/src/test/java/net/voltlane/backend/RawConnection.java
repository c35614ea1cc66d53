package net.voltlane.backend;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Tag;

/** A connection to a backend from an address of the loopback interface that the test chooses. */
final class RawConnection implements AutoCloseable {
    private static final int LIMIT_MILLIS = 10_000;

    private final Socket socket = new Socket();

    RawConnection(InetSocketAddress backend, String from) throws IOException {
        socket.bind(new InetSocketAddress(from, 0));
        socket.connect(backend, LIMIT_MILLIS);
        socket.setSoTimeout(LIMIT_MILLIS);
    }

    void data(long id) throws IOException {
        write(Tag.frame(id, Flag.DATA, new byte[0]));
    }

    void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** Waits for a byte and returns it; -1 at the end. */
    int read() throws IOException {
        return socket.getInputStream().read();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
