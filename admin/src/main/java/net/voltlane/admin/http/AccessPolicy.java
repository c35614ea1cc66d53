package net.voltlane.admin.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rules on who may do what. A page from elsewhere must not reach the server through an operator's browser, so Host
 * must be an address or a known name (else a name of the attacker's could be made to point here), and Origin, where a
 * browser sends it, must be the server's own. Belongs to the HTTP server's thread.
 */
final class AccessPolicy {
    /** Headers by which a web proxy gives itself away: a request behind one comes from its client, not from here. */
    private static final List<String> OF_PROXIES = List.of("forwarded", "x-forwarded-for", "x-real-ip", "via");

    private static final String BEARER = "bearer ";

    private final @Nullable Token token;
    private final Set<String> hosts;
    private final HttpFigures figures;

    /**
     * @param token null: nobody may change anything, and only peers on this machine may read
     * @param hosts names that a Host header may have, in lower case, beside addresses and {@code localhost}
     */
    AccessPolicy(@Nullable Token token, Set<String> hosts, HttpFigures figures) {
        this.token = token;
        this.hosts = Set.copyOf(hosts);
        this.figures = figures;
    }

    /** @throws ProblemException 400 or 421 for a wrong Host, 403 for a wrong Origin */
    void checkNames(boolean hostIsRequired, HttpHeaders headers) {
        List<String> given = headers.getAll(HttpHeaderNames.HOST);
        if (given.isEmpty() && !hostIsRequired) {
            return;
        }
        if (given.size() != 1) {
            throw new ProblemException(Problem.of(400, "Host (expected: exactly one)"));
        }
        String authority = given.get(0).strip().toLowerCase(Locale.ROOT);
        if (!isOurs(host(authority))) {
            throw new ProblemException(
                    Problem.of(421, "Host (expected: an address, localhost, or a name listed in admin.hosts)"));
        }
        for (String origin : headers.getAll(HttpHeaderNames.ORIGIN)) {
            String from = origin.strip().toLowerCase(Locale.ROOT);
            if (!from.equals("http://" + authority) && !from.equals("https://" + authority)) {
                throw new ProblemException(Problem.of(403, "Origin (expected: the address of this server)"));
            }
        }
    }

    private boolean isOurs(String host) {
        return host.equals("localhost")
                || NetUtil.isValidIpV4Address(host)
                || host.startsWith("[") && host.endsWith("]") && NetUtil.isValidIpV6Address(host)
                || hosts.contains(host);
    }

    /** The host of {@code host:port} or {@code [address]:port}. */
    private static String host(String authority) {
        int colon = authority.lastIndexOf(':');
        return colon > authority.lastIndexOf(']') ? authority.substring(0, colon) : authority;
    }

    /**
     * Checks that a request has the permission that its route needs.
     *
     * @return true if the peer may read
     * @throws ProblemException 401 where the token is missing or wrong, 403 where there is none to give
     */
    boolean checkAccess(Access needed, @Nullable InetAddress peer, HttpHeaders headers) {
        String authorization = headers.get(HttpHeaderNames.AUTHORIZATION);
        boolean hasToken = authorization != null && isRight(authorization);
        boolean mayRead = hasToken || authorization == null && isHere(peer, headers);
        boolean permitted = switch (needed) {
            case OPEN -> true;
            case READ -> mayRead;
            case CHANGE -> hasToken;
        };
        if (permitted) {
            return mayRead;
        }
        if (token == null) {
            throw new ProblemException(Problem.of(403, "this server has no token: see admin.token_file"));
        }
        String detail = authorization == null
                ? "Authorization (expected: Bearer and the token of admin.token_file)"
                : "the token is wrong (expected: that of admin.token_file)";
        throw new ProblemException(Problem.of(401, detail).withHeader("WWW-Authenticate", "Bearer"));
    }

    private boolean isRight(String authorization) {
        boolean right = token != null
                && authorization.toLowerCase(Locale.ROOT).startsWith(BEARER)
                && token.is(authorization.substring(BEARER.length()).strip());
        if (!right) {
            figures.wrongTokens.increment();
        }
        return right;
    }

    private static boolean isHere(@Nullable InetAddress peer, HttpHeaders headers) {
        return peer != null && peer.isLoopbackAddress() && OF_PROXIES.stream().noneMatch(headers::contains);
    }
}
