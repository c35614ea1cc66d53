package net.voltlane.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.voltlane.server.guard.CidrSet;
import org.junit.jupiter.api.io.TempDir;

/** Tests of the loader of settings, with files in a folder of their own. */
abstract class ConfigCase {
    @TempDir
    Path directory;

    static CidrSet networks(String... entries) {
        CidrSet set = CidrSet.of(List.of(entries));
        assertThat(set).isNotNull();
        return set;
    }

    LoadedConfig load() throws ConfigException {
        return load(Map.of());
    }

    LoadedConfig load(Map<String, String> environment) throws ConfigException {
        return ConfigLoader.load(new ConfigRequest(directory, null, environment, null, null, true));
    }

    LoadedConfig load(Path file) throws ConfigException {
        return ConfigLoader.load(new ConfigRequest(directory, file, Map.of(), null, null, true));
    }

    List<String> errors(Map<String, String> environment) {
        return catchThrowableOfType(ConfigException.class, () -> load(environment))
                .lines();
    }

    void file(String text) throws IOException {
        file("connserver.toml", text);
    }

    void file(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }

    List<String> filesInDirectory() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
