package net.voltlane.server.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.ReferenceCountUtil;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import net.voltlane.tcp.pem.PemException;
import net.voltlane.tcp.pem.PemFiles;
import org.jspecify.annotations.Nullable;

/**
 * A generation of certificates, ready for connections. A change of the files makes a new generation; connections keep
 * the one that they began with. Immutable but for the keys of session tickets. Thread-safe.
 */
final class TlsContext {
    /** Authenticated encryption with forward secrecy. Those of TLS 1.3 all are. */
    private static final List<String> CIPHERS = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private static final int TICKET_LIFE_SECS = 2 * 3600;

    private final List<Identity> identities;
    private final String clientCa;
    private final Map<TlsProtocol, SslContext> contexts = new EnumMap<>(TlsProtocol.class);

    /** Reads all files, which blocks. */
    TlsContext(TlsFiles files, SslProvider provider) throws TlsException {
        List<Identity> all = new ArrayList<>();
        for (TlsFiles.Pair pair : files.certificates()) {
            Identity identity = Identity.read(pair);
            if (provider != SslProvider.JDK && identity.isEdwards()) {
                throw new TlsException(pair.keySetting() + ": " + pair.key()
                        + ": a key of Ed25519 or Ed448 (expected: RSA or an elliptic curve such as P-256, which all"
                        + " clients know)");
            }
            all.add(identity);
        }
        identities = List.copyOf(all);
        TrustManager trusted = clientAuthorities(files.clientCa());
        clientCa = trusted == null ? "" : fingerprint((X509TrustManager) trusted);
        try {
            for (TlsProtocol protocol : TlsProtocol.values()) {
                contexts.put(protocol, build(files, provider, trusted, protocol));
            }
        } catch (TlsException e) {
            release(); // the first has native memory, though the second can't be had
            throw e;
        }
    }

    private static @Nullable TrustManager clientAuthorities(String file) throws TlsException {
        if (file.isEmpty()) {
            return null;
        }
        try {
            return PemFiles.trustManagers(Path.of(file))[0];
        } catch (PemException e) {
            throw new TlsException("tls.client_ca: " + e.getMessage());
        }
    }

    private static String fingerprint(X509TrustManager trusted) throws TlsException {
        List<String> digests = new ArrayList<>();
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            for (X509Certificate authority : trusted.getAcceptedIssuers()) {
                digests.add(HexFormat.of().formatHex(sha256.digest(authority.getEncoded())));
            }
        } catch (GeneralSecurityException e) {
            throw new TlsException("tls.client_ca: a certificate can't be used: " + e.getMessage());
        }
        Collections.sort(digests);
        return String.join(",", digests);
    }

    /** BoringSSL's keeps each certificate in the engine's own form, instead of making it anew for each handshake. */
    private KeyManagerFactory keys(SslProvider provider) {
        KeyManagerFactory keys = new SniKeyManagerFactory(new SniKeyManager(identities));
        return provider == SslProvider.JDK ? keys : new OpenSslCachingX509KeyManagerFactory(keys);
    }

    private SslContext build(TlsFiles files, SslProvider provider, @Nullable TrustManager trusted, TlsProtocol protocol)
            throws TlsException {
        SslContextBuilder builder = SslContextBuilder.forServer(keys(provider))
                .sslProvider(provider)
                .protocols(files.isOnly13() ? new String[] {"TLSv1.3"} : new String[] {"TLSv1.3", "TLSv1.2"})
                .ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        protocol.alpn()))
                .sessionTimeout(TICKET_LIFE_SECS);
        if (trusted != null) {
            boolean isNative = provider != SslProvider.JDK && trusted instanceof X509ExtendedTrustManager;
            builder.trustManager(isNative ? new ClientAuthorities((X509ExtendedTrustManager) trusted) : trusted)
                    .clientAuth(ClientAuth.REQUIRE);
        }
        try {
            SslContext context = builder.build();
            if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
                sessions.setSessionCacheEnabled(false); // tickets instead: the server keeps nothing for who went away
            }
            return context;
        } catch (SSLException | RuntimeException e) {
            throw new TlsException("tls.certificate: can't be used for TLS: " + e.getMessage());
        }
    }

    /** Has tickets encrypted and opened with these keys from now on. The JDK's TLS has keys of its own. */
    void tickets(TicketKeys keys) {
        for (SslContext context : contexts.values()) {
            if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
                sessions.setTicketKeys(keys.all());
            }
        }
    }

    /** An engine for one connection that has just been accepted. */
    SSLEngine newEngine(ByteBufAllocator allocator, TlsProtocol protocol) {
        // By way of a handler: the engine then takes and gives several records at a time.
        return Objects.requireNonNull(contexts.get(protocol))
                .newHandler(allocator)
                .engine();
    }

    /** A text that tells the authorities of clients from others; empty if clients need no certificate. */
    String clientCa() {
        return clientCa;
    }

    /** Frees it. Connections that use it keep it until they close. */
    void release() {
        contexts.values().forEach(ReferenceCountUtil::release);
    }

    /**
     * Says which certificate is not valid at this moment; null if all are.
     *
     * @param nowMillis milliseconds since 1970
     */
    @Nullable
    String invalid(long nowMillis) {
        for (Identity identity : identities) {
            String fault = null;
            if (nowMillis > identity.expiresAtMillis()) {
                fault = "expired on " + ExpiryWarnings.shown(identity.expiresAtMillis());
            } else if (nowMillis < identity.beginsAtMillis()) {
                fault = "is not valid before " + ExpiryWarnings.shown(identity.beginsAtMillis());
            }
            if (fault != null) {
                return "tls.certificate: the certificate for " + identity.shown() + " " + fault
                        + " (expected: one that is valid now)";
            }
        }
        return null;
    }

    /** The certificates, the default first. */
    List<Identity> identities() {
        return identities;
    }
}
