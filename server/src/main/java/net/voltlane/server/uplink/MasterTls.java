package net.voltlane.server.uplink;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import net.voltlane.protocol.SystemWords;
import net.voltlane.server.link.Transport;
import net.voltlane.tcp.pem.PemException;
import net.voltlane.tcp.pem.PemFiles;
import org.jspecify.annotations.Nullable;

/**
 * TLS 1.2 or 1.3 on the links to the master, as the end that dials: verifies the chain and the name of the master's
 * certificate, and shows one of its own if there is one. Netty puts each write into records of its own, and completes its
 * promise when the socket has taken them.
 *
 * <p>The files are read when this is made and at {@link #reload}; a link keeps what it began with. Thread-safe.
 */
public final class MasterTls implements Transport {
    private static final String NAME = "tls";
    private static final AttributeKey<MasterTls> OF_CHANNEL = AttributeKey.valueOf("voltlane.master.tls");
    /** The plain bytes that a record can hold. */
    private static final int MAX_RECORD_BYTES = 16 * 1024;

    /**
     * The files that TLS is made of.
     *
     * @param ca the authorities that the master's certificate may be of; empty: those of the Java runtime
     * @param certificate our own certificate, with those of its authorities behind it; empty: none
     * @param key its private key
     * @param peerName the name or IP literal that the master's certificate must have
     */
    public record Files(String ca, String certificate, String key, String peerName) {}

    private record Current(SslContext context, Files files) {}

    private volatile Current current;

    /** @throws MasterTlsException if a file can't be used */
    public MasterTls(Files files) throws MasterTlsException {
        current = new Current(context(files), files);
    }

    /**
     * Reads the files anew, for the links from the next dial on.
     *
     * @throws MasterTlsException if a file can't be used; then the old ones stay
     */
    public void reload(Files files) throws MasterTlsException {
        current = new Current(context(files), files);
    }

    private static SslContext context(Files files) throws MasterTlsException {
        SslContextBuilder builder =
                SslContextBuilder.forClient().protocols("TLSv1.3", "TLSv1.2").endpointIdentificationAlgorithm("HTTPS");
        if (!files.ca().isEmpty()) {
            builder.trustManager(authorities(files.ca()));
        }
        if (!files.certificate().isEmpty()) {
            builder.keyManager(key(files), chain(files.certificate()));
        }
        try {
            return builder.build();
        } catch (SSLException | RuntimeException e) {
            throw new MasterTlsException("master.tls: TLS can't be set up with these files: " + e.getMessage());
        }
    }

    private static List<X509Certificate> chain(String certificate) throws MasterTlsException {
        try {
            return PemFiles.certificates(Path.of(certificate));
        } catch (PemException e) {
            throw new MasterTlsException("master.certificate: " + e.getMessage());
        }
    }

    /** Reads the key, of which the certificate must be. */
    private static PrivateKey key(Files files) throws MasterTlsException {
        chain(files.certificate());
        try {
            PemFiles.keyManagers(Path.of(files.certificate()), Path.of(files.key()));
            return PemFiles.key(Path.of(files.key()));
        } catch (PemException e) {
            throw new MasterTlsException("master.key: " + e.getMessage());
        }
    }

    private static TrustManager authorities(String ca) throws MasterTlsException {
        try {
            return PemFiles.trustManagers(Path.of(ca))[0];
        } catch (PemException e) {
            throw new MasterTlsException("master.ca: " + e.getMessage());
        }
    }

    /** The reason, for the operator, why a handshake failed or a link broke; null if TLS has nothing to do with it. */
    @Nullable
    String reason(Throwable thrown) {
        return MasterTlsWords.of(thrown, current.files());
    }

    /** The reason, for the operator, why the handshake of a channel failed. */
    static String handshakeReason(Channel channel, Throwable thrown) {
        MasterTls tls = channel.attr(OF_CHANNEL).get();
        String ofTls = tls == null ? null : tls.reason(thrown);
        return ofTls == null
                ? "the connection ended in the TLS handshake (" + SystemWords.of(thrown)
                        + "); does the backend listen with TLS? If not, set master.tls = false"
                : ofTls;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void addCodec(ChannelPipeline pipeline) {
        Current now = current;
        SslHandler handler =
                now.context().newHandler(pipeline.channel().alloc(), now.files().peerName(), -1);
        handler.setWrapDataSize(0); // the promise of a write is for that write alone
        handler.setHandshakeTimeoutMillis(0); // the dial has a deadline for all of its steps
        pipeline.addLast(NAME, handler);
        pipeline.channel().attr(OF_CHANNEL).set(this);
    }

    @Override
    public List<String> codecNames() {
        return List.of(NAME);
    }

    @Override
    public int maxRecordBytes() {
        return MAX_RECORD_BYTES;
    }

    @Override
    public @Nullable ChannelFuture farewell(Channel channel) {
        SslHandler handler = channel.pipeline().get(SslHandler.class);
        return handler == null || !handler.handshakeFuture().isSuccess() ? null : handler.closeOutbound();
    }
}
