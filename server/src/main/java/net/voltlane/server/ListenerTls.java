package net.voltlane.server;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import net.voltlane.server.config.CertificateFiles;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.server.config.Tls;
import net.voltlane.server.config.TlsVersion;
import net.voltlane.server.link.MemoryAccount;
import net.voltlane.server.link.Transport;
import net.voltlane.server.metrics.Gauge;
import net.voltlane.server.metrics.Metrics;
import net.voltlane.server.tls.CertificateLines;
import net.voltlane.server.tls.CertificateWatch;
import net.voltlane.server.tls.ServerTls;
import net.voltlane.server.tls.TlsException;
import net.voltlane.server.tls.TlsFiles;
import net.voltlane.server.tls.TlsProtocol;
import net.voltlane.server.tls.TlsTransport;
import org.jspecify.annotations.Nullable;

/**
 * The TLS of a server's listeners, with the watch over its files; or nothing, where no listener has TLS. Thread-safe.
 */
final class ListenerTls implements AutoCloseable {
    private final @Nullable ServerTls tls;
    private final @Nullable CertificateWatch watch;

    /**
     * Reads the files, which blocks.
     *
     * @param memory charged with what connections hold for TLS
     * @throws StartException if one of the files can't be used
     */
    ListenerTls(ServerConfig config, Metrics metrics, MemoryAccount memory, SecureRandom random) {
        if (isOn(config)) {
            TlsFiles files = files(config.tls());
            tls = read(
                    files,
                    new ServerTls.Dependencies(metrics, memory, random, System::nanoTime, System::currentTimeMillis));
            watch = new CertificateWatch(tls, files, System::currentTimeMillis, metrics.newCounters());
            metrics.register(Gauge.TLS_CERTIFICATE_EXPIRY, watch::expiryNanos);
        } else {
            tls = null;
            watch = null;
        }
    }

    /**
     * Checks the files without starting anything.
     *
     * @return a line for each certificate, and the warnings that are due
     */
    static List<String> check(ServerConfig config) {
        if (!isOn(config)) {
            return List.of();
        }
        TlsFiles files = files(config.tls());
        LongSupplier wallClock = System::currentTimeMillis;
        ServerTls.Dependencies dependencies =
                new ServerTls.Dependencies(new Metrics(), bytes -> {}, new SecureRandom(), System::nanoTime, wallClock);
        try (ServerTls tls = read(files, dependencies)) {
            return CertificateLines.of(files, tls, wallClock.getAsLong());
        }
    }

    private static ServerTls read(TlsFiles files, ServerTls.Dependencies dependencies) {
        try {
            return new ServerTls(files, dependencies);
        } catch (TlsException e) {
            throw StartException.configuration(e.getMessage());
        }
    }

    private static boolean isOn(ServerConfig config) {
        return config.tls().address().isPresent()
                || config.webSocket().tls() && config.webSocket().address().isPresent();
    }

    private static TlsFiles files(Tls tls) {
        List<TlsFiles.Pair> pairs = new ArrayList<>();
        pairs.add(new TlsFiles.Pair("tls.certificate", tls.certificate(), "tls.key", tls.key()));
        for (CertificateFiles more : tls.certificates()) {
            pairs.add(new TlsFiles.Pair("tls.certificates", more.certificate(), "tls.certificates", more.key()));
        }
        return new TlsFiles(pairs, tls.clientCa(), tls.minVersion() == TlsVersion.TLS_1_3);
    }

    /** A transport with TLS below it. Only where a listener has TLS. */
    Transport transport(TlsProtocol inside) {
        if (tls == null) {
            throw new IllegalStateException("no listener has TLS");
        }
        return new TlsTransport(tls, inside);
    }

    /** Begins to watch the files. */
    void start() {
        if (watch != null) {
            watch.start();
        }
    }

    /** Takes the files of another configuration, or reads the same ones again. Completes when that is done. */
    CompletionStage<CertificateWatch.Outcome> settings(ServerConfig config) {
        return watch == null || !isOn(config)
                ? CompletableFuture.completedFuture(CertificateWatch.Outcome.NONE)
                : watch.files(files(config.tls()));
    }

    /** Watches no more. */
    void stop() {
        if (watch != null) {
            watch.close();
        }
    }

    /** Frees everything; all loops have ended. */
    @Override
    public void close() {
        stop();
        if (tls != null) {
            tls.close();
        }
    }
}
