package net.voltlane.systemtest.cuts;

import java.security.GeneralSecurityException;
import java.security.KeyManagementException;
import java.security.SecureRandom;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/** A context of TLS whose every engine has a context of its own, so that none knows the tickets of an earlier one. */
final class ForgetfulContext extends SSLContext {
    ForgetfulContext(KeyManager[] own) {
        super(new Spi(own), null, "TLS");
    }

    private static final class Spi extends SSLContextSpi {
        private final KeyManager[] own;

        Spi(KeyManager[] own) {
            this.own = own;
        }

        @Override
        protected SSLEngine engineCreateSSLEngine() {
            try {
                SSLContext fresh = SSLContext.getInstance("TLS");
                fresh.init(own, null, null);
                return fresh.createSSLEngine();
            } catch (GeneralSecurityException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(String host, int port) {
            return engineCreateSSLEngine();
        }

        @Override
        protected void engineInit(KeyManager[] keys, TrustManager[] trusted, SecureRandom random)
                throws KeyManagementException {
            throw new UnsupportedOperationException();
        }

        @Override
        protected SSLSocketFactory engineGetSocketFactory() {
            throw new UnsupportedOperationException();
        }

        @Override
        protected SSLServerSocketFactory engineGetServerSocketFactory() {
            throw new UnsupportedOperationException();
        }

        @Override
        protected SSLSessionContext engineGetServerSessionContext() {
            throw new UnsupportedOperationException();
        }

        @Override
        protected SSLSessionContext engineGetClientSessionContext() {
            throw new UnsupportedOperationException();
        }
    }
}
