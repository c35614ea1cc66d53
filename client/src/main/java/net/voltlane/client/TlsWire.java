package net.voltlane.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/**
 * TLS over another wire. A record is of use to the server only whole, so the bytes in it count as taken once the kernel
 * has all of the record.
 *
 * <p>The reader unwraps and the writer wraps, at the same time where it happens so. An engine whose reader has to answer
 * (a new key in TLS 1.3) leaves that to the writer. A server that renegotiates (TLS 1.2) is refused.
 */
final class TlsWire implements Wire {

    /** The number of new keys that may wait for an answer; each costs memory. */
    private static final int MAX_UNANSWERED = 32;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SSLEngine engine;
    private final Wire below;

    // For the thread that reads. Both are ready to be read.
    private byte[] arrived;
    private int arrivedFrom;
    private int arrivedTo;
    private ByteBuffer plain = ByteBuffer.allocate(0);
    private boolean ended;

    // For the thread that writes.
    private ByteBuffer record;
    /** The number of the writer's bytes that are in {@link #record}. */
    private int inRecord;

    /** Answers that are due. The reader adds, and the writer subtracts what it has sent. */
    private volatile int unanswered;

    /** Set once this end closes its direction. To the reader, TLS 1.2 shows that as it shows a new handshake. */
    private volatile boolean closing;

    private volatile Runnable wake = () -> {};

    private TlsWire(SSLEngine engine, Wire below) {
        this.engine = engine;
        this.below = below;
        arrived = new byte[engine.getSession().getPacketBufferSize()];
        record = ByteBuffer.allocateDirect(engine.getSession().getPacketBufferSize())
                .flip();
    }

    /**
     * Shakes hands.
     *
     * @param engine of a client, not begun
     * @throws SSLException if the two ends do not agree, or the server is not the right one
     */
    static TlsWire open(SSLEngine engine, Wire below) throws IOException {
        TlsWire wire = new TlsWire(engine, below);
        try {
            engine.beginHandshake();
            wire.shakeHands();
            return wire;
        } catch (SSLException e) {
            wire.tellWhy();
            throw e;
        }
    }

    private void shakeHands() throws IOException {
        HandshakeStatus status = engine.getHandshakeStatus();
        while (status != HandshakeStatus.NOT_HANDSHAKING && status != HandshakeStatus.FINISHED) {
            switch (status) {
                case NEED_TASK -> {
                    runTasks();
                    status = engine.getHandshakeStatus();
                }
                case NEED_WRAP -> {
                    status = wrap(NOTHING).getHandshakeStatus();
                    drain();
                }
                default -> {
                    SSLEngineResult result = unwrap();
                    if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
                        throw new SSLException("the server ended TLS in its handshake");
                    }
                    status = result.getHandshakeStatus();
                }
            }
        }
    }

    /** Sends the alert that says why the handshake has failed, if there is one. */
    private void tellWhy() {
        try {
            if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                wrap(NOTHING);
                drain();
            }
        } catch (IOException e) {
            // The server may have left.
        }
    }

    // ---- for the thread that reads

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        while (!plain.hasRemaining()) {
            if (ended) {
                return -1;
            }
            SSLEngineResult result = unwrap();
            if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
                ended = true;
            } else {
                handle(result.getHandshakeStatus());
            }
        }
        int count = Math.min(length, plain.remaining());
        plain.get(into, offset, count);
        return count;
    }

    /** Looks at what the engine wants besides data. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // the writer only sets it back; a lost answer is in the next record
    private void handle(HandshakeStatus status) throws IOException {
        if (status == HandshakeStatus.NOT_HANDSHAKING || status == HandshakeStatus.FINISHED) {
            return;
        }
        if (closing && status != HandshakeStatus.NEED_TASK) {
            return;
        }
        if (!engine.getSession().getProtocol().equals("TLSv1.3")) {
            throw new SSLException("the server asked for a new handshake of TLS 1.2, which this client refuses");
        }
        if (status == HandshakeStatus.NEED_TASK) {
            runTasks();
        } else if (status == HandshakeStatus.NEED_WRAP) {
            unanswered++;
            if (unanswered > MAX_UNANSWERED) {
                throw new SSLException("the server asked for too many new keys");
            }
            wake.run();
        }
    }

    /** Waits for a record and decrypts it to {@link #plain}. */
    private SSLEngineResult unwrap() throws IOException {
        plain.clear();
        while (true) {
            ByteBuffer from = ByteBuffer.wrap(arrived, arrivedFrom, arrivedTo - arrivedFrom);
            SSLEngineResult result = engine.unwrap(from, plain);
            arrivedFrom = from.position();
            switch (result.getStatus()) {
                case BUFFER_UNDERFLOW -> fill();
                case BUFFER_OVERFLOW ->
                    plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
                default -> {
                    plain.flip();
                    return result;
                }
            }
        }
    }

    private void fill() throws IOException {
        if (arrivedFrom > 0) {
            System.arraycopy(arrived, arrivedFrom, arrived, 0, arrivedTo - arrivedFrom);
            arrivedTo -= arrivedFrom;
            arrivedFrom = 0;
        }
        if (arrivedTo == arrived.length) {
            arrived = Arrays.copyOf(arrived, engine.getSession().getPacketBufferSize());
            if (arrivedTo == arrived.length) {
                throw new SSLException("a record came that is too long");
            }
        }
        int count = below.read(arrived, arrivedTo, arrived.length - arrivedTo);
        if (count < 0) {
            throw new IOException("the connection ended without the end of TLS");
        }
        arrivedTo += count;
    }

    private void runTasks() {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    // ---- for the thread that writes

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        if (!record.hasRemaining()) {
            int asked = unanswered;
            inRecord = wrap(bytes.duplicate()).bytesConsumed();
            answered(asked);
        }
        below.write(record);
        if (record.hasRemaining()) {
            return 0;
        }
        int taken = inRecord;
        inRecord = 0;
        bytes.position(bytes.position() + taken);
        return taken;
    }

    @Override
    public void shutdownOutput() throws IOException {
        drain();
        closeEngine();
        while (!engine.isOutboundDone() && wrap(NOTHING).bytesProduced() > 0) {
            drain();
        }
        below.shutdownOutput();
    }

    /** Makes the engine want to send its end; the reader may go on between that and the sending. */
    void closeEngine() {
        closing = true; // before the engine shows it to the reader
        engine.closeOutbound();
    }

    @Override
    public boolean hasControl() {
        return unanswered > 0;
    }

    @Override
    public void sendControl() throws IOException {
        int asked = unanswered;
        if (asked > 0 && !record.hasRemaining()) {
            wrap(NOTHING);
            answered(asked);
            drain();
        }
    }

    @Override
    public void onControl(Runnable wakeWriter) {
        wake = wakeWriter;
    }

    /** Encrypts to {@link #record}. */
    private SSLEngineResult wrap(ByteBuffer bytes) throws SSLException {
        while (true) {
            record.clear();
            SSLEngineResult result = engine.wrap(bytes, record);
            record.flip();
            switch (result.getStatus()) {
                case BUFFER_OVERFLOW ->
                    record = ByteBuffer.allocateDirect(engine.getSession().getPacketBufferSize());
                case CLOSED -> {
                    if (bytes.hasRemaining()) {
                        throw new SSLException("TLS has ended");
                    }
                    return result;
                }
                default -> {
                    return result;
                }
            }
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // see handle
    private void answered(int asked) {
        if (asked > 0) {
            unanswered = 0;
        }
    }

    private void drain() throws IOException {
        while (record.hasRemaining()) {
            below.write(record);
        }
    }
}
