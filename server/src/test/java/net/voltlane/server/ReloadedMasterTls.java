package net.voltlane.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.UnaryOperator;
import net.voltlane.server.config.Address;
import net.voltlane.server.config.Master;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.server.link.Logged;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.uplink.UplinkDoors;
import net.voltlane.testkit.certificates.TestAuthority;
import net.voltlane.testkit.certificates.TestCertificate;

/**
 * Trials of the settings for TLS towards the master. Each shows that the next dial goes by a reload, and those of files
 * also that a file that can't be used changes nothing, and is told.
 */
final class ReloadedMasterTls {
    private final TestAuthority backends = TestAuthority.create("backends");
    private final TestAuthority others = TestAuthority.create("others");
    private final TestAuthority servers = TestAuthority.create("servers");
    private final Path folder = folder();
    private TestCertificate own = servers.server("voltlane.example");
    private TestCertificate.Pair files = own.write(folder, "server");
    private TlsFront front;

    private static Path folder() {
        try {
            Path folder = Files.createTempDirectory("voltlane-master-tls");
            folder.toFile().deleteOnExit();
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A configuration with TLS towards the master, before whom a front is put that speaks it. */
    ServerConfig before(ServerConfig config) {
        Master master = config.master();
        own = servers.server("voltlane.example");
        files = own.write(folder, "server");
        try {
            front = new TlsFront(
                    new InetSocketAddress(
                            master.address().host(), master.address().port()),
                    servers,
                    backends.server("127.0.0.1"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return config.withMaster(master.withAddress(new Address("127.0.0.1", front.port()))
                .withTls(true)
                .withCa(backends.write(folder, "backends").toString())
                .withCertificate(files.chain().toString(), files.key().toString()));
    }

    void ca(ReloadStage it) throws Exception {
        try (TlsFront ends = front) {
            ends.next();
            keepsTheOld(it, master -> master.withCa(missing()), "master.ca: ");
            ends.shows(others.server("127.0.0.1"));
            it.reload(master(
                    master -> master.withCa(others.write(folder, "others").toString())));
            assertThat(redials(it)).isEqualTo(own.chain());
        } finally {
            clean();
        }
    }

    void certificate(ReloadStage it) throws Exception {
        String key = files.key().toString();
        try (TlsFront ends = front) {
            ends.next();
            keepsTheOld(it, master -> master.withCertificate(missing(), key), "master.certificate: ");
            Path leaf = Files.writeString(
                    folder.resolve("leaf.pem"),
                    new TestCertificate(own.key(), own.chain().subList(0, 1)).chainPem());
            it.reload(master(master -> master.withCertificate(leaf.toString(), key)));
            assertThat(redials(it)).isEqualTo(own.chain().subList(0, 1));
        } finally {
            clean();
        }
    }

    void key(ReloadStage it) throws Exception {
        String chain = files.chain().toString();
        try (TlsFront ends = front) {
            ends.next();
            TestCertificate renewed = servers.server("voltlane.example");
            Path key = renewed.write(folder, "server").key().resolveSibling("renewed.key");
            keepsTheOld(it, master -> master.withCertificate(chain, missing()), "master.key: ");
            Files.writeString(key, own.keyPem());
            keepsTheOld(it, master -> master.withCertificate(chain, key.toString()), "master.key: ");
            Path right = Files.writeString(folder.resolve("right.key"), renewed.keyPem());
            it.reload(master(master -> master.withCertificate(chain, right.toString())));
            assertThat(redials(it)).isEqualTo(renewed.chain());
        } finally {
            clean();
        }
    }

    /** Files that are replaced are used by the next dial, without a reload. */
    void renewed(ReloadStage it) throws Exception {
        try (TlsFront ends = front;
                Logged log = new Logged(UplinkDoors.tlsLog())) {
            ends.next();
            TestCertificate renewed = servers.server("voltlane.example");
            renewed.write(folder, "server");
            assertThat(redials(it)).isEqualTo(renewed.chain());
            assertThat(log.lines()).isEmpty();
            Files.writeString(files.key(), "cut off");
            assertThat(redials(it)).isEqualTo(renewed.chain());
            assertThat(redials(it)).isEqualTo(renewed.chain());
            assertThat(log.lines()).singleElement().asString().contains("stay in use: master.key: " + files.key());
            own.write(folder, "server");
            assertThat(redials(it)).isEqualTo(own.chain());
        } finally {
            clean();
        }
    }

    void serverName(ReloadStage it) throws Exception {
        try (TlsFront ends = front) {
            ends.next();
            ends.shows(backends.server("other.example"));
            it.firehose.cut();
            it.awaitCount(Metric.MASTER_TLS_FAILED, 1);
            it.reload(master(master -> master.withServerName("other.example")));
            it.firehose = it.master.accept();
            assertThat(ends.next()).isEqualTo(own.chain());
        } finally {
            clean();
        }
    }

    /** Reloads with a file that can't be used: that is told, and the next dial shows and trusts what the last one did. */
    private void keepsTheOld(ReloadStage it, UnaryOperator<Master> change, String key) throws Exception {
        try (Logged log = new Logged(UplinkDoors.tlsLog())) {
            it.reload(master(change));
            assertThat(log.lines()).hasSize(1);
            assertThat(log.lines().get(0))
                    .startsWith("WARN The old certificates towards the master stay in use: " + key)
                    .contains(folder.toString());
        }
        assertThat(redials(it)).isEqualTo(own.chain());
    }

    private List<X509Certificate> redials(ReloadStage it) throws InterruptedException {
        it.firehose.cut();
        it.firehose = it.master.accept();
        return front.next();
    }

    private String missing() {
        return folder.resolve("missing.pem").toString();
    }

    private static UnaryOperator<ServerConfig> master(UnaryOperator<Master> change) {
        return config -> config.withMaster(change.apply(config.master()));
    }

    private void clean() throws IOException {
        try (var all = Files.list(folder)) {
            all.forEach(file -> file.toFile().delete());
        }
    }
}
