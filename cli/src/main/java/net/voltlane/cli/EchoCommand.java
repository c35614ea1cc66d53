package net.voltlane.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import net.voltlane.backend.BackendOptions;
import net.voltlane.backend.BackendTls;
import net.voltlane.backend.Firehose;
import net.voltlane.backend.VoltlaneBackend;
import net.voltlane.cli.echo.Echo;
import net.voltlane.cli.usage.Options;
import net.voltlane.protocol.SystemWords;
import net.voltlane.server.config.Address;
import net.voltlane.server.config.LogFormat;
import net.voltlane.server.config.LogLevel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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
            description = "Where to listen for connection servers: HOST:PORT or unix:/PATH. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Address listen;

    @Option(
            names = "--certificate",
            paramLabel = "FILE",
            converter = PathConverter.class,
            description = "Listen with TLS, and show the certificate in this PEM file. Connection servers need"
                    + " master.tls = true.")
    private @Nullable Path certificate;

    @Option(
            names = "--key",
            paramLabel = "FILE",
            converter = PathConverter.class,
            description = "The key of --certificate: a PEM file without a passphrase.")
    private @Nullable Path key;

    @Option(
            names = "--client-ca",
            paramLabel = "FILE",
            converter = PathConverter.class,
            description =
                    "Refuse connection servers without a certificate that an authority in this PEM file has signed.")
    private @Nullable Path clientAuthorities;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    @SuppressWarnings("try") // logging is on for as long as the block runs; nobody has to name it
    public Integer call() throws InterruptedException {
        if (!listen.isUnix() && new InetSocketAddress(listen.host(), listen.port()).isUnresolved()) {
            throw Options.invalid(spec, "--listen", listen + " (unknown host)");
        }
        BackendOptions options = options();
        try (Logging logging = Logging.start(LogLevel.INFO, LogFormat.TEXT);
                VoltlaneBackend backend = listening(options)) {
            CountDownLatch stopped = new CountDownLatch(1);
            Signals.stopWith(stopped::countDown);
            log.info(
                    "Echoing what comes to {}{}",
                    listen.isUnix()
                            ? listen
                            : new Address(listen.host(), backend.address().getPort()),
                    certificate == null ? "" : ", with TLS");
            stopped.await();
            log.info("Stopping");
            return Exit.FINE;
        } catch (IOException e) {
            spec.commandLine().getErr().println("can't listen on " + listen + ": " + SystemWords.of(e));
            return Exit.FAILED;
        }
    }

    private BackendOptions options() {
        if (certificate == null || key == null) {
            refuse("--certificate", certificate, "together with --key");
            refuse("--key", key, "together with --certificate");
            refuse("--client-ca", clientAuthorities, "together with --certificate and --key");
            return Echo.OPTIONS;
        }
        BackendTls tls;
        try {
            tls = BackendTls.ofPem(certificate, key);
        } catch (IOException e) {
            throw Options.invalid(spec, "--certificate", e.getMessage());
        }
        try {
            return Echo.OPTIONS.withTls(
                    clientAuthorities == null ? tls : tls.requireClientCertificates(clientAuthorities));
        } catch (IOException e) {
            throw Options.invalid(spec, "--client-ca", e.getMessage());
        }
    }

    private void refuse(String option, @Nullable Path file, String expected) {
        if (file != null) {
            throw Options.invalid(spec, option, file + " (expected: " + expected + ")");
        }
    }

    private VoltlaneBackend listening(BackendOptions options) throws IOException {
        return listen.isUnix()
                ? VoltlaneBackend.listen(listen.toString(), new LoggedEcho(), options)
                : VoltlaneBackend.listen(
                        new InetSocketAddress(listen.host(), listen.port()), new LoggedEcho(), options);
    }

    /** Returns a server's address for the log. One on a Unix socket has port 0, and no address of its own. */
    static Object peer(InetSocketAddress address) {
        return address.getPort() == 0
                ? "on a Unix socket"
                : new Address(address.getAddress().getHostAddress(), address.getPort());
    }

    /** Links are worth a line; sessions are not, there may be a hundred thousand of them. */
    private static final class LoggedEcho extends Echo {

        @Override
        public void attached(Firehose firehose) {
            log.info("Connection server {} connected", peer(firehose.peer()));
        }

        @Override
        public void detached(Firehose firehose, String reason) {
            log.info("Connection server {} disconnected: {}", peer(firehose.peer()), reason);
        }
    }
}
