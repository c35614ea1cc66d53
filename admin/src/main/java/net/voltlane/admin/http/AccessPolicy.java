package net.voltlane.admin.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The rules on who may do what. A page from elsewhere must not reach the server through an operator's browser, so Host
 * must be an address or a known name (else a name of the attacker's could be made to point here), and Origin, where a
 * browser sends it, must be the server's own. Belongs to the HTTP server's thread.
 */
final class AccessPolicy {
    /** Headers by which a web proxy gives itself away: a request behind one comes from its client, not from here. */
    private static final List<String> OF_PROXIES =
            List.of("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via");

    private static final Pattern AUTHORITY =
            Pattern.compile("(?<host>\\[[0-9a-f:.]+]|[^:\\[\\]]+)(:(?<port>[0-9]{1,5}))?");
    private static final Pattern ORIGIN = Pattern.compile("(?<scheme>https?)://(?<authority>.+)");
    private static final Pattern BEARER = Pattern.compile("(?i:bearer) +(?<token>[!-~]+)");
    private static final String HTTPS = "https";
    private static final String LOCALHOST = "localhost";

    private final @Nullable Token token;
    private final Set<String> hosts;
    private final HttpFigures figures;
    private final WrongTokens wrongTokens;

    /**
     * @param token null: nobody may change anything, and only peers on this machine may read
     * @param hosts names that a Host header may have, in lower case, beside addresses and {@code localhost}
     */
    AccessPolicy(@Nullable Token token, Set<String> hosts, HttpFigures figures, LongSupplier nanoClock) {
        this.token = token;
        this.hosts = Set.copyOf(hosts);
        this.figures = figures;
        wrongTokens = new WrongTokens(nanoClock);
    }

    // ---- the names that the request is for and from

    /** @throws ProblemException 400 or 421 for a wrong Host, 403 for a wrong Origin */
    void checkNames(boolean hostIsRequired, HttpHeaders headers) {
        List<String> given = headers.getAll(HttpHeaderNames.HOST);
        if (given.size() > 1 || given.isEmpty() && hostIsRequired) {
            throw problem(400, "Host (expected: exactly once)");
        }
        String authority = given.isEmpty() ? "" : lower(given.get(0));
        String host = host(authority);
        boolean ours = host != null && (isOfThisServer(host) || hosts.contains(host));
        if (!given.isEmpty() && !ours) {
            throw problem(421, "Host (expected: an address, localhost, or a name listed in admin.hosts)");
        }
        for (String origin : headers.getAll(HttpHeaderNames.ORIGIN)) {
            if (!isOurs(lower(origin), authority)) {
                throw problem(403, "Origin (expected: the one that Host names, or a name listed in admin.hosts)");
            }
        }
        if (isLoadedByAnotherSite(headers)) {
            throw problem(403, "Sec-Fetch-Site (expected: a page of this server)");
        }
    }

    /** A page from elsewhere would load this as an image or a script: it could not read it, but could keep streams open. */
    private static boolean isLoadedByAnotherSite(HttpHeaders headers) {
        return "cross-site".equals(headers.get("sec-fetch-site")) && !"navigate".equals(headers.get("sec-fetch-mode"));
    }

    private static String lower(String text) {
        return text.strip().toLowerCase(Locale.ROOT);
    }

    /** The host of {@code host:port} or {@code [address]:port}; null where it is neither. */
    private static @Nullable String host(String authority) {
        Matcher parts = AUTHORITY.matcher(authority);
        return parts.matches() ? parts.group("host") : null;
    }

    /** Names that lead to this machine, or to the address that was called, whatever a name server says. */
    private static boolean isOfThisServer(String host) {
        return host.equals(LOCALHOST)
                || NetUtil.isValidIpV4Address(host)
                || host.startsWith("[") && NetUtil.isValidIpV6Address(host);
    }

    private boolean isOurs(String origin, String authority) {
        Matcher parts = ORIGIN.matcher(origin);
        if (!parts.matches()) {
            return false; // "null", and schemes of files and extensions
        }
        String from = parts.group("authority");
        String host = host(from);
        String defaultPort = parts.group("scheme").equals(HTTPS) ? ":443" : ":80";
        return host != null
                && (hosts.contains(host) || withPort(from, defaultPort).equals(withPort(authority, defaultPort)));
    }

    private static String withPort(String authority, String defaultPort) {
        Matcher parts = AUTHORITY.matcher(authority);
        return parts.matches() && parts.group("port") == null ? authority + defaultPort : authority;
    }

    // ---- permission

    /**
     * Checks that a request has the permission that its route needs. The right token is accepted at all times: else whoever
     * shares an operator's address could lock the operator out with wrong ones.
     *
     * @return true if the peer may read
     * @throws ProblemException 401 where the token is missing or wrong, 403 where there is none to give, 429 where too
     *     many were wrong
     */
    boolean checkAccess(Access needed, @Nullable InetAddress peer, HttpHeaders headers) {
        String authorization = headers.get(HttpHeaderNames.AUTHORIZATION);
        long wait = authorization == null || peer == null ? 0 : wrongTokens.waitSeconds(peer);
        boolean hasToken = authorization != null && isRight(authorization);
        if (authorization != null && !hasToken && wait == 0) {
            figures.wrongTokens.increment();
            if (peer != null) {
                wrongTokens.add(peer);
            }
        }
        boolean mayRead = hasToken || authorization == null && isHere(peer, headers);
        boolean permitted = switch (needed) {
            case OPEN -> true;
            case READ -> mayRead;
            case CHANGE -> hasToken;
        };
        if (permitted) {
            return mayRead;
        } else if (wait > 0) {
            figures.guessesRefused.increment();
            throw new ProblemException(Problem.of(429, "too many wrong tokens from this address")
                    .withHeader("Retry-After", Long.toString(wait)));
        } else if (token == null) {
            throw problem(403, "this server has no token: see admin.token_file");
        }
        String detail = authorization == null
                ? "Authorization (expected: Bearer and the token of admin.token_file)"
                : "the token is wrong (expected: that of admin.token_file)";
        throw new ProblemException(Problem.of(401, detail).withHeader("WWW-Authenticate", "Bearer"));
    }

    private boolean isRight(String authorization) {
        Matcher bearer = BEARER.matcher(authorization.strip());
        return token != null && bearer.matches() && token.is(bearer.group("token"));
    }

    /** True if the peer is a program on this machine, and no proxy that passes requests of others on. */
    private boolean isHere(@Nullable InetAddress peer, HttpHeaders headers) {
        String host =
                headers.contains(HttpHeaderNames.HOST) ? host(lower(headers.get(HttpHeaderNames.HOST))) : LOCALHOST;
        return peer != null
                && peer.isLoopbackAddress()
                && host != null
                && isOfThisServer(host)
                && OF_PROXIES.stream().noneMatch(headers::contains);
    }

    private static ProblemException problem(int status, String detail) {
        return new ProblemException(Problem.of(status, detail));
    }
}
