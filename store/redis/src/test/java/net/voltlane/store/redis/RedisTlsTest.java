package net.voltlane.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import net.voltlane.server.store.RecordStore;
import net.voltlane.testkit.Ports;
import net.voltlane.testkit.certificates.TestAuthority;
import net.voltlane.testkit.certificates.TestCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store reaches its Redis by TLS, and only the one whose certificate is good. */
class RedisTlsTest {
    private static final String A = "a".repeat(32);

    @TempDir
    Path folder;

    @Test
    void redisIsReachedByTlsWithCertificatesOnBothSides() throws Exception {
        TestAuthority authority = TestAuthority.create("Redis's authority");
        Path ca = authority.write(folder, "ca.pem");
        TestCertificate.Pair redis = authority.server("127.0.0.1").write(folder, "redis");
        TestCertificate.Pair own = authority.server("voltlane").write(folder, "own");
        int tls = Ports.free();
        try (RedisServer server = RedisServer.start(
                folder,
                "--tls-port",
                "" + tls,
                "--tls-cert-file",
                redis.chain().toString(),
                "--tls-key-file",
                redis.key().toString(),
                "--tls-ca-cert-file",
                ca.toString())) {
            String url = "rediss://127.0.0.1:" + tls;
            String own2 = "&cert=" + own.chain() + "&key=" + own.key();
            Heard good = new Heard();
            try (RecordStore store = open(url + "?ca=" + ca + own2, good)) {
                good.awaitUp();
                assertThat(store.facts().place()).isEqualTo(url);
            }
            Heard other = new Heard();
            Path foreign = TestAuthority.create("Somebody else").write(folder, "other.pem");
            try (RecordStore store = open(url + "?ca=" + foreign + own2, other)) {
                assertThat(other.awaitDown()).contains("can't be reached by TLS");
                assertThat(store.isUp()).isFalse();
            }
            Heard without = new Heard();
            try (RecordStore store = open("rediss://127.0.0.1:" + server.port() + "?ca=" + ca, without)) {
                assertThat(without.awaitDown()).contains("Redis at rediss://");
                assertThat(store.isUp()).isFalse();
            }
        }
    }

    private static RecordStore open(String url, Heard heard) throws Exception {
        return new RedisStoreProvider().open(RedisServer.settings(url, A, 5_000), heard);
    }
}
