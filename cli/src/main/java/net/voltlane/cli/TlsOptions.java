package net.voltlane.cli;

import java.io.IOException;
import java.nio.file.Path;
import net.voltlane.bench.model.Via;
import net.voltlane.cli.usage.Options;
import net.voltlane.client.ClientTls;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options of commands that may connect with TLS. */
final class TlsOptions {

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            converter = PathConverter.class,
            description = "With tls:// or wss://: trust the authorities in this PEM file. Default: those of the JDK.")
    private @Nullable Path authorities;

    @Option(
            names = "--certificate",
            paramLabel = "FILE",
            converter = PathConverter.class,
            description = "With tls:// or wss://: show the certificate in this PEM file to a server that asks for one.")
    private @Nullable Path certificate;

    @Option(
            names = "--key",
            paramLabel = "FILE",
            converter = PathConverter.class,
            description = "The key of --certificate: a PEM file without a passphrase.")
    private @Nullable Path key;

    Via.Files files() {
        return new Via.Files(authorities, certificate, key);
    }

    /** An option without effect would make its user believe in a check that was never made. */
    void refuseUnused(CommandSpec command, @Nullable ServerUrl server) {
        boolean hasTls = server != null && server.kind().isSecure();
        refuse(command, "--ca", authorities, !hasTls, "with a server's address that begins with tls:// or wss://");
        refuse(command, "--certificate", certificate, !hasTls, "with an address that begins with tls:// or wss://");
        refuse(command, "--key", key, certificate == null, "together with --certificate");
        refuse(command, "--certificate", certificate, key == null, "together with --key");
    }

    private static void refuse(CommandSpec command, String option, @Nullable Path file, boolean isWrong, String when) {
        if (file != null && isWrong) {
            throw Options.invalid(command, option, file + " (expected: " + when + ")");
        }
    }

    /** Returns the settings of the client SDK. */
    ClientTls forClient(CommandSpec command, ServerUrl server) {
        refuseUnused(command, server);
        ClientTls tls = ClientTls.system();
        try {
            tls = authorities == null ? tls : tls.withAuthorities(authorities);
        } catch (IOException e) {
            throw Options.invalid(command, "--ca", e.getMessage());
        }
        try {
            return certificate == null || key == null ? tls : tls.withCertificate(certificate, key);
        } catch (IOException e) {
            throw Options.invalid(command, "--certificate", e.getMessage());
        }
    }
}
