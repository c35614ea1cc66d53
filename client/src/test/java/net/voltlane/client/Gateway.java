package net.voltlane.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import net.voltlane.testkit.certificates.TestAuthority;
import net.voltlane.testkit.certificates.TestCertificate;

/**
 * A gateway in front of a server of plain TCP: it ends TLS and WebSockets, strictly, and passes their content on. Each
 * link has two threads. It also pings, and splits messages, to try what a client has to bear.
 */
final class Gateway implements AutoCloseable {

    static final TestAuthority AUTHORITY = TestAuthority.create("authority of the gateway");

    private static final Pattern KEY = Pattern.compile("(?i)Sec-WebSocket-Key: *(\\S+)");
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private final ServerSocket listener;
    private final int target;
    private final boolean isWebSocket;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();

    /** The most bytes of a piece of a message; 0: messages go out whole. */
    volatile int pieceBytes;

    /** The number of pings that were answered right. */
    final AtomicInteger pongs = new AtomicInteger();

    private Gateway(ServerSocket listener, boolean isWebSocket, int target) {
        this.listener = listener;
        this.isWebSocket = isWebSocket;
        this.target = target;
        start(this::accept);
    }

    /** Starts a gateway for this transport on a port of its own. */
    static Gateway to(int target, Scheme scheme) throws IOException {
        TestCertificate certificate = AUTHORITY.server("localhost", "127.0.0.1");
        return to(target, scheme, context(certificate));
    }

    static Gateway to(int target, Scheme scheme, SSLContext context) throws IOException {
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        ServerSocket listener = scheme.isSecure()
                ? context.getServerSocketFactory().createServerSocket(0, 50, loopback)
                : new ServerSocket(0, 50, loopback);
        return new Gateway(listener, scheme.isWebSocket(), target);
    }

    static SSLContext context(TestCertificate certificate) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(certificate.keyManagers(), AUTHORITY.trustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns settings that trust this gateway. */
    static ClientTls trust() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, AUTHORITY.trustManagers(), null);
            return ClientTls.of(context);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    SSLServerSocket listener() {
        return (SSLServerSocket) listener;
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                sockets.add(socket);
                start(() -> serve(socket));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket socket) {
        try (socket;
                Socket behind = new Socket("127.0.0.1", target)) {
            sockets.add(behind);
            behind.setTcpNoDelay(true);
            socket.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            if (isWebSocket) {
                upgrade(in, socket.getOutputStream());
            }
            Thread down = start(() -> down(socket, behind));
            if (isWebSocket) {
                fromWebSocket(in, behind.getOutputStream());
            } else {
                in.transferTo(behind.getOutputStream());
            }
            behind.shutdownOutput();
            down.join();
        } catch (IOException | InterruptedException e) {
            // one of the ends has left
        } catch (AssertionError e) {
            failures.add(e);
        }
    }

    private void down(Socket socket, Socket behind) {
        try (socket;
                behind) {
            OutputStream out = socket.getOutputStream();
            if (isWebSocket) {
                toWebSocket(new DataInputStream(new BufferedInputStream(behind.getInputStream())), out);
            } else {
                behind.getInputStream().transferTo(out);
                if (socket instanceof SSLSocket) {
                    socket.shutdownOutput(); // close_notify
                }
            }
        } catch (IOException e) {
            reset(socket); // so a server's reset goes on
        }
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // closed
        }
    }

    // ---- WebSocket

    static void upgrade(DataInputStream in, OutputStream out) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readUnsignedByte());
        }
        Matcher key = KEY.matcher(head);
        if (!key.find() || !head.toString().startsWith("GET /path?x=1 HTTP/1.1\r\n")) {
            throw new AssertionError("not the request of a WebSocket: " + head);
        }
        try {
            byte[] accept = MessageDigest.getInstance("SHA-1").digest((key.group(1) + GUID).getBytes(US_ASCII));
            out.write(("HTTP/1.1 101 Switching Protocols\r\nconnection: keep-alive, Upgrade\r\nUPGRADE: WebSocket\r\n"
                            + "Sec-WebSocket-Accept: " + Base64.getEncoder().encodeToString(accept) + "\r\n\r\n")
                    .getBytes(US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private void fromWebSocket(DataInputStream in, OutputStream behind) throws IOException {
        while (true) {
            int first = in.readUnsignedByte();
            int second = in.readUnsignedByte();
            check((second & 0x80) != 0, "a frame without a mask");
            long length = second & 0x7F;
            if (length == 126) {
                length = in.readUnsignedShort();
                check(length > 125, "a length in too many bytes");
            } else if (length == 127) {
                length = in.readLong();
                check(length > 0xFFFF, "a length in too many bytes");
            }
            byte[] mask = in.readNBytes(4);
            byte[] payload = in.readNBytes((int) length);
            if (payload.length < length) {
                throw new EOFException();
            }
            for (int i = 0; i < payload.length; i++) {
                payload[i] ^= mask[i % 4];
            }
            switch (first) {
                case 0x82 -> behind.write(prefixed(payload));
                case 0x8A -> {
                    check(new String(payload, US_ASCII).equals("ping"), "an answer to no ping");
                    pongs.incrementAndGet();
                }
                case 0x88 -> {
                    check(payload.length >= 2, "a Close without a code");
                    return;
                }
                default -> throw new AssertionError("a frame of kind " + first);
            }
        }
    }

    private void toWebSocket(DataInputStream behind, OutputStream out) throws IOException {
        while (true) {
            byte[] prefix = behind.readNBytes(4);
            if (prefix.length < 4) {
                synchronized (out) {
                    out.write(new byte[] {(byte) 0x88, 2, 3, (byte) 0xE8});
                }
                return;
            }
            int length =
                    (prefix[0] & 0xFF) | (prefix[1] & 0xFF) << 8 | (prefix[2] & 0xFF) << 16 | (prefix[3] & 0xFF) << 24;
            byte[] payload = behind.readNBytes(length);
            out.write(message(payload, pieceBytes));
        }
    }

    /** Returns a message as frames; in pieces, with a ping between each two, if {@code pieceBytes} is not 0. */
    static byte[] message(byte[] payload, int pieceBytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int at = 0;
        do {
            int count = pieceBytes == 0 ? payload.length : Math.min(pieceBytes, payload.length - at);
            boolean last = at + count == payload.length;
            out.writeBytes(frame((last ? 0x80 : 0) | (at == 0 ? 2 : 0), payload, at, count));
            at += count;
            if (!last) {
                out.writeBytes(frame(0x89, "ping".getBytes(US_ASCII), 0, 4));
            }
        } while (at < payload.length);
        return out.toByteArray();
    }

    static byte[] frame(int first, byte[] payload, int at, int length) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(first);
        if (length < 126) {
            out.write(length);
        } else if (length <= 0xFFFF) {
            out.write(126);
            out.write(length >>> 8);
            out.write(length);
        } else {
            out.write(127);
            for (int shift = 56; shift >= 0; shift -= 8) {
                out.write((int) ((long) length >>> shift));
            }
        }
        out.write(payload, at, length);
        return out.toByteArray();
    }

    private static byte[] prefixed(byte[] payload) {
        return net.voltlane.protocol.Frame.of(payload);
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError("the client sent " + otherwise);
        }
    }

    private static Thread start(Runnable body) {
        Thread thread = new Thread(body, "gateway");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
        if (!failures.isEmpty()) {
            throw new AssertionError(failures.get(0));
        }
    }
}
