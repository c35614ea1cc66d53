package net.voltlane.server.tls;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import net.voltlane.server.log.LogEvent;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metric;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the files of a server's TLS every few seconds, and has them replaced when their contents change. Files that
 * can't be used are told of once, and those in use stay. Certificate and key are seldom written in one step, so a pair
 * that does not fit is tried again before it is told of. On a thread of its own, since reading files blocks.
 */
public final class CertificateWatch implements AutoCloseable {
    static final long INTERVAL_MILLIS = 5_000;

    private static final Logger log = LoggerFactory.getLogger(CertificateWatch.class);

    private final ServerTls tls;
    private final LongSupplier wallMillis;
    private final Counters counters;
    private final ExpiryWarnings expiry = new ExpiryWarnings(log);
    private final ScheduledExecutorService thread;

    private TlsFiles files;
    /** The contents that are in use. */
    private String used;
    /** The contents that could not be used; null if there are none. */
    private @Nullable String broken;

    private boolean isBrokenTold;

    /**
     * @param files those that {@code tls} has read
     * @param wallMillis milliseconds since 1970
     * @param counters this watch's own
     */
    public CertificateWatch(ServerTls tls, TlsFiles files, LongSupplier wallMillis, Counters counters) {
        this.tls = tls;
        this.files = files;
        this.wallMillis = wallMillis;
        this.counters = counters;
        used = tls.contents();
        thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = new Thread(task, "voltlane-certificates");
            made.setDaemon(true);
            return made;
        });
    }

    /** Tells of the certificates, and begins to look. */
    public void start() {
        tell("TLS by " + tls.library() + ", with");
        expiry.look(tls.current().identities(), wallMillis.getAsLong());
        thread.scheduleWithFixedDelay(this::lookSafely, INTERVAL_MILLIS, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Takes other files, or the same ones at once. Completes when that is done, or those in use stay. Any thread. */
    public CompletionStage<Void> files(TlsFiles next) {
        try {
            return CompletableFuture.runAsync(() -> replace(next), thread);
        } catch (RejectedExecutionException closed) {
            return CompletableFuture.completedFuture(null);
        }
    }

    private synchronized void replace(TlsFiles next) {
        files = next;
        look();
        if (broken != null && !isBrokenTold) {
            look(); // this was asked for: it is told at once
        }
    }

    private void lookSafely() {
        try {
            look();
        } catch (RuntimeException ours) {
            LogEvent.INTERNAL_ERROR
                    .on(log)
                    .setCause(ours)
                    .log("Internal error, please report it: certificate files were not looked at");
        }
    }

    synchronized void look() {
        tls.rotateTickets();
        String now = FileDigest.of(files);
        if (now.equals(used)) {
            broken = null;
        } else if (!now.equals(broken) || !isBrokenTold) {
            use(now);
        }
        expiry.look(tls.current().identities(), wallMillis.getAsLong());
    }

    private void use(String contents) {
        try {
            tls.replace(files);
            used = contents;
            broken = null;
            expiry.replaced();
            tell("New certificates are in use:");
        } catch (TlsException e) {
            isBrokenTold = contents.equals(broken);
            broken = contents;
            if (isBrokenTold) {
                counters.count(Metric.TLS_RELOADS_FAILED);
                LogEvent.CERTIFICATES_KEPT.on(log).log("{}; the certificates in use before stay", e.getMessage());
            }
        }
    }

    private void tell(String what) {
        String all = tls.current().identities().stream()
                .map(identity -> identity.shown() + " until " + ExpiryWarnings.shown(identity.expiresAtMillis()))
                .collect(Collectors.joining(", "));
        LogEvent.CERTIFICATES.on(log).log("{} {}", what, all);
    }

    /** The time until the first certificate expires, in nanoseconds. Any thread. */
    public long expiryNanos() {
        long first = tls.current().identities().stream()
                .mapToLong(Identity::expiresAtMillis)
                .min()
                .orElse(0);
        long leftMillis = first - wallMillis.getAsLong();
        return TimeUnit.MILLISECONDS.toNanos(leftMillis);
    }

    /** Looks no more. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
