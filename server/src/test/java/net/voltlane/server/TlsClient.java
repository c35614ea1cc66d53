package net.voltlane.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import net.voltlane.proof.KeyPair;
import net.voltlane.protocol.ClientId;
import net.voltlane.protocol.HandshakeCodec;
import net.voltlane.protocol.HandshakePacket;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.ProtocolVersion;
import net.voltlane.protocol.PubKey;
import net.voltlane.testkit.certificates.TestAuthority;
import net.voltlane.testkit.certificates.TestCertificate;
import org.jspecify.annotations.Nullable;

/** A client of version 2 over the JDK's TLS. */
final class TlsClient implements AutoCloseable {
    final SSLSocket socket;
    private final DataInputStream in;
    long id;

    private TlsClient(SSLSocket socket) throws IOException {
        this.socket = socket;
        in = new DataInputStream(socket.getInputStream());
    }

    static SSLContext context(TestAuthority trusted, @Nullable TestCertificate own) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            KeyManager[] keys = own == null ? null : own.keyManagers();
            context.init(keys, trusted.trustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** Connects without a handshake yet. */
    static TlsClient connect(InetSocketAddress to, SSLContext context, String server) throws IOException {
        Socket plain = new Socket(to.getAddress(), to.getPort());
        return over(plain, context, server);
    }

    static TlsClient over(Socket plain, SSLContext context, String server) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, server, plain.getPort(), true);
        socket.setSoTimeout(10_000);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(server)));
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setApplicationProtocols(new String[] {"voltlane"});
        socket.setSSLParameters(parameters);
        return new TlsClient(socket);
    }

    TlsClient only(String version) {
        socket.setEnabledProtocols(new String[] {version});
        return this;
    }

    TlsClient handshake() throws IOException {
        socket.startHandshake();
        return this;
    }

    /** Opens a session. */
    TlsClient open() throws Exception {
        send(new ProtocolVersion(Limits.PROTOCOL_VERSION));
        assertThat(HandshakeCodec.decode(receive())).isInstanceOf(PubKey.class);
        send(new PubKey(KeyPair.generate(new SecureRandom()).publicKey()));
        id = ((ClientId) HandshakeCodec.decode(receive())).id();
        return this;
    }

    void send(HandshakePacket packet) throws IOException {
        socket.getOutputStream().write(HandshakeCodec.frame(packet));
    }

    /** Sends a payload as one frame. */
    void send(byte[] payload) throws IOException {
        byte[] frame = new byte[4 + payload.length];
        for (int i = 0; i < 4; i++) {
            frame[i] = (byte) (payload.length >>> 8 * i);
        }
        System.arraycopy(payload, 0, frame, 4, payload.length);
        socket.getOutputStream().write(frame);
    }

    byte[] receive() throws IOException {
        byte[] payload = new byte[Integer.reverseBytes(in.readInt())];
        in.readFully(payload);
        return payload;
    }

    /** The next byte, or -1 at the end of the stream: a close_notify, since the JDK fails at a bare FIN. */
    int read() throws IOException {
        return in.read();
    }

    X509Certificate serverCertificate() throws IOException {
        return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
