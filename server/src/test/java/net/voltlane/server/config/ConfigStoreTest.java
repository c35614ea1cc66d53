package net.voltlane.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The settings of the store, and that no message shows what is secret in them. */
class ConfigStoreTest extends ConfigCase {
    private static final String KEY = "00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF";
    private static final String URL = "rediss://ops:s3:cr@t/e@redis.example.com:6380/2";

    @Test
    void everySettingIsRead() throws Exception {
        file("""
                [server]
                name = "eu-1"
                advertise = "eu-1.example.com:42000"
                [store]
                kind = "redis"
                url = "rediss://redis.example.com:6380"
                prefix = "game:eu"
                timeout_ms = 500
                when_away = "refuse"
                """);

        ServerConfig config = load().config();

        assertThat(config.server().name()).isEqualTo("eu-1");
        assertThat(config.server().advertise()).contains(new Address("eu-1.example.com", 42000));
        assertThat(config.store())
                .extracting(Store::kind, Store::url, Store::prefix, Store::timeoutMs, Store::whenAway)
                .containsExactly(StoreKind.REDIS, "rediss://redis.example.com:6380", "game:eu", 500, WhenAway.REFUSE);
    }

    @Test
    void nothingIsKeptOutsideOfTheProcessByDefault() {
        ServerConfig defaults = ServerConfig.defaults();

        assertThat(defaults.store())
                .extracting(Store::kind, Store::path, Store::url, Store::prefix, Store::timeoutMs, Store::whenAway)
                .containsExactly(
                        StoreKind.MEMORY, "sessions.db", "redis://127.0.0.1:6379", "voltlane", 2000, WhenAway.CONTINUE);
        assertThat(defaults.server()).extracting(Server::name).isEqualTo("");
        assertThat(defaults.server().advertise()).isEmpty();
        assertThat(defaults.listener().key()).isEmpty();
    }

    @Test
    void aRelativePathStartsAtTheFolderOfTheFile() throws Exception {
        Files.createDirectory(directory.resolve("etc"));
        file("etc/mine.toml", "[store]\nkind = 'file'\npath = 'data/s.db'\n");

        assertThat(load(Path.of("etc/mine.toml")).config().store().path()).isEqualTo("etc/data/s.db");
    }

    @Test
    void theKeyIsRead() throws Exception {
        ServerConfig config =
                load(Map.of("VOLTLANE_LISTENER_KEY", " " + KEY + "\n")).config();

        assertThat(config.listener().key()).isEqualToIgnoringCase(KEY);
    }

    @Test
    void secretsAreNotShown() throws Exception {
        LoadedConfig loaded = load(Map.of("VOLTLANE_LISTENER_KEY", KEY, "VOLTLANE_STORE_URL", URL));

        assertThat(loaded.config().store().url()).isEqualTo(URL);
        assertThat(loaded.config().store().shownUrl()).isEqualTo("rediss://(hidden)@redis.example.com:6380/2");
        assertThat(loaded.settings().toString()
                        + loaded.config()
                        + loaded.config().listener())
                .contains("(hidden)")
                .doesNotContainIgnoringCase(KEY)
                .doesNotContain("s3:cr", "ops:");
    }

    @Test
    void secretsAreNotShownWhereTheyAreWrong() {
        assertThat(errors(Map.of("VOLTLANE_LISTENER_KEY", KEY + "0", "VOLTLANE_STORE_URL", "ops:s3cret@redis")))
                .containsExactly(
                        "VOLTLANE_LISTENER_KEY: (hidden) (expected: 64 hexadecimal digits, as in a key file, or \"\")",
                        "VOLTLANE_STORE_URL: (hidden) (expected: a URL, such as redis://127.0.0.1:6379 or"
                                + " rediss://user:password@redis.example.com:6380/0)");
    }

    @Test
    void aNumberInPlaceOfTheKeyIsNotShown() throws Exception {
        file("[listener]\nkey = 12345\n");

        assertThat(errors(Map.of()).toString())
                .contains("listener.key: (hidden)")
                .doesNotContain("12345");
    }

    @Test
    void recordsNeedAKeyThatOutlivesTheProcess() throws Exception {
        file("[listener]\nkey_file = ''\n[store]\nkind = 'redis'\n");

        assertThat(errors(Map.of()))
                .containsExactly(
                        "listener.key_file: \"\" (expected: a file, or listener.key, since store.kind is redis)");
        assertThat(load(Map.of("VOLTLANE_LISTENER_KEY", KEY)).config().store().kind())
                .isEqualTo(StoreKind.REDIS);
    }

    @Test
    void aFileStoreNeedsAFile() throws Exception {
        file("[store]\nkind = 'file'\npath = ''\n");

        assertThat(errors(Map.of())).containsExactly("store.path: \"\" (expected: a file, since store.kind is file)");
    }

    @Test
    void namesAreChecked() {
        assertThat(errors(Map.of("VOLTLANE_SERVER_NAME", "a b", "VOLTLANE_STORE_PREFIX", "")))
                .containsExactlyInAnyOrder(
                        "VOLTLANE_SERVER_NAME: a b (expected: up to 64 letters, digits and . _ : / -, or \"\")",
                        "VOLTLANE_STORE_PREFIX: \"\" (expected: up to 64 letters, digits and . _ : / -)");
    }
}
