package net.voltlane.admin.api;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import net.voltlane.admin.AdminHost;
import net.voltlane.admin.http.Problem;
import net.voltlane.admin.http.ProblemException;
import net.voltlane.admin.http.Request;
import net.voltlane.admin.http.Response;
import net.voltlane.admin.http.Route;
import net.voltlane.server.ServerFailedException;
import net.voltlane.server.config.ConfigChange;
import net.voltlane.server.config.ConfigException;
import net.voltlane.server.log.LogEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the configuration read again, and the server drained. Thread-safe. */
final class LifeEndpoints {
    private static final Logger log = LoggerFactory.getLogger(LifeEndpoints.class);

    private final AdminHost host;

    LifeEndpoints(AdminHost host) {
        this.host = host;
    }

    List<Route> routes() {
        return List.of(Route.post("/api/v1/reload", this::reload), Route.post("/api/v1/drain", this::drain));
    }

    private CompletionStage<Response> reload(Request request) {
        Parameters.of(request);
        Body.of(request);
        return host.reload().handle((change, failure) -> {
            if (failure != null) {
                throw problem(failure);
            }
            return Response.json(200, document(change));
        });
    }

    private Map<String, Object> document(ConfigChange change) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("atOnce", change.atOnce());
        document.put("newLinks", change.newLinks());
        document.put("atRestart", change.atRestart());
        document.put("newCertificates", change.newCertificates());
        document.put("keptCertificates", change.keptCertificates());
        document.put("warnings", host.configuration().warnings());
        return document;
    }

    private static RuntimeException problem(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof ConfigException wrong) {
            return new ProblemException(
                    Problem.of(422, "the configuration is wrong, and nothing has changed (expected: no errors)")
                            .withErrors(wrong.lines()));
        }
        if (cause instanceof ServerFailedException) {
            return new ProblemException(Problem.of(409, "the server is ending, and takes no other configuration"));
        }
        return new CompletionException(cause);
    }

    private CompletionStage<Response> drain(Request request) {
        Parameters.of(request);
        Body.of(request);
        LogEvent.DRAIN_ASKED.on(log).log("Drain asked for by an operator");
        host.drain();
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("state", "draining");
        document.put("timeoutSeconds", host.configuration().config().general().drainTimeoutSecs());
        return Response.json(202, document).now();
    }
}
