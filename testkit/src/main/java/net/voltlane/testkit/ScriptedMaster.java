package net.voltlane.testkit;

import static java.nio.channels.SelectionKey.OP_READ;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.voltlane.protocol.FirehosePacket;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Reason;
import org.jspecify.annotations.Nullable;

/**
 * A backend whose every step a test scripts. It listens, and accepts a firehose each time the server dials. One thread
 * reads all links into their {@link Firehose}s, unless told to {@linkplain #pauseReading() pause}. The methods that
 * send and receive use the newest link.
 *
 * <p>Any thread may call it. Every call that waits has a limit ({@link #timeout(Duration)}, 5 s unless told otherwise)
 * and ends with an {@link AssertionError} that says what was awaited.
 */
public final class ScriptedMaster implements AutoCloseable {
    /** More than any limit in a test; keeps rubbish from being taken for a length. */
    static final int MAX_FRAME_BYTES = 64 << 20;

    private final InetSocketAddress address;
    private final int receiveBufferBytes;
    private final Selector selector;
    private final Thread thread;

    private final Object state = new Object();
    private final List<Firehose> links = new ArrayList<>();
    private @Nullable AcceptingSocket listener;
    private int accepted;
    private boolean paused;
    private boolean parked;
    private boolean closed;
    private long rounds;
    private @Nullable Throwable fault;

    private volatile Duration timeout = Duration.ofSeconds(5);
    private volatile boolean echoing;

    private ScriptedMaster(InetSocketAddress address, int receiveBufferBytes) {
        this.address = address;
        this.receiveBufferBytes = receiveBufferBytes;
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread = new Thread(this::run, "scripted-master");
        thread.setDaemon(true);
    }

    /** Listens on a free port. */
    public static ScriptedMaster listen() {
        return listen(Ports.free(), 0);
    }

    /**
     * Listens on {@code port}; its links have receive buffers of about {@code receiveBufferBytes} (0: the kernel's
     * choice). With small ones the server soon feels that this master does not read.
     */
    public static ScriptedMaster listen(int port, int receiveBufferBytes) {
        ScriptedMaster master = new ScriptedMaster(Ports.loopback(port), receiveBufferBytes);
        master.listenAgain();
        master.thread.start();
        return master;
    }

    /** Returns the address on which this master listens, also while it is stopped. */
    public InetSocketAddress address() {
        return address;
    }

    /** Sets how long every further call waits at most. */
    public ScriptedMaster timeout(Duration limit) {
        timeout = limit;
        return this;
    }

    Duration timeout() {
        return timeout;
    }

    // ---- links

    /** The next link in order of acceptance that this method has not given out yet; waits for it. */
    public Firehose accept() {
        synchronized (state) {
            Firehose link = await(accepted, timeout);
            accepted++;
            return link;
        }
    }

    /** The newest link; waits for the first. */
    public Firehose firehose() {
        synchronized (state) {
            await(Math.max(0, links.size() - 1), timeout);
            return links.get(links.size() - 1);
        }
    }

    /** Returns the number of links that the server has opened so far. */
    public int links() {
        synchronized (state) {
            return links.size();
        }
    }

