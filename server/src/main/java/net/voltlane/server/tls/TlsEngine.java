package net.voltlane.server.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.internal.tcnative.SSL;
import java.nio.ByteBuffer;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Objects;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metric;
import org.jspecify.annotations.Nullable;

/**
 * The engine of one connection, BoringSSL's or the JDK's, with buffers of Netty instead of the JDK's. Belongs to the
 * connection's loop.
 */
final class TlsEngine {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SSLEngine engine;
    private final boolean isNative;
    private HandshakeStatus status = HandshakeStatus.NEED_UNWRAP;
    private boolean inputDone;
    /** The last call neither took nor gave anything. */
    private boolean hasStalled;
    /** The records that are being decrypted; null between reads. */
    private @Nullable ByteBuffer input;

    TlsEngine(SSLEngine engine) {
        this.engine = engine;
        isNative = engine instanceof ReferenceCountedOpenSslEngine;
    }

    /** The engine itself, which may be counted by references. */
    Object raw() {
        return engine;
    }

    // ---- input

    /** Takes whole records to decrypt. They stay the caller's. */
    void begin(ByteBuf from, int bytes) {
        input = from.internalNioBuffer(from.readerIndex(), bytes);
        from.skipBytes(bytes);
        hasStalled = false;
    }

    /** Decrypts some of the input; false when all of it is done. The handshake may go on between two calls. */
    boolean unwrap(ByteBuf plain) throws SSLException {
        ByteBuffer from = Objects.requireNonNull(input);
        int writer = plain.writerIndex();
        SSLEngineResult result = engine.unwrap(from, plain.internalNioBuffer(writer, plain.writableBytes()));
        plain.writerIndex(writer + result.bytesProduced());
        note(result.getHandshakeStatus());
        if (result.getStatus() == Status.CLOSED) {
            inputDone = true;
        }
        assert result.getStatus() != Status.BUFFER_OVERFLOW : "one read brought more than there is room for";
        boolean hasMoved = result.bytesConsumed() > 0 || result.bytesProduced() > 0;
        // BoringSSL may have to speak before it reads on, and tells the end of a handshake by the call after it.
        boolean mustSpeak = status == HandshakeStatus.NEED_WRAP && from.hasRemaining();
        boolean goesOn = hasMoved || mustSpeak && !hasStalled;
        hasStalled = !hasMoved; // twice in a row: speaking does not help
        return !inputDone && goesOn && (from.hasRemaining() || !isHandshakeDone());
    }

    private void note(HandshakeStatus next) {
        status = next;
        Runnable task = status == HandshakeStatus.NEED_TASK ? engine.getDelegatedTask() : null;
        while (task != null) {
            task.run();
            status = engine.getHandshakeStatus();
            task = status == HandshakeStatus.NEED_TASK ? engine.getDelegatedTask() : null;
        }
    }

    /** True once the peer has said that it sends no more. */
    boolean isInputDone() {
        return inputDone;
    }

    // ---- the handshake

    /** The most that the client may send before its handshake is done. */
    int maxHandshakeBytes() {
        return engine.getNeedClientAuth()
                ? TlsCodec.MAX_HANDSHAKE_BYTES_WITH_CERTIFICATE
                : TlsCodec.MAX_HANDSHAKE_BYTES;
    }

    boolean hasToSay() {
        return status == HandshakeStatus.NEED_WRAP;
    }

    boolean isHandshakeDone() {
        return status == HandshakeStatus.FINISHED || status == HandshakeStatus.NOT_HANDSHAKING;
    }

    /** Writes some of what the engine has to say itself: handshake, alert or close_notify. False if it has nothing. */
    boolean wrapOwn(ByteBuf to) throws SSLException {
        int writer = to.writerIndex();
        SSLEngineResult result = engine.wrap(NOTHING.duplicate(), to.internalNioBuffer(writer, to.writableBytes()));
        to.writerIndex(writer + result.bytesProduced());
        note(result.getHandshakeStatus());
        return result.bytesProduced() > 0;
    }

    /** In TLS 1.2 a client may ask for another handshake at any time. It costs the server far more than the client. */
    void checkThatNothingBegins() throws SSLException {
        if (status == HandshakeStatus.NEED_UNWRAP) {
            throw new SSLException("the client asks for another handshake");
        }
    }

