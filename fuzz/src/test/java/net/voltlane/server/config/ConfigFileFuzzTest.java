package net.voltlane.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import net.voltlane.testkit.Bytes;

/** Any file is a configuration, which can be written and read again, or is refused in words for an operator. */
final class ConfigFileFuzzTest {

    @FuzzTest
    void anyFile(byte[] file) throws IOException {
        ConfigDirectory directory = new ConfigDirectory();
        directory.write(ConfigLoader.DEFAULT_FILE, file);
        LoadedConfig loaded = directory.load();
        if (loaded == null) {
            return;
        }
        directory.write(ConfigLoader.DEFAULT_FILE, Bytes.utf8(loaded.printed()));
        LoadedConfig again = directory.load();
        assertThat(again).as("what is printed can be read").isNotNull();
        assertThat(again.config()).isEqualTo(loaded.config());
    }
}
