package net.voltlane.admin.prometheus;

import java.util.function.ToLongFunction;
import net.voltlane.admin.http.HttpFigures;
import net.voltlane.server.metrics.Family;
import net.voltlane.server.metrics.Unit;
import org.jspecify.annotations.Nullable;

/** The catalogue of the admin server's own counters. */
enum AdminFigure {
    ANSWERED(Families.REQUESTS, "answered", "requests with an answer below 400", HttpFigures::answered),
    REFUSED(
            Families.REQUESTS,
            "refused",
            "requests with an answer from 400 on, malformed ones included",
            HttpFigures::refused),
    WRONG_TOKENS(Families.WRONG_TOKENS, null, Families.WRONG_TOKENS.help(), HttpFigures::wrongTokens),
    GUESSES_REFUSED(Families.GUESSES, null, Families.GUESSES.help(), HttpFigures::guessesRefused),
    CROWDED_OUT(
            Families.CLOSED,
            "crowded_out",
            "connections closed to make room for others, or for want of room",
            HttpFigures::crowdedOut),
    TIMED_OUT(
            Families.CLOSED,
            "timed_out",
            "connections closed because a request or an answer took too long",
            HttpFigures::timedOut),
    SLOW_READERS(
            Families.CLOSED, "slow_reader", "streams closed because their peer did not read", HttpFigures::slowReaders);

    /** In a class of their own, because constants of an enum are made before its other fields. */
    private static final class Families {
        static final Family REQUESTS = counter(
                "voltlane_admin_requests_total",
                "result",
                "requests to the admin server",
                "Many refused: somebody scans the port, or a tool has no token.");
        static final Family WRONG_TOKENS = counter(
                "voltlane_admin_wrong_tokens_total",
                null,
                "requests to the admin server with a token that is not the right one",
                "A tool with an old token file, or somebody who guesses: let fewer hosts reach admin.address.");
        static final Family GUESSES = counter(
                "voltlane_admin_guesses_refused_total",
                null,
                "requests to the admin server that were refused because their address had sent too many wrong tokens",
                "Somebody guesses, or a tool with an old token file asks again and again.");
        static final Family CLOSED = counter(
                "voltlane_admin_connections_closed_total",
                "reason",
                "connections that the admin server closed in self-defence",
                "Somebody holds many connections to admin.address, or a scraper hangs. Clients are not affected.");

        private static Family counter(String name, @Nullable String label, String help, String look) {
            return new Family(name, Family.Type.COUNTER, Unit.EVENTS, label, help, look);
        }
    }

    final Family family;
    final @Nullable String labelValue;
    final String help;
    final ToLongFunction<HttpFigures> value;

    AdminFigure(Family family, @Nullable String labelValue, String help, ToLongFunction<HttpFigures> value) {
        this.family = family;
        this.labelValue = labelValue;
        this.help = help;
        this.value = value;
    }
}
