package net.voltlane.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import net.voltlane.cli.ctl.client.ApiClient;
import net.voltlane.cli.ctl.client.ApiException;
import net.voltlane.cli.ctl.client.Doc;
import net.voltlane.cli.ctl.client.TargetFinder;
import net.voltlane.server.config.Address;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code voltlane healthcheck}: the health of a server as an exit status, for containers. */
@Command(
        name = "healthcheck",
        description = "Ask the server on this machine if it is healthy. For containers.",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        footer = {
            "",
            "Do not restart a server that is not ready: it may wait for its backend, and a restart ends all sessions.",
            "Exit status: 0 it is, 1 it is not or does not answer, 2 usage, 78 configuration."
        })
final class HealthcheckCommand implements Callable<Integer> {
    private static final int TIMEOUT_MILLIS = 5000;

    @Option(names = "--live", description = "Is every thread of the server at work? This is the default.")
    private boolean live;

    @Option(names = "--ready", description = "Does the server take clients, and is its backend connected?")
    private boolean ready;

    @Option(
            names = "--address",
            paramLabel = "ADDR",
            converter = AddressConverter.Dialled.class,
            description = "The admin server, such as 127.0.0.1:42002 (default: admin.address of the configuration).")
    private @Nullable Address address;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            converter = PathConverter.class,
            description = "Configuration file of the server (default: connserver.toml in the working directory).")
    private @Nullable Path file;

    @Option(names = "--json", description = "Print the server's answer as it is: one JSON document.")
    private boolean json;

    /** Set by picocli, where it is used. */
    @Spec
    private @Nullable CommandSpec spec;

    private final Path directory;
    private final Map<String, String> environment;

    HealthcheckCommand() {
        this(Path.of(""), System.getenv());
    }

    HealthcheckCommand(Path directory, Map<String, String> environment) {
        this.directory = directory;
        this.environment = environment;
    }

    /**
     * Sets the options that take no value, without picocli: a container runs this every few seconds, and picocli takes a
     * third of its time.
     *
     * @param options what stands behind {@code healthcheck}
     * @return false if picocli has to have a look; this command is then of no use
     */
    boolean setPlain(List<String> options) {
        for (String option : options) {
            switch (option) {
                case "--live" -> live = true;
                case "--ready" -> ready = true;
                case "--json" -> json = true;
                default -> {
                    return false;
                }
            }
        }
        return !(live && ready);
    }

    @Override
    public Integer call() {
        if (live && ready) {
            throw new ParameterException(spec().commandLine(), "--live and --ready: choose one");
        }
        PrintWriter out =
                spec == null ? new PrintWriter(System.out) : spec.commandLine().getOut();
        try {
            ApiClient api = new ApiClient(
                    new TargetFinder(directory, environment).find(new TargetFinder.Named(file, address, null)),
                    TIMEOUT_MILLIS);
            ApiClient.Answer answer = api.health(ready ? "/readyz" : "/livez");
            boolean isFine = answer.isSuccess();
            out.println(json ? answer.text() : words(answer.doc(), isFine));
            out.flush();
            return isFine ? Exit.FINE : Exit.FAILED;
        } catch (ApiException e) {
            PrintWriter err = spec == null
                    ? new PrintWriter(System.err, true)
                    : spec.commandLine().getErr();
            e.lines().forEach(err::println);
            return e.isConfiguration() ? Exit.CONFIGURATION : Exit.FAILED;
        }
    }

    private String words(Doc doc, boolean isFine) {
        String state = ready ? "ready" : "live";
        List<String> reasons = doc.texts("reasons");
        return (isFine ? state : "not " + state) + (reasons.isEmpty() ? "" : ": " + String.join("; ", reasons));
    }

    private CommandSpec spec() {
        if (spec == null) {
            throw new AssertionError("these options are left to picocli");
        }
        return spec;
    }
}