    /**
     * Counts the handshake, and has the channel carry the names of the client's certificate.
     *
     * @param nowMillis milliseconds since 1970
     */
    void handshakeDone(Channel channel, Counters counters, long nowMillis) throws SSLException {
        if (engine.getNeedClientAuth()) {
            X509Certificate certificate = (X509Certificate) engine.getSession().getPeerCertificates()[0];
            try {
                ClientCertificate.checkDates(certificate, nowMillis); // a ticket saves the client all other checks
                channel.attr(TlsTransport.CERTIFICATE).set(ClientCertificate.attributes(certificate));
            } catch (CertificateException e) {
                throw new SSLException("the client's certificate has expired, or can't be read", e);
            }
        }
        counters.count(isResumed() ? Metric.TLS_HANDSHAKES_RESUMED : Metric.TLS_HANDSHAKES_FULL);
    }

    /** True if a ticket saved the client a full handshake. The JDK's engine does not tell. */
    private boolean isResumed() {
        return engine instanceof ReferenceCountedOpenSslEngine open && SSL.isSessionReused(open.sslPointer());
    }

    // ---- output

    /** Encrypts a buffer, which stays the caller's. */
    ByteBuf encrypt(ByteBufAllocator allocator, ByteBuf plain) throws SSLException {
        int bytes = plain.readableBytes();
        int records = (bytes + Records.MAX_RUN_BYTES - 1) / Records.MAX_RUN_BYTES;
        // The JDK's engine insists on room for the longest record, whatever there is to encrypt.
        int room = bytes
                + records * Records.OVERHEAD_BYTES
                + (isNative ? 0 : engine.getSession().getPacketBufferSize());
        ByteBuf out = allocator.directBuffer(room);
        ByteBuf whole = plain.nioBufferCount() == 1
                ? plain.retain()
                : allocator.directBuffer(bytes).writeBytes(plain);
        try {
            ByteBuffer from = whole.internalNioBuffer(whole.readerIndex(), bytes);
            while (from.hasRemaining()) {
                int writer = out.writerIndex();
                int most = Math.min(Records.MAX_RUN_BYTES, from.remaining());
                SSLEngineResult result = engine.wrap(from, out.internalNioBuffer(writer, out.writableBytes()));
                out.writerIndex(writer + result.bytesProduced());
                if (result.getStatus() == Status.BUFFER_OVERFLOW) {
                    out.ensureWritable(Records.MAX_BYTES + Records.OVERHEAD_BYTES);
                } else if (result.getStatus() != Status.OK || isIdle(result)) {
                    throw new SSLException("closed");
                } else if (result.bytesConsumed() > 0 && result.bytesConsumed() < most) {
                    // A client could use the first of several records that a write became, and get it again after a
                    // resume. The JDK's engine grants the wish for them (RFC 6066, max_fragment_length).
                    throw new SSLException("the client wants short records");
                }
            }
            return isNative
                    ? out.retain()
                    : allocator.directBuffer(out.readableBytes()).writeBytes(out);
        } finally {
            whole.release();
            out.release();
        }
    }

    /**
     * Encrypts a piece of a buffer as one record into another buffer, which has room for it.
     *
     * @return false if it can't be done
     */
    boolean encrypt(ByteBuf plain, int index, int length, ByteBuf to) throws SSLException {
        ByteBuffer from = plain.internalNioBuffer(index, length);
        while (from.hasRemaining()) {
            int writer = to.writerIndex();
            SSLEngineResult result = engine.wrap(from, to.internalNioBuffer(writer, to.writableBytes()));
            to.writerIndex(writer + result.bytesProduced());
            if (result.getStatus() != Status.OK
                    || isIdle(result)
                    || result.bytesConsumed() > 0 && from.hasRemaining()) {
                return false;
            }
        }
        return true;
    }

    /** An engine that waits for its peer takes nothing, gives nothing, and says that all is well. */
    private static boolean isIdle(SSLEngineResult result) {
        return result.bytesConsumed() == 0 && result.bytesProduced() == 0;
    }

    void closeOutput() {
        engine.closeOutbound();
    }
}
