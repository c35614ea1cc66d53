package net.voltlane.systemtest.cuts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.voltlane.backend.BackendTls;
import net.voltlane.testkit.certificates.TestAuthority;
import net.voltlane.testkit.certificates.TestCertificate;

/** A backend's certificate for loopback, and the authority that servers trust. Made once, for all stages. */
final class CutTls {
    static final CutTls INSTANCE = new CutTls();

    final BackendTls backend;
    /** A server with the same certificate and without a memory: no session of TLS is resumed. */
    final BackendTls forgetful;

    final Path ca;

    private CutTls() {
        try {
            Path folder = Files.createTempDirectory("cut-tls");
            folder.toFile().deleteOnExit();
            TestAuthority authority = TestAuthority.create("cuts");
            ca = authority.write(folder, "ca");
            TestCertificate certificate = authority.server("127.0.0.1");
            TestCertificate.Pair own = certificate.write(folder, "backend");
            backend = BackendTls.ofPem(own.chain(), own.key());
            forgetful = BackendTls.of(new ForgetfulContext(certificate.keyManagers()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
