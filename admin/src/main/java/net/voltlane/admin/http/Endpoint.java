package net.voltlane.admin.http;

import java.util.concurrent.CompletionStage;

/** The code behind a {@link Route}. */
@FunctionalInterface
public interface Endpoint {
    /**
     * Answers a request. Called on the HTTP server's thread, and must not block it.
     *
     * @return the answer, completed on any thread. If it fails with a {@link ProblemException}, that problem is the
     *     answer; any other failure is answered with 500 and logged
     * @throws ProblemException the answer, for a request that can't be served
     */
    CompletionStage<Response> handle(Request request);
}
