package net.voltlane.server.tls;

import java.security.SecureRandom;
import java.util.List;
import net.voltlane.server.link.MemoryAccount;
import net.voltlane.server.metrics.Metrics;
import net.voltlane.testkit.certificates.TestCertificate;

/** TLS with one certificate, for tests of other packages. */
public final class TlsDoors {
    private TlsDoors() {}

    /** @param isNative true: by BoringSSL; false: by the JDK */
    public static ServerTls of(TestCertificate.Pair files, Metrics metrics, MemoryAccount memory, boolean isNative)
            throws TlsException {
        TlsFiles.Pair pair = new TlsFiles.Pair(
                "tls.certificate",
                files.chain().toString(),
                "tls.key",
                files.key().toString());
        return new ServerTls(
                new TlsFiles(List.of(pair), "", false),
                new ServerTls.Dependencies(metrics, memory, new SecureRandom(), () -> 0, System::currentTimeMillis),
                isNative);
    }
}
