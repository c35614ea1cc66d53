package net.voltlane.systemtest.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import net.voltlane.server.config.ConfigLoader;
import net.voltlane.server.config.ConfigRequest;
import net.voltlane.testkit.pages.Block;
import net.voltlane.testkit.pages.Page;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every TOML block of the pages is a configuration that the server takes as it stands. */
class ConfigurationBlocksTest {
    @TempDir
    Path folder;

    static Stream<Block> configurations() {
        return Page.all().stream().flatMap(page -> page.blocks("toml").stream());
    }

    @Test
    void thereAreSome() {
        assertThat(configurations()).hasSizeGreaterThan(4);
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void theServerTakesIt(Block block) throws Exception {
        Files.writeString(folder.resolve(ConfigLoader.DEFAULT_FILE), block.text());

        assertThatCode(() -> ConfigLoader.load(new ConfigRequest(folder, null, Map.of(), null, null, false)))
                .as(block.toString())
                .doesNotThrowAnyException();
    }
}
