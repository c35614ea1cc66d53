package net.voltlane.server.tls;

import java.util.List;

/**
 * The files that a server's TLS is made of, and the oldest version that it speaks.
 *
 * @param certificates of the server, at least one; the first one is for clients that name no server, or an unknown one
 * @param clientCa the authorities of clients in PEM; empty: clients need no certificate
 * @param isOnly13 true: clients must speak TLS 1.3
 */
public record TlsFiles(List<Pair> certificates, String clientCa, boolean isOnly13) {
    /**
     * The files of one certificate.
     *
     * @param setting the name of the setting that the certificate's file stands in, for messages
     * @param certificate PEM with the certificate and the chain behind it
     * @param keySetting the name of the setting that the key's file stands in
     * @param key PEM with its private key
     */
    public record Pair(String setting, String certificate, String keySetting, String key) {}
}
