package net.voltlane.server.tls;

import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.server.link.WireForm;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.certificates.TestAuthority;

/** The client of a TLS connection, by the JDK, on channels of tests. */
public final class TlsPeer implements WireForm {
    private static final int BUFFER_BYTES = 1 << 20;

    private final SSLEngine engine;
    private byte[] unopened = new byte[0];
    private byte[] early = new byte[0];
    private boolean wasBidFarewell;

    /** @param versions such as {@code TLSv1.3} */
    public TlsPeer(TestAuthority trusted, String... versions) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trusted.trustManagers(), null);
            engine = context.createSSLEngine("localhost", 1);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
        engine.setUseClientMode(true);
        engine.setEnabledProtocols(versions);
    }

    /** @param engine of a client, ready to begin */
    TlsPeer(SSLEngine engine) {
        this.engine = engine;
        try {
            engine.beginHandshake();
        } catch (SSLException e) {
            throw new AssertionError(e);
        }
    }

    /** Shakes hands over a channel; {@code run} runs its loop. The bytes of each step go over in pieces of this size. */
    public void handshake(FakeChannel channel, Runnable run, int pieceBytes) {
        for (int step = 0; step < 20; step++) {
            byte[] said = says();
            for (int from = 0; from < said.length; from += pieceBytes) {
                channel.receives(Arrays.copyOfRange(said, from, Math.min(said.length, from + pieceBytes)));
                run.run();
            }
            early = Bytes.concat(early, opens(channel.taken()));
            if (isDone()) {
                channel.receives(says());
                run.run();
                early = Bytes.concat(early, opens(channel.taken()));
                return;
            }
        }
        throw new AssertionError("no end of the handshake: " + engine.getHandshakeStatus());
    }

    /** The bytes that the engine says by itself now. */
    public byte[] says() {
        return seals(new byte[0]);
    }

    /** Says close_notify. */
    byte[] closes() {
        engine.closeOutbound();
        return says();
    }

    /** Asks for another handshake, and returns what that says. */
    byte[] renegotiates() {
        try {
            engine.beginHandshake();
        } catch (SSLException e) {
            throw new AssertionError(e);
        }
        return says();
    }

    /** The records for some bytes. */
    @Override
    public byte[] seals(byte[] plain) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteBuffer from = ByteBuffer.wrap(plain);
        ByteBuffer to = ByteBuffer.allocate(BUFFER_BYTES);
        try {
            while (from.hasRemaining() || engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                SSLEngineResult result = engine.wrap(from, to);
                out.write(to.array(), 0, to.position());
                to.clear();
                runTasks();
                if (result.getStatus() != Status.OK) {
                    break;
                }
            }
            if (engine instanceof ReferenceCountedOpenSslEngine) {
                addUnsent(out, to);
            }
            if (engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING
                    && plain.length == 0
                    && out.size() == 0
                    && engine.getSession().getProtocol().equals("NONE")) {
                engine.beginHandshake();
                return says();
            }
        } catch (SSLException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    /** BoringSSL's handshake may be done with the last of it still to be sent. */
    private void addUnsent(ByteArrayOutputStream out, ByteBuffer to) throws SSLException {
        if (engine.wrap(ByteBuffer.allocate(0), to).bytesProduced() > 0) {
            out.write(to.array(), 0, to.position());
            to.clear();
        }
    }

    private void runTasks() {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    /** The bytes of all records that are whole by now. */
    @Override
    public byte[] opens(byte[] came) {
        ByteBuffer in = ByteBuffer.wrap(Bytes.concat(unopened, came));
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        plain.writeBytes(early);
        early = new byte[0];
        ByteBuffer to = ByteBuffer.allocate(BUFFER_BYTES);
        try {
            while (in.hasRemaining() && !wasBidFarewell && engine.getHandshakeStatus() != HandshakeStatus.NEED_WRAP) {
                SSLEngineResult result = engine.unwrap(in, to);
                plain.write(to.array(), 0, to.position());
                to.clear();
                runTasks();
                wasBidFarewell = result.getStatus() == Status.CLOSED;
                if (result.getStatus() == Status.BUFFER_UNDERFLOW) {
                    break;
                }
            }
            if (!in.hasRemaining() && engine.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP) {
                engine.unwrap(in, to); // BoringSSL tells the end of a handshake by the call after it
            }
        } catch (SSLException e) {
            throw new AssertionError("what came is no TLS of the server's", e);
        }
        unopened = Bytes.concat(Arrays.copyOfRange(in.array(), in.position(), in.limit()));
        return plain.toByteArray();
    }

    /** True once this side's handshake is done. */
    public boolean isDone() {
        return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
    }

    /** True while this side has to send before it opens more. */
    public boolean mustSpeak() {
        return engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP;
    }

    public boolean wasBidFarewell() {
        return wasBidFarewell;
    }

    /** Bytes of a record that did not come whole. */
    public int unopenedBytes() {
        return unopened.length;
    }
}
