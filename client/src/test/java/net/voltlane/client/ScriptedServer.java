package net.voltlane.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import net.voltlane.proof.KeyPair;

/**
 * A server that runs a script on each link, one script after the other. The last script is used for all further links.
 * When a script returns, its link is closed. An exception of a script fails the test in {@link #close()}.
 */
final class ScriptedServer implements AutoCloseable {

    /** The server's behaviour on one link. */
    @FunctionalInterface
    interface Script {
        void run(Peer peer) throws Exception;
    }

    static final SecureRandom RANDOM = new SecureRandom();

    volatile KeyPair keys = KeyPair.generate(RANDOM);

    private volatile List<Script> scripts;
    private final ServerSocket listener;
    private final Thread acceptor;
    private final AtomicInteger links = new AtomicInteger();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();

    private ScriptedServer(InetAddress host, int port, Script... scripts) throws IOException {
        this.scripts = List.of(scripts);
        listener = new ServerSocket(port, 50, host);
        acceptor = new Thread(this::acceptAll, "scripted-server");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    static ScriptedServer of(Script... scripts) {
        try {
            return at(InetAddress.getByName("127.0.0.1"), 0, scripts);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ScriptedServer at(InetAddress host, int port, Script... scripts) throws IOException {
        return new ScriptedServer(host, port, scripts);
    }

    /** Makes the server use these keys and these scripts from now on. */
    void script(KeyPair asWhom, Script... instead) {
        keys = asWhom;
        scripts = List.of(instead);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Returns a builder for a client of version 2. */
    ClientBuilder client() {
        return VoltlaneClient.builder("127.0.0.1", listener.getLocalPort()).protocol(Protocol.V2);
    }

    /** Returns the number of links accepted so far. */
    int links() {
        return links.get();
    }

    private void acceptAll() {
        try {
            while (true) {
                Socket socket = listener.accept();
                Script script = scripts.get(Math.min(links.getAndIncrement(), scripts.size() - 1));
                Thread thread = new Thread(() -> run(script, socket), "scripted-server-link");
                thread.setDaemon(true);
                sockets.add(socket);
                threads.add(thread);
                thread.start();
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void run(Script script, Socket socket) {
        try (socket) {
            script.run(new Peer(keys, socket));
        } catch (Peer.ClientLeft e) {
            // A client may leave. The test checks the client's side.
        } catch (Exception | AssertionError e) {
            if (!(e instanceof IOException) || !listener.isClosed()) {
                failures.add(e);
            }
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        join(acceptor);
        for (Socket socket : sockets) {
            socket.close();
        }
        threads.forEach(ScriptedServer::join);
        if (!failures.isEmpty()) {
            throw new AssertionError("a script failed: " + failures.get(0), failures.get(0));
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
