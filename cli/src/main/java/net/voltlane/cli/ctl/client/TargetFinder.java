package net.voltlane.cli.ctl.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.voltlane.protocol.SystemWords;
import net.voltlane.server.config.Address;
import net.voltlane.server.config.Admin;
import net.voltlane.server.config.ConfigLoader;
import net.voltlane.server.config.ConfigRequest;
import org.jspecify.annotations.Nullable;

/**
 * Finds the admin server and its token as the server itself does: in the configuration file, {@code .env} and the
 * environment. What the command line names wins.
 */
public final class TargetFinder {
    private static final String ANY_IPV4 = "0.0.0.0";
    private static final String ANY_IPV6 = "::";
    private static final int MAX_TOKEN_BYTES = 4096;

    private final Path directory;
    private final Map<String, String> environment;

    /**
     * A finder.
     *
     * @param directory the working directory
     * @param environment the variables of the process
     */
    public TargetFinder(Path directory, Map<String, String> environment) {
        this.directory = directory;
        this.environment = environment;
    }

    /**
     * The place that the command line names; null for what it leaves to the configuration.
     *
     * @param config the configuration file
     * @param address of the admin server
     * @param tokenFile the file with the token
     */
    public record Named(
            @Nullable Path config,
            @Nullable Address address,
            @Nullable Path tokenFile) {}

    /**
     * Finds the server. A mistake in the configuration elsewhere than in section {@code admin} does not matter: a server
     * may run that was started before it was made.
     *
     * @throws ApiException if a named file is not there, or the configuration names no server
     */
    public Target find(Named named) throws ApiException {
        if (named.config() != null && !Files.exists(directory.resolve(named.config()))) {
            throw ApiException.configuration(List.of(named.config() + ": no such file"));
        }
        Address address = named.address();
        Path tokenFile = named.tokenFile();
        if (address != null && tokenFile != null) {
            return withToken(address, "--address", tokenFile, true);
        }
        Admin admin = ConfigLoader.admin(new ConfigRequest(directory, named.config(), environment, null, null, false));
        Address configured = admin.address().map(TargetFinder::dialled).orElse(null);
        String origin = "--address";
        if (address == null) {
            address = required(configured);
            origin = "admin.address";
        }
        if (tokenFile != null) {
            return withToken(address, origin, tokenFile, true);
        }
        if (!address.equals(configured) && !Target.isLoopback(address)) {
            return new Target(address, origin, null, "the token of this machine's server is not sent to other hosts");
        }
        return admin.tokenFile().isEmpty()
                ? new Target(address, origin, null, "admin.token_file is empty")
                : withToken(address, origin, Path.of(admin.tokenFile()), false);
    }

    private static Address required(@Nullable Address configured) throws ApiException {
        if (configured == null) {
            throw ApiException.configuration(
                    List.of("admin.address: \"\" (expected: the address of the admin server, or"
                            + " name one with --address)"));
        }
        if (configured.port() == 0) {
            throw ApiException.configuration(
                    List.of("admin.address: " + configured + " (expected: a port that is known;"
                            + " the log of the server has the one that it took: name it with --address)"));
        }
        return configured;
    }

    /** The address to dial for one to listen on: all addresses of a machine include its own loopback. */
    private static Address dialled(Address listening) {
        return switch (listening.host()) {
            case ANY_IPV4 -> new Address("127.0.0.1", listening.port());
            case ANY_IPV6 -> new Address("::1", listening.port());
            default -> listening;
        };
    }

    /** A token that cannot be read is a failure if its file was named; otherwise reading may do without. */
    private Target withToken(Address address, String origin, Path file, boolean isNamed) throws ApiException {
        try (InputStream in = Files.newInputStream(directory.resolve(file))) {
            String token = new String(in.readNBytes(MAX_TOKEN_BYTES), StandardCharsets.ISO_8859_1).strip();
            if (!token.matches("[!-~]+")) {
                throw ApiException.failed(file + ": not a token (expected: one line of visible ASCII without blanks)");
            }
            return new Target(address, origin, token, file.toString());
        } catch (IOException | InvalidPathException e) {
            String words = file + ": " + SystemWords.of(e);
            if (isNamed) {
                throw ApiException.failed(words);
            }
            return new Target(address, origin, null, words);
        }
    }
}
