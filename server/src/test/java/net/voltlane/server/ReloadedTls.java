package net.voltlane.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.voltlane.server.config.Address;
import net.voltlane.server.config.CertificateFiles;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.testkit.certificates.TestAuthority;
import net.voltlane.testkit.certificates.TestCertificate;

/** The certificates for trials of the settings in section {@code tls}, in a folder that ends with the tests. */
final class ReloadedTls {
    private final TestAuthority authority = TestAuthority.create("reloads");
    private final Path folder = folder();
    private final TestCertificate.Pair first = authority.server("localhost").write(folder, "first");
    private final TestCertificate.Pair other = authority.server("other.example").write(folder, "other");

    private static Path folder() {
        try {
            Path folder = Files.createTempDirectory("voltlane-tls");
            folder.toFile().deleteOnExit();
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A configuration with TLS. */
    ServerConfig first(ServerConfig config) {
        return config.withTls(config.tls()
                .withAddress(new Address("127.0.0.1", 0))
                .withCertificate(first.chain().toString())
                .withKey(first.key().toString()));
    }

    /** The first certificate without that of its authority. */
    String withoutChain() {
        try {
            String pem = Files.readString(first.chain());
            return written("leaf.pem", pem.substring(0, pem.indexOf("-----BEGIN", 1)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String written(String name, String text) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text);
        file.toFile().deleteOnExit();
        return file.toString();
    }

    String missing() {
        return folder.resolve("missing").toString();
    }

    List<CertificateFiles> others() {
        return List.of(
                new CertificateFiles(other.chain().toString(), other.key().toString()));
    }

    String authority() {
        Path file = authority.write(folder, "authority");
        file.toFile().deleteOnExit();
        return file.toString();
    }

    /** A client that has shaken hands. */
    TlsClient connect(ReloadStage stage, String name) throws IOException {
        return client(stage, name).handshake();
    }

    TlsClient client(ReloadStage stage, String name) throws IOException {
        for (Path file : List.of(first.chain(), first.key(), other.chain(), other.key())) {
            file.toFile().deleteOnExit();
        }
        InetSocketAddress to = (InetSocketAddress) stage.server.addresses().get("tls");
        return TlsClient.connect(to, TlsClient.context(authority, null), name);
    }
}
