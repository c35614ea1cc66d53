package net.voltlane.admin.http;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Finds the endpoint for a request, and checks that its peer may call it. Belongs to the HTTP server's thread. */
final class Dispatcher {
    private final Router router;
    private final AccessPolicy policy;

    Dispatcher(Router router, AccessPolicy policy) {
        this.router = router;
        this.policy = policy;
    }

    /** A request that may be served, once its body is complete. */
    record Call(String method, RequestLine line, Router.Match match, HttpHeaders headers, boolean trusted) {
        CompletionStage<Response> run(byte[] body) {
            return match.route()
                    .endpoint()
                    .handle(new Request(
                            method,
                            line.path(),
                            match.pathParameters(),
                            line.query(),
                            lowerCase(headers),
                            body,
                            trusted));
        }
    }

    /** @throws ProblemException 400, 403 or 421 for a request that is not meant for this server */
    void checkNames(HttpRequest request) {
        policy.checkNames(request.protocolVersion().equals(HttpVersion.HTTP_1_1), request.headers());
    }

    /** @throws ProblemException for a request that can't be served */
    Call call(HttpRequest request, RequestLine line, @Nullable InetAddress peer) {
        String method = request.method().name();
        Router.Match match = router.find(method, line.segments());
        boolean trusted = policy.checkAccess(match.route().access(), peer, request.headers());
        return new Call(method, line, match, request.headers(), trusted);
    }

    private static Map<String, String> lowerCase(HttpHeaders headers) {
        Map<String, String> all = new HashMap<>();
        for (Map.Entry<String, String> header : headers) {
            all.putIfAbsent(header.getKey().toLowerCase(Locale.ROOT), header.getValue());
        }
        return all;
    }
}
