package net.voltlane.server.config;

import java.util.List;

/**
 * A configuration that was found to be in order.
 *
 * @param config the values
 * @param printed the same as a TOML file, each value with its origin as a comment. No key's value is a secret: of the
 *     server's key only the file's name is here
 * @param sources where the values come from, in one line: the file, then what overrides it. Names alone, no values
 * @param notes what the operator may like to know, a line each
 * @param warnings what is likely a mistake, but no reason not to start, a line each
 */
public record LoadedConfig(
        ServerConfig config, String printed, String sources, List<String> notes, List<String> warnings) {}
