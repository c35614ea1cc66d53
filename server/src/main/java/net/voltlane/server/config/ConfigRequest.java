package net.voltlane.server.config;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sources that a configuration is to be taken from.
 *
 * @param directory the working directory: home of {@code .env} and, where no other file is named, of
 *     {@code connserver.toml}
 * @param file the file that the operator named, relative to the directory; it must be there. Null: the default one,
 *     which need not
 * @param environment the variables of the process
 * @param listen what {@code --listen} says, or null
 * @param master what {@code --master} says, or null
 * @param writeDefault whether a default file that is not there is written
 */
public record ConfigRequest(
        Path directory,
        @Nullable Path file,
        Map<String, String> environment,
        @Nullable Address listen,
        @Nullable Address master,
        boolean writeDefault) {}
