package net.voltlane.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import net.voltlane.backend.Firehose;
import net.voltlane.backend.VoltlaneBackend;
import net.voltlane.cli.echo.Echo;
import net.voltlane.protocol.SystemWords;
import net.voltlane.server.config.Address;
import net.voltlane.server.config.LogFormat;
import net.voltlane.server.config.LogLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code voltlane echo}: a backend for trying the server out. */
@Command(
        name = "echo",
        description = "Run a backend that sends every client's data back to it.",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class EchoCommand implements Callable<Integer> {

    private static final Logger log = LoggerFactory.getLogger(EchoCommand.class);

    @Option(
            names = "--listen",
            paramLabel = "ADDR",
            converter = AddressConverter.Listened.class,
            defaultValue = "127.0.0.1:42001",
            description = "Where to listen for connection servers. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Address listen;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    @SuppressWarnings("try") // logging is on for as long as the block runs; nobody has to name it
    public Integer call() throws InterruptedException {
        if (!listen.isUnix() && new InetSocketAddress(listen.host(), listen.port()).isUnresolved()) {
            throw new ParameterException(
                    spec.commandLine(), "Invalid value for option '--listen': " + listen + " (unknown host)");
        }
        try (Logging logging = Logging.start(LogLevel.INFO, LogFormat.TEXT);
                VoltlaneBackend backend = listening()) {
            CountDownLatch stopped = new CountDownLatch(1);
            Signals.stopWith(stopped::countDown);
            log.info(
                    "Echoing what comes to {}",
                    listen.isUnix()
                            ? listen
                            : new Address(listen.host(), backend.address().getPort()));
            stopped.await();
            log.info("Stopping");
            return Exit.FINE;
        } catch (IOException e) {
            spec.commandLine().getErr().println("can't listen on " + listen + ": " + SystemWords.of(e));
            return Exit.FAILED;
        }
    }

    private VoltlaneBackend listening() throws IOException {
        return listen.isUnix()
                ? VoltlaneBackend.listen(listen.toString(), new LoggedEcho(), Echo.OPTIONS)
                : VoltlaneBackend.listen(
                        new InetSocketAddress(listen.host(), listen.port()), new LoggedEcho(), Echo.OPTIONS);
    }

    /** Links are worth a line; sessions are not, there may be a hundred thousand of them. */
    private static final class LoggedEcho extends Echo {

        private static Address peer(Firehose firehose) {
            return new Address(
                    firehose.peer().getAddress().getHostAddress(),
                    firehose.peer().getPort());
        }

        @Override
        public void attached(Firehose firehose) {
            log.info("Connection server {} connected", peer(firehose));
        }

        @Override
        public void detached(Firehose firehose, String reason) {
            log.info("Connection server {} disconnected: {}", peer(firehose), reason);
        }
    }
}
