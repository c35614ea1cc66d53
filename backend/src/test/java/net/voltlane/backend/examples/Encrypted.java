package net.voltlane.backend.examples;

import java.io.IOException;
import java.nio.file.Path;
import net.voltlane.backend.BackendOptions;
import net.voltlane.backend.BackendTls;
import net.voltlane.backend.Handler;
import net.voltlane.backend.VoltlaneBackend;

final class Encrypted {
    private Encrypted() {}

    static VoltlaneBackend listen(Handler handler) throws IOException {
        BackendTls tls = BackendTls.ofPem(Path.of("backend.pem"), Path.of("backend.key"))
                .requireClientCertificates(Path.of("servers-ca.pem"));
        VoltlaneBackend backend = VoltlaneBackend.listen("0.0.0.0:42001", handler, BackendOptions.DEFAULT.withTls(tls));
        return backend;
    }
}
