package net.voltlane.cli;

import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.Callable;
import net.voltlane.cli.connect.Conversation;
import net.voltlane.cli.connect.Notation;
import net.voltlane.cli.usage.Options;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code voltlane connect}: a client for people and pipes. */
@Command(
        name = "connect",
        description = "Connect to a server, as netcat does: lines in are packets to the backend, packets from it are"
                + " lines out, byte for byte.",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        footer = {
            "",
            "An empty line is an empty packet. Standard error shows what happens to the session: connected, suspended when"
                    + " the connection is lost, resumed when it is back.",
            "Exit status: 0 input ended and all of it was sent, 1 anything else (no server, session gone or kicked, given"
                    + " up, a line that could not be sent), 2 usage, 130 Ctrl-C."
        })
final class ConnectCommand implements Callable<Integer> {

    private static final int MAX_SECONDS = 1_000_000;

    @Parameters(
            paramLabel = "ADDR",
            converter = ServerUrl.Converter.class,
            description = {
                "Where the server listens:",
                "  HOST:PORT",
                "  tls://HOST:PORT",
                "  ws://HOST[:PORT]/PATH",
                "  wss://HOST[:PORT]/PATH",
                "  unix:/PATH"
            })
    @SuppressWarnings("NullAway.Init") // set by picocli
    private ServerUrl server;

    @Mixin
    private final TlsOptions tls = new TlsOptions();

    @Option(
            names = {"-x", "--hex"},
            description = "Read and write packets as hex: 68 69 for hi. Input may leave out the spaces.")
    private boolean hex;

    @Option(
            names = "--linger",
            paramLabel = "SECONDS",
            defaultValue = "1",
            description =
                    "After the end of input, wait until nothing has come for this long. Default: ${DEFAULT-VALUE}.")
    private double lingerSeconds;

    @Option(
            names = "--give-up",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description =
                    "Give up a lost connection after trying to get back for this long. Default: ${DEFAULT-VALUE}.")
    private double giveUpSeconds;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    private final InputStream in;
    private final OutputStream out;

    ConnectCommand(InputStream in, OutputStream out) {
        this.in = in;
        this.out = out;
    }

    @Override
    @SuppressWarnings("try") // logging is off for as long as the block runs; nobody has to name it
    public Integer call() throws InterruptedException {
        Conversation.Terms terms = new Conversation.Terms(
                hex ? Notation.HEX : Notation.PLAIN,
                duration("--linger", lingerSeconds, 0),
                duration("--give-up", giveUpSeconds, 0.001),
                tls.forClient(spec, server));
        try (Logging logging = Logging.none()) {
            boolean fine = new Conversation(terms, in, out, spec.commandLine().getErr()).run(server.toString());
            return fine ? Exit.FINE : Exit.FAILED;
        }
    }

    private Duration duration(String option, double seconds, double min) {
        // Written so that NaN, which picocli reads as a number, is outside, too.
        if (!(seconds >= min && seconds <= MAX_SECONDS)) {
            throw Options.invalid(
                    spec, option, seconds + " (expected: seconds from " + min + " to " + MAX_SECONDS + ")");
        }
        return Duration.ofMillis(Math.round(seconds * 1000));
    }
}
