package net.voltlane.server.tls;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import net.voltlane.server.log.LogEvent;
import org.slf4j.Logger;

/** Warns of certificates that expire soon, once a day. Not thread-safe. */
final class ExpiryWarnings {
    /** Renewal is usually tried from 30 days before the end on. */
    static final long SOON_MILLIS = TimeUnit.DAYS.toMillis(14);

    private static final long INTERVAL_MILLIS = TimeUnit.DAYS.toMillis(1);
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);

    private final Logger log;
    private boolean warned;
    private long lastMillis;

    ExpiryWarnings(Logger log) {
        this.log = log;
    }

    /** The moment for people, such as {@code 2026-11-29 02:26 UTC}. */
    static String shown(long atMillis) {
        return DAY.format(Instant.ofEpochMilli(atMillis));
    }

    /** A certificate with its end, for people. */
    static String shown(Identity identity) {
        return identity.shown() + " until " + shown(identity.expiresAtMillis());
    }

    /** The warning that is due for a certificate; empty if its end is far. */
    static Optional<String> due(Identity identity, long nowMillis) {
        long leftMillis = identity.expiresAtMillis() - nowMillis;
        return leftMillis <= SOON_MILLIS ? Optional.of(line(identity, leftMillis)) : Optional.empty();
    }

    void look(List<Identity> identities, long nowMillis) {
        if (warned && nowMillis - lastMillis < INTERVAL_MILLIS) {
            return;
        }
        for (Identity identity : identities) {
            Optional<String> warning = due(identity, nowMillis);
            if (warning.isPresent()) {
                warned = true;
                lastMillis = nowMillis;
                LogEvent.CERTIFICATE_EXPIRES.on(log).log(warning.get());
            }
        }
    }

    private static String line(Identity identity, long leftMillis) {
        String end = shown(identity.expiresAtMillis());
        if (leftMillis <= 0) {
            return "The certificate for " + identity.shown() + " expired on " + end + ": clients refuse it";
        }
        long days = TimeUnit.MILLISECONDS.toDays(leftMillis);
        String left = days == 0 ? "less than a day" : days == 1 ? "1 day" : days + " days";
        return "The certificate for " + identity.shown() + " expires in " + left + ", on " + end;
    }

    /** There are other certificates now. */
    void replaced() {
        warned = false;
    }
}
