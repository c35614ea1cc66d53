package net.voltlane.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import net.voltlane.testkit.Ports;
import net.voltlane.testkit.certificates.TestAuthority;
import net.voltlane.testkit.certificates.TestCertificate;

/**
 * TLS in front of a master that knows only plain TCP. It wants a certificate of each server that dials, tells which one
 * it was shown, and may change its own. Thread-safe.
 */
final class TlsFront implements AutoCloseable {
    private static final int BUFFER_BYTES = 16 * 1024;
    private static final int LIMIT_SECS = 10;

    private final ServerSocket listener;
    private final InetSocketAddress master;
    private final TestAuthority servers;
    private final BlockingQueue<List<X509Certificate>> shown = new LinkedBlockingQueue<>();
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
    private volatile SSLContext context;

    /** @param servers the authority of the servers that may dial */
    TlsFront(InetSocketAddress master, TestAuthority servers, TestCertificate own) throws IOException {
        this.master = master;
        this.servers = servers;
        context = context(servers, own);
        listener = new ServerSocket();
        listener.bind(Ports.loopback(0));
        start(this::accept);
    }

    private static SSLContext context(TestAuthority servers, TestCertificate own) {
        try {
            SSLContext made = SSLContext.getInstance("TLS");
            made.init(own.keyManagers(), servers.trustManagers(), null);
            return made;
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Shows another certificate from the next link on. */
    void shows(TestCertificate next) {
        context = context(servers, next);
    }

    /** The chain that the server has shown on the next link; waits for it. */
    List<X509Certificate> next() throws InterruptedException {
        List<X509Certificate> chain = shown.poll(LIMIT_SECS, TimeUnit.SECONDS);
        if (chain == null) {
            throw new AssertionError("no server has dialled with TLS within " + LIMIT_SECS + " s");
        }
        return chain;
    }

    private void accept() throws IOException {
        while (true) {
            Socket plain = listener.accept();
            SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(plain, null, true);
            tls.setUseClientMode(false);
            tls.setNeedClientAuth(true);
            open.add(tls);
            start(() -> serve(tls));
        }
    }

    private void serve(SSLSocket tls) throws IOException {
        try {
            tls.startHandshake();
            shown.add(Stream.of(tls.getSession().getPeerCertificates())
                    .map(X509Certificate.class::cast)
                    .toList());
            Socket far = new Socket(master.getAddress(), master.getPort());
            open.add(far);
            start(() -> pump(far, tls));
            pump(tls, far);
        } finally {
            tls.close();
        }
    }

    private static void pump(Socket from, Socket to) throws IOException {
        byte[] bytes = new byte[BUFFER_BYTES];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                out.write(bytes, 0, read);
            }
        } finally {
            from.close();
            to.close();
        }
    }

    private interface Task {
        void run() throws IOException;
    }

    private static void start(Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException ended) {
                        // closed
                    }
                },
                "tls-front");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
