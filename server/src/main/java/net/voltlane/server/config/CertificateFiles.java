package net.voltlane.server.config;

import java.nio.file.Path;

/**
 * The files of one certificate, relative to the working directory.
 *
 * @param certificate PEM with the certificate and the chain behind it
 * @param key PEM with its private key
 */
public record CertificateFiles(String certificate, String key) {
    CertificateFiles from(Path folder) {
        return new CertificateFiles(
                folder.resolve(certificate).toString(), folder.resolve(key).toString());
    }

    /** {@code certificate:key}, the form that variables have. */
    @Override
    public String toString() {
        return certificate + ":" + key;
    }
}
