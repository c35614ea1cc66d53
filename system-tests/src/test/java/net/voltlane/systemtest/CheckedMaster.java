package net.voltlane.systemtest;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import net.voltlane.protocol.FirehosePacket;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.MalformedPacketException;
import net.voltlane.protocol.Reason;
import net.voltlane.protocol.Tag;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.Ports;
import org.jspecify.annotations.Nullable;

/**
 * A master that answers each letter with one of its own and checks all that it hears by {@link SessionCheck}. One
 * thread accepts a firehose, serves it to its end, and accepts the next. Any thread may call it.
 */
final class CheckedMaster implements AutoCloseable {
    /** Number of ended sessions that are remembered, so that a second end of the same session is noticed. */
    private static final int REMEMBERED_ENDS = 20_000;

    private static final int MAX_FRAME_BYTES = 64 << 20;
    private static final int FLOOD_PACKETS = 400;
    private static final byte[] FLOOD = new byte[64 * 1024];

    private final InetSocketAddress address = Ports.loopback(Ports.free());
    private final Random random;
    private final Map<Long, SessionCheck> sessions = new LinkedHashMap<>();
    private final Map<Long, SessionCheck> ended = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, SessionCheck> eldest) {
            return size() > REMEMBERED_ENDS;
        }
    };
    private final AtomicReference<@Nullable Throwable> fault = new AtomicReference<>();
    private @Nullable ServerSocket listener;
    private @Nullable Socket link;
    /** Of the test's threads. */
    private volatile Thread thread = new Thread();

    private int firehoses;
    private long letters;
    private long failures;
    private boolean closed;

    CheckedMaster(long seed) {
        random = new Random(seed);
        listen();
    }

    InetSocketAddress address() {
        return address;
    }

    // ---- what it is told to do

    /** Resets the firehose and refuses the next, until {@link #listen}. */
    void die() {
        synchronized (this) {
            closeQuietly(listener);
            listener = null;
            reset(link);
        }
    }

    /** Listens, or listens again: what was left of the old firehose has been dealt with. */
    void listen() {
        try {
            thread.join();
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(address);
            synchronized (this) {
                listener = socket;
            }
            thread = new Thread(() -> acceptAll(socket), "checked-master");
            thread.setDaemon(true);
            thread.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Tells the server to end a session; lost when there is no firehose. */
    void kick(long id) {
        Socket to;
        synchronized (this) {
            to = link;
        }
        if (to != null) {
            try {
                write(to, Tag.frame(id, Flag.KICK, new byte[0]));
            } catch (IOException e) {
                // the firehose has broken
            }
        }
    }

    // ---- what it has found

    /** Throws what went wrong, if anything. */
    void check() {
        Throwable wrong = fault.get();
        if (wrong != null) {
            throw new AssertionError(wrong.getMessage(), wrong);
        }
    }

    /** The sessions that it has heard of and that have not ended. */
    synchronized List<SessionCheck> open() {
        return new ArrayList<>(sessions.values());
    }

    /** The reason with which a session ended; null while it has not. */
    synchronized @Nullable String endOf(long id) {
        SessionCheck session = ended.get(id);
        return session == null ? null : session.end();
    }

    /** The number of the newest letter that came of an open session, 0 when it has not been heard of. */
    synchronized int lastNumber(long id) {
        SessionCheck session = sessions.get(id);
        return session == null ? 0 : session.lastNumber();
    }

    synchronized long letters() {
        return letters;
    }

    /** Returns the number of Failures that came, without "Client not found". */
    synchronized long failures() {
        return failures;
    }

    synchronized int firehoses() {
        return firehoses;
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            closeQuietly(listener);
            reset(link);
        }
    }

    // ---- its thread

    private void acceptAll(ServerSocket socket) {
        try {
            while (true) {
                Socket next = socket.accept();
                next.setTcpNoDelay(true);
                serve(next);
            }
        } catch (IOException e) {
            closeQuietly(socket);
        } catch (RuntimeException | AssertionError e) {
            fault.compareAndSet(null, e);
            closeQuietly(socket);
        }
    }

    private void serve(Socket socket) {
        int firehose;
        synchronized (this) {
            if (closed || listener == null) {
                reset(socket);
                return;
            }
            link = socket;
            firehose = ++firehoses;
        }
        try (socket) {
            DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 64 * 1024));
            while (true) {
                handle(read(in), firehose, socket);
            }
        } catch (IOException e) {
            // the firehose has ended
        } catch (MalformedPacketException e) {
            throw new AssertionError("master: the server sent " + e.getMessage(), e);
        }
    }

    private static FirehosePacket read(DataInputStream in) throws IOException, MalformedPacketException {
        int length = Integer.reverseBytes(in.readInt());
        if (length < 0 || length > MAX_FRAME_BYTES) {
            throw new AssertionError(
                    "master: the server sent a frame of " + Integer.toUnsignedString(length) + " bytes");
        }
        byte[] payload = new byte[length];
        in.readFully(payload);
        return FirehosePacket.decode(payload);
    }

    private void handle(FirehosePacket packet, int firehose, Socket to) throws IOException {
        switch (packet.flag()) {
            case DATA -> {
                Letters.Up letter = Letters.Up.read(packet.data());
                int number = accepted(packet.id(), letter, firehose);
                Letters.Down answer = new Letters.Down(firehose, number, letter.number());
                write(to, Tag.frame(packet.id(), Flag.DATA, answer.bytes(Letters.fillerBytes(random))));
                grant(letter.wish(), packet.id(), to);
            }
            case RECONNECTION -> {
                synchronized (this) {
                    session(packet.id()).reconnection(firehose);
                }
            }
            case FAILURE -> end(packet.id(), Bytes.text(packet.data()));
            default -> throw new AssertionError("master: the server sent " + packet);
        }
    }

    private synchronized int accepted(long id, Letters.Up letter, int firehose) {
        letters++;
        return session(id).letter(letter, firehose);
    }

    private synchronized void end(long id, String reason) {
        if (!reason.equals(Reason.CLIENT_NOT_FOUND.text())) {
            SessionCheck session = session(id);
            session.failure(reason);
            failures++;
            sessions.remove(id);
            ended.put(id, session);
        }
    }

    private SessionCheck session(long id) {
        SessionCheck over = ended.get(id);
        return over != null ? over : sessions.computeIfAbsent(id, SessionCheck::new);
    }

    private void grant(Letters.Wish wish, long id, Socket to) throws IOException {
        switch (wish) {
            case KICK -> write(to, Tag.frame(id, Flag.KICK, new byte[0]));
            case FLOOD -> {
                byte[] frame = Tag.frame(id, Flag.DATA, FLOOD);
                for (int i = 0; i < FLOOD_PACKETS && endOf(id) == null; i++) {
                    write(to, frame);
                }
            }
            case NOTHING -> {}
        }
    }

    private static void write(Socket to, byte[] frame) throws IOException {
        synchronized (to) {
            to.getOutputStream().write(frame);
        }
    }

    private static void reset(@Nullable Socket socket) {
        if (socket != null) {
            try {
                socket.setSoLinger(true, 0);
            } catch (IOException e) {
                // closed already
            }
            closeQuietly(socket);
        }
    }

    private static void closeQuietly(@Nullable Closeable socket) {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException e) {
            // closing is all that can be done
        }
    }
}
