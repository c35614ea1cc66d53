package net.voltlane.cli.echo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Takes firehoses and echoes what clients send. Several connection servers may be connected at once, each served by a
 * thread of its own. Safe for use by any thread.
 */
public final class EchoBackend implements AutoCloseable {

    private static final int BACKLOG = 128;

    private final ServerSocket socket;
    private final FirehoseListener listener;
    private final Set<Firehose> firehoses = ConcurrentHashMap.newKeySet();
    private final AtomicLong firehosesSoFar = new AtomicLong();
    private volatile @Nullable Firehose newest;

    private EchoBackend(ServerSocket socket, FirehoseListener listener) {
        this.socket = socket;
        this.listener = listener;
    }

    /**
     * Listens from now on.
     *
     * @param address where; port 0 takes any free one
     * @throws IOException if it can't listen there
     */
    public static EchoBackend listen(InetSocketAddress address, FirehoseListener listener) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.setReuseAddress(true);
            socket.bind(address, BACKLOG);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        EchoBackend backend = new EchoBackend(socket, listener);
        backend.startThread("echo-accept", backend::accept);
        return backend;
    }

    /** Where it listens, with the port that it really has. */
    public InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    /**
     * Sends data to a client of its own accord, on the firehose that came last. Blocks while that one does not take it.
     *
     * @param id the client's session
     * @return false if there is no firehose, or it broke
     */
    public boolean send(long id, byte[] data) {
        Firehose firehose = newest;
        return firehose != null && firehose.send(id, data);
    }

    /** Stops listening and cuts every firehose. */
    @Override
    public void close() {
        closeQuietly(socket);
        firehoses.forEach(Firehose::close);
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                // Closed by its firehose, whose thread outlives this method.
                @SuppressWarnings("resource")
                Socket accepted = socket.accept();
                serve(new Firehose(accepted, listener));
            } catch (IOException e) {
                // Either the backend was closed, or a peer left before it was accepted; the loop's condition tells.
            }
        }
    }

    private void serve(Firehose firehose) {
        firehoses.add(firehose);
        newest = firehose;
        startThread("echo-firehose-" + firehosesSoFar.incrementAndGet(), () -> {
            try {
                firehose.run();
            } finally {
                firehoses.remove(firehose);
            }
        });
        if (socket.isClosed()) {
            firehose.close(); // close() may have looked through the set just before this one was in it
        }
    }

    private void startThread(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void closeQuietly(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // nobody can do anything about it
        }
    }
}