    private Firehose await(int index, Duration limit) {
        Deadline deadline = Deadline.in(limit);
        try {
            while (links.size() <= index) {
                checkThread();
                long millis = deadline.remainingMillis();
                if (millis == 0) {
                    throw new AssertionError("master: waited " + deadline + " for link number " + (index + 1)
                            + " of the connection server");
                }
                state.wait(millis);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
        return links.get(index);
    }

    /** Closes the listening socket: the server's next dials are refused. Links stay as they are. */
    public void stopListening() {
        AcceptingSocket socket;
        synchronized (state) {
            socket = listener;
            listener = null;
        }
        if (socket != null) {
            socket.close();
        }
    }

    /** Listens on the same port again. */
    public void listenAgain() {
        AcceptingSocket socket = AcceptingSocket.listen(address, receiveBufferBytes, this::accepted);
        synchronized (state) {
            listener = socket;
        }
        socket.start();
    }

    private void accepted(SocketChannel channel) throws IOException {
        Firehose link = new Firehose(this, channel);
        channel.register(selector, OP_READ, link);
        selector.wakeup();
        synchronized (state) {
            links.add(link);
            state.notifyAll();
        }
    }

    // ---- modes

    /** From now on every Data packet goes back as it came and is not kept; others are kept as before. */
    public void echo(boolean on) {
        echoing = on;
    }

    boolean isEchoing() {
        return echoing;
    }

    /** Stops reading: when this returns, no byte is taken from any link until {@link #resumeReading()}. */
    public void pauseReading() {
        synchronized (state) {
            paused = true;
            selector.wakeup();
            Deadline deadline = Deadline.in(timeout);
            try {
                while (!parked && thread.isAlive()) {
                    long millis = deadline.remainingMillis();
                    if (millis == 0) {
                        throw new AssertionError("master: its thread did not pause within " + deadline);
                    }
                    state.wait(millis);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
        }
    }

    /** Reads again. */
    public void resumeReading() {
        synchronized (state) {
            paused = false;
            state.notifyAll();
        }
    }

    // ---- the newest link's methods, for short

    /** See {@link Firehose#next()}. */
    public FirehosePacket next() {
        return firehose().next();
    }

    /** See {@link Firehose#nextFor(long)}. */
    public FirehosePacket nextFor(long id) {
        return firehose().nextFor(id);
    }

    /** See {@link Firehose#dataOf(long)}. */
    public byte[] dataOf(long id) {
        return firehose().dataOf(id);
    }

    /** See {@link Firehose#expectFailure(long, Reason)}. */
    public void expectFailure(long id, Reason reason) {
        firehose().expectFailure(id, reason);
    }

    /** See {@link Firehose#expectReconnection(long)}. */
    public void expectReconnection(long id) {
        firehose().expectReconnection(id);
    }

    /** See {@link Firehose#expectSilenceOf(long, Duration)}. */
    public void expectSilenceOf(long id, Duration howLong) {
        firehose().expectSilenceOf(id, howLong);
    }

    /** See {@link Firehose#send(long, byte[])}. */
    public void send(long id, byte[] data) {
        firehose().send(id, data);
    }

    /** See {@link Firehose#send(long, Flag, byte[])}. */
    public void send(long id, Flag flag, byte[] data) {
        firehose().send(id, flag, data);
    }

    /** See {@link Firehose#kick(long)}. */
    public void kick(long id) {
        firehose().kick(id);
    }

    /** See {@link Firehose#write(byte[]...)}. */
    public void write(byte[]... parts) {
        firehose().write(parts);
    }

    /** Stops listening, ends every link with a FIN and the thread with them. Closing twice is harmless. */
    @Override
    public void close() {
        synchronized (state) {
            closed = true;
            state.notifyAll();
        }
        selector.wakeup();
        stopListening();
        AcceptingSocket.join(thread);
        synchronized (state) {
            links.forEach(Firehose::close);
        }
        try {
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---- the thread

    private void run() {
        try {
            while (mayGoOn()) {
                selector.select(500);
                if (!mayGoOn()) {
                    return;
                }
                for (SelectionKey key : selector.selectedKeys()) {
                    read(key);
                }
                selector.selectedKeys().clear();
            }
        } catch (ClosedSelectorException e) {
            // closed
        } catch (IOException | InterruptedException | RuntimeException | AssertionError e) {
            synchronized (state) {
                fault = e;
                links.forEach(link -> link.ended("the scripted master's thread died: " + e));
                state.notifyAll();
            }
        }
    }

    /** Parks while paused; false once closed. */
    private boolean mayGoOn() throws InterruptedException {
        synchronized (state) {
            while (paused && !closed) {
                parked = true;
                state.notifyAll();
                state.wait();
            }
            parked = false;
            rounds++;
            state.notifyAll();
            return !closed;
        }
    }

    private void read(SelectionKey key) {
        try {
            if (key.isReadable()) {
                ((Firehose) key.attachment()).onReadable();
            }
        } catch (CancelledKeyException e) {
            // closed by a test since the select
        }
    }

    /** Returns when the selector has dropped the channels that were closed: until then they keep their sockets. */
    void dropClosed() {
        if (Thread.currentThread() == thread) {
            return;
        }
        // Twice: the first round may have been under way, past the point where it drops.
        nextRound();
        nextRound();
    }

    private void nextRound() {
        Deadline deadline = Deadline.in(Duration.ofSeconds(5));
        synchronized (state) {
            long now = rounds;
            selector.wakeup();
            try {
                while (rounds == now && thread.isAlive()) {
                    if (parked) {
                        selector.selectNow();
                        return;
                    }
                    if (deadline.isOver()) {
                        throw new AssertionError("master: its thread hangs");
                    }
                    state.wait(Math.max(1, deadline.remainingMillis()));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (ClosedSelectorException e) {
                // the whole master was closed
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
        }
    }

    private void checkThread() {
        if (fault != null) {
            throw new AssertionError("master: its thread died: " + fault.getMessage(), fault);
        }
    }
}
