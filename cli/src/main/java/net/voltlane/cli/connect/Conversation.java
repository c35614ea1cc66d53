package net.voltlane.cli.connect;

import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import net.voltlane.client.ClientException;
import net.voltlane.client.ClientListener;
import net.voltlane.client.ClientTls;
import net.voltlane.client.CloseReason;
import net.voltlane.client.Protocol;
import net.voltlane.client.VoltlaneClient;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.SystemWords;

/**
 * A session between a server and a pair of streams. The thread that calls {@link #run} writes the data that comes;
 * another thread reads the input and sends, since nothing can wake a thread that waits for somebody to type.
 */
public final class Conversation {

    /** A line of hex is longer than its packet, and may have spaces. */
    private static final int HEX_LINE_FACTOR = 4;
    /** Time between two checks of a lingering client for a link that is back. */
    private static final long RECHECK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Terms terms;
    private final InputStream in;
    private final OutputStream out;
    private final PrintWriter err;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile long lastNewsNanos;
    private volatile boolean failed;

    /**
     * The options of the command line.
     *
     * @param notation how packets are written, both ways
     * @param linger how long to go on after the end of input while nothing comes; 0 or more
     * @param giveUp how long to try to get back to a server that is gone, or to send the rest to one that does not
     *     read; more than 0
     * @param tls which server is trusted, for an address with TLS
     */
    public record Terms(Notation notation, Duration linger, Duration giveUp, ClientTls tls) {}

    /**
     * A conversation that has not begun.
     *
     * @param in a line for each packet to send; the end of it ends the conversation
     * @param out gets a line for each packet
     * @param err is told what happens to the session
     */
    public Conversation(Terms terms, InputStream in, OutputStream out, PrintWriter err) {
        this.terms = terms;
        this.in = in;
        this.out = new BufferedOutputStream(out);
        this.err = err;
    }

    /**
     * Runs it from connecting to closing. A reader that still waits for input afterwards is left to the end of the
     * process.
     *
     * @param server an address, see {@link VoltlaneClient#builder(String)}
     * @return true if input has ended and all of it was sent; what went wrong otherwise was told
     * @throws InterruptedException if this thread is interrupted; the session is closed then
     */
    public boolean run(String server) throws InterruptedException {
        try (VoltlaneClient client = VoltlaneClient.builder(server)
                .tls(terms.tls())
                .giveUpAfter(terms.giveUp())
                .closeTimeout(terms.giveUp())
                .listener(new Spoken())
                .connect()) {
            Thread reader = new Thread(() -> sendAll(client), "voltlane-connect-input");
            reader.setDaemon(true);
            reader.start();
            receiveAll(client);
        } catch (ClientException e) {
            boolean ended = e.reason() == CloseReason.SESSION_GONE || e.reason() == CloseReason.KICKED;
            fail((ended ? "ended: " : "failed: ") + e.getMessage());
        } catch (IOException e) {
            fail("can't write what came: " + SystemWords.of(e));
        } finally {
            over.countDown();
        }
        return !failed;
    }

    /** Writes what comes until the client ends, and flushes before each wait for more. */
    private void receiveAll(VoltlaneClient client) throws IOException, InterruptedException {
        try {
            while (true) {
                byte[] packet = client.receive(Duration.ZERO);
                if (packet == null) {
                    out.flush();
                    packet = client.receive();
                }
                lastNewsNanos = System.nanoTime();
                out.write(terms.notation().line(packet));
                out.write('\n');
            }
        } catch (ClientException end) {
            out.flush();
            if (end.reason() != CloseReason.CLOSED) {
                throw end;
            }
        }
        client.close(); // the other thread may be at it; the count stands when it is done
        if (client.discardedPackets() > 0) {
            String fate = client.protocol() == Protocol.V3 ? "acknowledged" : "sent";
            fail(client.discardedPackets() + " packets were not " + fate);
        }
    }

    private void sendAll(VoltlaneClient client) {
        try {
            send(client);
            linger(client);
        } catch (ClientException e) {
            // The other thread hears of it as well, and tells.
        } catch (IOException e) {
            fail("can't go on reading: " + SystemWords.of(e));
        } catch (InterruptedException e) {
            throw new AssertionError("nobody knows this thread", e);
        }
        client.close();
    }

    private void send(VoltlaneClient client) throws IOException, InterruptedException {
        int factor = terms.notation() == Notation.HEX ? HEX_LINE_FACTOR : 1;
        Lines lines = new Lines(in, factor * Limits.DEFAULT_MAX_FRAME_BYTES);
        byte[] line = lines.next();
        for (long number = 1; line != null; number++) {
            try {
                client.send(terms.notation().packet(line));
            } catch (IllegalArgumentException e) {
                fail("line " + number + " is left out: " + e.getMessage());
            }
            line = lines.next();
        }
    }

    /** Answers may be on their way, and what was sent while there was no link can't go out before there is one. */
    private void linger(VoltlaneClient client) throws InterruptedException {
        lastNewsNanos = System.nanoTime();
        long leftNanos = terms.linger().toNanos();
        while (leftNanos > 0 || !client.isConnected()) {
            if (over.await(Math.max(leftNanos, RECHECK_NANOS), TimeUnit.NANOSECONDS)) {
                return;
            }
            leftNanos = lastNewsNanos + terms.linger().toNanos() - System.nanoTime();
        }
    }

    private void fail(String message) {
        failed = true;
        err.println(message);
    }

    private final class Spoken implements ClientListener {

        @Override
        public void connected(VoltlaneClient client, boolean isNew) {
            err.println("connected, session " + Long.toUnsignedString(client.sessionId()));
        }

        @Override
        public void suspended(VoltlaneClient client, IOException cause) {
            // A kick looks like this, and so does a server that stops: only the answer to a resume tells.
            err.println(
                    cause instanceof EOFException
                            ? "suspended: the server closed the connection; asking whether the session goes on"
                            : "suspended: connection lost: " + cause.getMessage() + "; trying to get back");
        }

        @Override
        public void resumed(VoltlaneClient client) {
            err.println("resumed");
        }
    }
}
