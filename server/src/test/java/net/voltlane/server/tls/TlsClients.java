package net.voltlane.server.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.internal.tcnative.SSL;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import net.voltlane.testkit.certificates.TestAuthority;
import net.voltlane.testkit.certificates.TestCertificate;
import org.jspecify.annotations.Nullable;

/** A client program, by BoringSSL or by the JDK's TLS. It keeps the tickets that servers give it. */
final class TlsClients {
    private static final int PORT = 443;

    private final SslContext context;
    private final boolean isNative;

    /** @param protocols by ALPN; none: the client does not use it */
    TlsClients(
            boolean isNative,
            TestAuthority trusted,
            @Nullable TestCertificate own,
            String version,
            String... protocols) {
        this.isNative = isNative;
        try {
            SslContextBuilder builder = SslContextBuilder.forClient()
                    .sslProvider(isNative ? SslProvider.OPENSSL : SslProvider.JDK)
                    .trustManager(trusted.trustManagers()[0])
                    .endpointIdentificationAlgorithm(null) // tests look at the certificate themselves
                    .protocols(version);
            if (own != null) {
                builder.keyManager(own.keyManagers()[0]);
            }
            if (protocols.length > 0) {
                builder.applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        protocols));
            }
            context = builder.build();
        } catch (SSLException e) {
            throw new AssertionError(e);
        }
    }

    /** A connection to a server of this name, which has a dot in it. */
    Connection to(String server) {
        return new Connection(context.newEngine(ByteBufAllocator.DEFAULT, server, PORT));
    }

    final class Connection {
        final SSLEngine engine;
        final TlsPeer peer;

        private Connection(SSLEngine engine) {
            this.engine = engine;
            if (engine instanceof ReferenceCountedOpenSslEngine open) {
                // Netty's clients of TLS 1.2 resume by the id of their session alone, which our server does not keep.
                SSL.clearOptions(open.sslPointer(), SSL.SSL_OP_NO_TICKET);
            }
            peer = new TlsPeer(engine);
        }

        X509Certificate serverCertificate() {
            try {
                return (X509Certificate) engine.getSession().getPeerCertificates()[0];
            } catch (SSLPeerUnverifiedException e) {
                throw new AssertionError(e);
            }
        }

        /** True if a ticket of the connection before saved the full handshake. */
        boolean isResumedAfter(Connection before) {
            return isNative
                    ? SSL.isSessionReused(((ReferenceCountedOpenSslEngine) engine).sslPointer())
                    : engine.getSession().getCreationTime()
                            == before.engine.getSession().getCreationTime();
        }
    }
}
