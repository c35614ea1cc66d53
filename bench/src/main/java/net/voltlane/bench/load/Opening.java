package net.voltlane.bench.load;

import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.internal.tcnative.SSL;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import net.voltlane.bench.model.Via;
import net.voltlane.tcp.pem.PemException;
import net.voltlane.tcp.pem.PemFiles;
import org.jspecify.annotations.Nullable;

/**
 * Makes a link of a TCP connection, for all clients: nothing for TCP, TLS (by OpenSSL where it loads, which is lighter
 * than the JDK's), a WebSocket, or both. Thread-safe.
 */
public final class Opening {

    private static final int HANDSHAKE_MILLIS = 10_000;

    private final Via via;
    private final Framing framing;
    private final @Nullable SslContext tls;
    private final AtomicInteger visits = new AtomicInteger();
    private final LongAdder resumed = new LongAdder();

    private Opening(Via via, @Nullable SslContext tls) {
        this.via = via;
        this.tls = tls;
        framing = via.kind().isWebSocket() ? new WebSocketFraming() : Framing.PREFIXED;
    }

    /**
     * Reads the files of TLS, if there are any.
     *
     * @throws IOException if they can't be used; the message says why
     */
    public static Opening by(Via via) throws IOException {
        try {
            return new Opening(via, via.kind().isSecure() ? tls(via) : null);
        } catch (PemException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static SslContext tls(Via via) throws PemException, SSLException {
        Via.Files files = via.files();
        SslContextBuilder builder = SslContextBuilder.forClient()
                .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
                .protocols("TLSv1.3", "TLSv1.2")
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        via.kind().isWebSocket() ? "http/1.1" : "voltlane"));
        if (files.authorities() != null) {
            builder.trustManager(PemFiles.certificates(files.authorities()).toArray(new X509Certificate[0]));
        }
        if (files.certificate() != null && files.key() != null) {
            builder.keyManager(
                    PemFiles.key(files.key()),
                    PemFiles.certificates(files.certificate()).toArray(new X509Certificate[0]));
        }
        return builder.build();
    }

    /** Names what is between links and TCP, for people; empty if there is nothing. */
    public String name() {
        String engine = OpenSsl.isAvailable() ? ", TLS by " + OpenSsl.versionString() : ", TLS by the JDK";
        return (via.kind() == Via.Kind.UNIX ? ", Unix socket" : "")
                + (via.kind().isWebSocket() ? ", WebSocket" : "")
                + (tls == null ? "" : engine);
    }

    Framing framing() {
        return framing;
    }

    /** Returns the number of a client's visit for {@link Part}, for a new session. */
    int visit(int client) {
        return via.resumes() ? client + 1 : visits.incrementAndGet() & Integer.MAX_VALUE;
    }

    /** Returns how many handshakes of TLS were resumed so far; -1 if TLS does not tell. */
    public long resumed() {
        return tls instanceof OpenSslContext ? resumed.sum() : -1;
    }

    /**
     * The part of an opening that is to be done.
     *
     * @param visit the same as before for a client that returns, so that TLS resumes; another one for all others
     * @param tlsOnly true if nothing but TLS is wanted
     */
    record Part(int visit, boolean tlsOnly) {}

    /**
     * Makes a link of a connection. Runs on the connection's loop.
     *
     * @param then hears of it, with null if it worked
     */
    void open(DuplexChannel channel, Part part, Consumer<@Nullable Throwable> then) {
        if (tls == null) {
            upgrade(channel, then);
            return;
        }
        // TLS remembers servers by name and port. The port has no other use there.
        SslHandler handler = tls.newHandler(channel.alloc(), via.host(), Math.max(1, part.visit));
        handler.setHandshakeTimeoutMillis(HANDSHAKE_MILLIS);
        channel.pipeline().addFirst(handler);
        handler.handshakeFuture().addListener(shaken -> {
            if (!shaken.isSuccess()) {
                then.accept(shaken.cause());
                return;
            }
            count(handler);
            if (!part.tlsOnly) {
                upgrade(channel, then);
            } else {
                then.accept(null);
            }
        });
    }

    private void count(SslHandler handler) {
        if (handler.engine() instanceof ReferenceCountedOpenSslEngine engine
                && SSL.isSessionReused(engine.sslPointer())) {
            resumed.increment();
        }
    }

    private void upgrade(DuplexChannel channel, Consumer<@Nullable Throwable> then) {
        if (via.kind().isWebSocket()) {
            channel.pipeline()
                    .addBefore(channel.pipeline().lastContext().name(), "upgrade", new WebSocketUpgrade(via, then));
        } else {
            then.accept(null);
        }
    }
}
