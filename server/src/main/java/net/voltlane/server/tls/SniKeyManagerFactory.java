package net.voltlane.server.tls;

import io.netty.handler.ssl.util.SimpleKeyManagerFactory;
import java.security.KeyStore;
import javax.net.ssl.KeyManager;
import javax.net.ssl.ManagerFactoryParameters;
import org.jspecify.annotations.Nullable;

/** Hands out a key manager that is there already, where the engines ask for a factory. */
final class SniKeyManagerFactory extends SimpleKeyManagerFactory {
    private final KeyManager keys;

    SniKeyManagerFactory(SniKeyManager keys) {
        this.keys = keys;
    }

    @Override
    protected void engineInit(@Nullable KeyStore store, char @Nullable [] password) {
        // there is nothing to be read
    }

    @Override
    protected void engineInit(@Nullable ManagerFactoryParameters parameters) {
        // there is nothing to be read
    }

    @Override
    protected KeyManager[] engineGetKeyManagers() {
        return new KeyManager[] {keys};
    }
}
