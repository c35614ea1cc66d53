package net.voltlane.admin.api;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import net.voltlane.admin.http.Problem;
import net.voltlane.admin.http.ProblemException;
import net.voltlane.admin.http.Request;
import net.voltlane.admin.http.Response;
import net.voltlane.admin.http.Route;
import net.voltlane.server.address.Cidr;
import net.voltlane.server.guard.Ban;
import net.voltlane.server.guard.BanPage;
import net.voltlane.server.guard.Bans;
import net.voltlane.server.log.LogEvent;
import net.voltlane.server.log.LogField;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lists bans, gives them and lifts them. Thread-safe. */
final class BansEndpoints {
    private static final Logger log = LoggerFactory.getLogger(BansEndpoints.class);

    private static final int DEFAULT_LIMIT = 50;
    private static final String ADDRESS = "address";

    private final Bans bans;
    private final Cursors cursors;

    /** A ban as the API shows it. */
    private record BanJson(
            String address,
            String reason,
            @Nullable String server,
            @Nullable Double endsInSeconds) {
        static BanJson of(Ban ban) {
            return new BanJson(
                    ban.network().toString(), ban.cause().text(), ban.server(), Numbers.secondsOrNull(ban.endsIn()));
        }
    }

    BansEndpoints(Bans bans, Cursors cursors) {
        this.bans = bans;
        this.cursors = cursors;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/api/v1/bans", this::list),
                Route.post("/api/v1/bans", this::add),
                Route.post("/api/v1/bans/lift", this::lift));
    }

    private CompletionStage<Response> list(Request request) {
        Parameters parameters = Parameters.of(request, "limit", "cursor");
        int limit = parameters.number("limit", 1, Bans.MAX_LIMIT, DEFAULT_LIMIT);
        BanPage page = bans.page(cursors.ban(parameters.text("cursor")), limit);
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("bans", page.bans().stream().map(BanJson::of).toList());
        document.put("next", page.next() == null ? null : cursors.text(page.next()));
        return Response.json(200, document).now();
    }

    private CompletionStage<Response> add(Request request) {
        Parameters.of(request);
        Body body = Body.of(request, ADDRESS, "seconds");
        Cidr network = network(body);
        Long seconds = body.numberOrNull("seconds", 1, Bans.MAX_SECS);
        Ban ban = bans.add(network, seconds == null ? null : Duration.ofSeconds(seconds))
                .orElseThrow(() -> new ProblemException(Problem.of(
                        409,
                        "there are " + Bans.MAX_OF_OPERATORS
                                + " bans by operators, the most that there may be (expected: lift others first, or ban a"
                                + " network)")));
        LogEvent.BAN_GIVEN
                .on(log)
                .addKeyValue(LogField.ADDRESS.key(), network)
                .log(
                        "{} banned by an operator {}",
                        network,
                        seconds == null ? "until it is lifted" : "for " + seconds + " s");
        return Response.json(201, BanJson.of(ban)).now();
    }

    private CompletionStage<Response> lift(Request request) {
        Parameters.of(request);
        Cidr network = network(Body.of(request, ADDRESS));
        if (!bans.lift(network)) {
            throw new ProblemException(Problem.of(
                    404, "there is no ban of " + network + " (expected: an address as GET /api/v1/bans shows it)"));
        }
        LogEvent.BAN_LIFTED
                .on(log)
                .addKeyValue(LogField.ADDRESS.key(), network)
                .log("Ban of {} lifted by an operator", network);
        Map<String, Object> document = new LinkedHashMap<>();
        document.put(ADDRESS, network.toString());
        document.put("lifted", true);
        return Response.json(200, document).now();
    }

    private static Cidr network(Body body) {
        return Parameters.network(
                ADDRESS, body.text(ADDRESS, "an address or a network, such as 192.0.2.7 or 2001:db8::/64"));
    }
}
