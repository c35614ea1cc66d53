package net.voltlane.server.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the certificate for the server that a client names. A client that names none, or one that no certificate is
 * for, gets the first. If several certificates match the name, only the first is considered. Immutable.
 */
final class SniKeyManager extends X509ExtendedKeyManager {
    private final List<Identity> identities;

    SniKeyManager(List<Identity> identities) {
        this.identities = identities;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        int chosen = chosen(engine == null ? null : named(engine));
        return isOf(identities.get(chosen), keyType) ? Integer.toString(chosen) : null;
    }

    private int chosen(@Nullable String server) {
        for (int i = 0; i < identities.size(); i++) {
            if (identities.get(i).isFor(server)) {
                return i;
            }
        }
        return 0;
    }

    private static boolean isOf(Identity identity, String keyType) {
        String algorithm = identity.certificate().getPublicKey().getAlgorithm();
        return keyType.equals(algorithm) || keyType.startsWith(algorithm + "_") || isEdwards(algorithm, keyType);
    }

    private static boolean isEdwards(String algorithm, String keyType) {
        return algorithm.equals("EdDSA") && keyType.startsWith("Ed");
    }

    private static @Nullable String named(SSLEngine engine) {
        if (!(engine.getHandshakeSession() instanceof ExtendedSSLSession session)) {
            return null;
        }
        for (SNIServerName name : session.getRequestedServerNames()) {
            if (name instanceof SNIHostName host) {
                return host.getAsciiName();
            }
        }
        return null;
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        Identity identity = of(alias);
        return identity == null ? null : identity.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        Identity identity = of(alias);
        return identity == null ? null : identity.key();
    }

    private @Nullable Identity of(String alias) {
        int index = Integer.parseInt(alias);
        return index < identities.size() ? identities.get(index) : null;
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        String alias = chooseEngineServerAlias(keyType, issuers, null);
        return alias == null ? null : new String[] {alias};
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return chooseEngineServerAlias(keyType, issuers, null);
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
