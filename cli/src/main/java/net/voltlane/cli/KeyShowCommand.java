package net.voltlane.cli;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import net.voltlane.proof.KeyFile;
import net.voltlane.proof.KeyPair;
import net.voltlane.proof.PublicKeys;
import net.voltlane.proof.X25519KeyPair;
import net.voltlane.server.config.ConfigException;
import net.voltlane.server.config.ConfigLoader;
import net.voltlane.server.config.ConfigRequest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code voltlane key show}: the public halves of the server's key, one for each version of the protocol. */
@Command(
        name = "show",
        description = "Print the fingerprint and the public keys, to pin them in clients. The secret key is not shown.",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        footer = {"", "Exit status: 0 fine, 1 there is no key yet, 2 usage, 78 configuration."})
final class KeyShowCommand implements Callable<Integer> {
    private static final String SETTING = "listener.key_file: ";

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            converter = PathConverter.class,
            description = "Configuration file of the server (default: " + ConfigLoader.DEFAULT_FILE
                    + " in the working directory).")
    private @Nullable Path file;

    @Option(names = "--json", description = "Print one JSON document.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    private final Path directory;
    private final Map<String, String> environment;

    KeyShowCommand(Path directory, Map<String, String> environment) {
        this.directory = directory;
        this.environment = environment;
    }

    @Override
    public Integer call() {
        try {
            String path = ConfigLoader.load(new ConfigRequest(directory, file, environment, null, null, false))
                    .config()
                    .listener()
                    .keyFile();
            if (path.isEmpty()) {
                return failed(Exit.FAILED, SETTING + "empty: the server has a key in memory only, which its log shows");
            }
            KeyPair key = KeyFile.load(directory.resolve(path));
            if (key == null) {
                return failed(Exit.FAILED, SETTING + path + " is not there: the first start of the server makes it");
            }
            show(key, path);
            return Exit.FINE;
        } catch (ConfigException e) {
            return failed(Exit.CONFIGURATION, e.lines().toArray(new String[0]));
        } catch (IOException | InvalidPathException e) {
            return failed(Exit.CONFIGURATION, SETTING + e.getMessage());
        }
    }

    private void show(KeyPair key, String path) {
        String fingerprint = PublicKeys.fingerprint(key.publicKey());
        String hex = HexFormat.of().formatHex(key.publicKey());
        String hex3 = HexFormat.of()
                .formatHex(X25519KeyPair.ofServerSecret(key.secret()).publicKey());
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            JsonObject document = new JsonObject();
            document.addProperty("fingerprint", fingerprint);
            document.addProperty("publicKey", hex);
            document.addProperty("publicKey3", hex3);
            document.addProperty("file", path);
            out.println(document);
        } else {
            out.println("Fingerprint  " + fingerprint);
            out.println("Public key   " + hex);
            out.println("Protocol 3   " + hex3);
        }
        out.flush();
    }

    private int failed(int status, String... lines) {
        List.of(lines).forEach(spec.commandLine().getErr()::println);
        return status;
    }
}
