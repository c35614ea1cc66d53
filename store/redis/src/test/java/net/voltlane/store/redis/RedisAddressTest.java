package net.voltlane.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisURI;
import io.lettuce.core.SslVerifyMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.voltlane.server.store.StoreException;
import net.voltlane.server.store.StoreProvider;
import net.voltlane.server.store.StoreSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses that a store takes, and those that it refuses; none shows its password. */
class RedisAddressTest {

    @Test
    void aSingleRedis() throws StoreException {
        RedisURI uri = only("redis://user:p%40ss@redis.example:6380/3");
        assertThat(uri.getHost()).isEqualTo("redis.example");
        assertThat(uri.getPort()).isEqualTo(6380);
        assertThat(uri.getDatabase()).isEqualTo(3);
        assertThat(uri.isSsl()).isFalse();
        assertThat(uri.getCredentialsProvider().resolveCredentials().block().getPassword())
                .containsExactly("p@ss".toCharArray());
        assertThat(only("redis://redis.example").getPort()).isEqualTo(6379);
        assertThat(only("redis://[::1]:7000").getPort()).isEqualTo(7000);
    }

    @Test
    void tls() throws StoreException {
        assertThat(only("rediss://redis.example").isSsl()).isTrue();
        assertThat(only("rediss://redis.example").getVerifyMode()).isEqualTo(SslVerifyMode.FULL);
        assertThat(only("rediss://redis.example?verifyPeer=ca").getVerifyMode()).isEqualTo(SslVerifyMode.CA);
    }

    @Test
    void sentinels() throws StoreException {
        RedisURI uri = only("redis-sentinel://secret@one:26379,two:26380/2#mymaster");
        assertThat(uri.getSentinelMasterId()).isEqualTo("mymaster");
        assertThat(uri.getDatabase()).isEqualTo(2);
        assertThat(uri.getSentinels()).extracting(RedisURI::getPort).containsExactly(26379, 26380);
        assertThat(uri.getTimeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(only("redis-sentinel://one#mymaster").getSentinels().get(0).getPort())
                .isEqualTo(26379);
    }

    @Test
    void aCluster() throws StoreException {
        RedisAddress address = RedisAddress.parse("rediss://:secret@one:7000,two?cluster=true");
        assertThat(address.isCluster()).isTrue();
        assertThat(address.place()).isEqualTo("rediss://one:7000,two");
        List<RedisURI> uris = address.uris(Duration.ofSeconds(3));
        assertThat(uris).extracting(RedisURI::getHost).containsExactly("one", "two");
        assertThat(uris).extracting(RedisURI::getPort).containsExactly(7000, 6379);
        assertThat(uris).allMatch(RedisURI::isSsl);
        assertThat(RedisAddress.parse("redis://one?cluster=true").isCluster()).isTrue();
    }

    /** The page is made from the words that the server has for the key. */
    @Test
    void theFormsThatTheConfigurationNamesAreUnderstood() throws Exception {
        String row = Files.readAllLines(Path.of("../../docs/CONFIGURATION.md")).stream()
                .filter(line -> line.startsWith("| `store.url`"))
                .collect(Collectors.joining());
        List<RedisAddress> named = new ArrayList<>();
        for (MatchResult url : Pattern.compile("rediss?(-sentinel)?://[^\\s`\"]*[^\\s`\".,]")
                .matcher(row)
                .results()
                .toList()) {
            named.add(RedisAddress.parse(url.group()));
        }
        assertThat(named).anyMatch(RedisAddress::isCluster);
        assertThat(named)
                .anyMatch(address -> address.uris(Duration.ofSeconds(3)).get(0).isSsl());
        assertThat(named)
                .anyMatch(address -> !address.uris(Duration.ofSeconds(3))
                        .get(0)
                        .getSentinels()
                        .isEmpty());
        assertThat(named).hasSizeGreaterThan(4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "redis://one,two                      | ?cluster=true",
                "redis://one/1?cluster=true           | no database",
                "redis-sentinel://one                 | the name that sentinels have",
                "redis-sentinel://one?cluster=true#m  | no sentinels",
                "redis://one#m                        | no # at the end",
                "redis://one/a                        | the number of a database",
                "redis://one?database=1               | options cluster, ca, cert, key and verifyPeer",
                "redis://one?cluster=yes              | one of true, false",
                "rediss://one?ca=/no/such/file        | a file that can be read behind ca=",
                "redis://one:port                     | redis://host:port",
                "redis://                             | redis://host:port",
                "http://one                           | redis://host:port",
            })
    void whatIsWrongIsSaid(String url, String expected) {
        assertThatThrownBy(() -> RedisAddress.parse(url.strip()))
                .isInstanceOf(StoreException.class)
                .hasNoCause()
                .hasMessageStartingWith("store.url: " + url.strip() + " (expected: ")
                .hasMessageContaining(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://user:secret@",
                "redis://user:secret@one,two",
                "redis://user:secret@one/x",
                "redis://user:secret%zz@one",
                "redis://user:se@cret/secret?@one:1x",
                "rediss://:secret@one?what=1",
                "redis:secret@one",
                "secret",
                "redis-sentinel://secret@one",
            })
    void aWrongAddressDoesNotShowItsPassword(String url) {
        assertThatThrownBy(() -> RedisAddress.parse(url))
                .isInstanceOf(StoreException.class)
                .hasNoCause()
                .hasMessageStartingWith("store.url: ")
                .hasMessageNotContaining("secret")
                .hasMessageNotContaining("cret/");
    }

    @Test
    void anAddressDoesNotShowItsPassword() throws StoreException {
        RedisAddress address = RedisAddress.parse("redis://user:s%2Dcret@one");
        assertThat(address.toString() + address.place()).isEqualTo("redis://oneredis://one");
        Troubles troubles = new Troubles(address, 1_000);
        assertThat(troubles.text(new Question.RedisSaid("ERR unknown command, with args 'user' 's-cret' 's%2Dcret'")))
                .isEqualTo("Redis at redis://one answers with an error"
                        + " (ERR unknown command, with args 'user' '***' '***')");
    }

    @Test
    void theProviderIsFoundAndChecksSettings() throws StoreException {
        StoreProvider provider = ServiceLoader.load(StoreProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(one -> one.kind().equals("redis"))
                .findAny()
                .orElseThrow();
        provider.check(RedisServer.settings("redis://one", "a", 1));
        assertThatThrownBy(() -> provider.check(RedisServer.settings("redis://one", "a", 0)))
                .hasMessage("store.timeout_ms: 0 (expected: over 0)");
        StoreSettings settings = RedisServer.settings("redis://one", "a", 1);
        assertThatThrownBy(() -> provider.check(
                        new StoreSettings(settings.path(), settings.url(), "a b", 1, settings.owner(), "")))
                .hasMessageStartingWith("store.prefix: a b (expected: ");
    }

    private static RedisURI only(String url) throws StoreException {
        List<RedisURI> uris = RedisAddress.parse(url).uris(Duration.ofSeconds(3));
        assertThat(uris).hasSize(1);
        return uris.get(0);
    }
}
