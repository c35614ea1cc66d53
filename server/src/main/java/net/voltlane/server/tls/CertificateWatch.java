package net.voltlane.server.tls;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
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
    /**
     * The outcome of a look, for people. Both lists are empty if the files have not changed.
     *
     * @param taken the certificates that are in use from now on
     * @param kept the mistakes in the files, for which those in use before stay
     */
    public record Outcome(List<String> taken, List<String> kept) {
        /** Nothing has changed. */
        public static final Outcome NONE = new Outcome(List.of(), List.of());
    }

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

    /**
     * Takes other files, or the same ones at once. Any thread.
     *
     * @return completes when that is done. Files that can't be used are told of at each call
     */
    public CompletionStage<Outcome> files(TlsFiles next) {
        try {
            return CompletableFuture.supplyAsync(() -> replace(next), thread);
        } catch (RejectedExecutionException closed) {
            return CompletableFuture.completedFuture(Outcome.NONE);
        }
    }

    private synchronized Outcome replace(TlsFiles next) {
        files = next;
        return look(true);
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
        look(false);
    }

    /** @param isAsked true if somebody waits for the outcome: files that can't be used are told of at once, and again */
    private Outcome look(boolean isAsked) {
        tls.rotateTickets();
        String now = FileDigest.of(files);
        Outcome outcome = Outcome.NONE;
        if (now.equals(used)) {
            broken = null;
        } else {
            outcome = use(now, isAsked); // broken ones too: a certificate becomes valid with time
        }
        expiry.look(tls.current().identities(), wallMillis.getAsLong());
        return outcome;
    }

    private Outcome use(String contents, boolean isAsked) {
        try {
            tls.replace(files);
            used = contents;
            broken = null;
            expiry.replaced();
            tell("New certificates are in use:");
            return new Outcome(shown(), List.of());
        } catch (TlsException e) {
            boolean isAgain = contents.equals(broken);
            boolean isToldNow = isAsked || isAgain && !isBrokenTold;
            isBrokenTold = isToldNow || isAgain;
            broken = contents;
            if (isToldNow) {
                counters.count(Metric.TLS_RELOADS_FAILED);
                LogEvent.CERTIFICATES_KEPT.on(log).log("{}; the certificates in use before stay", e.getMessage());
            }
            return new Outcome(List.of(), List.of(String.valueOf(e.getMessage())));
        }
    }

    private void tell(String what) {
        LogEvent.CERTIFICATES.on(log).log("{} {}", what, String.join(", ", shown()));
    }

    private List<String> shown() {
        return tls.current().identities().stream().map(ExpiryWarnings::shown).toList();
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
