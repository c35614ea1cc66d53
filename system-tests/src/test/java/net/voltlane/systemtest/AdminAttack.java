package net.voltlane.systemtest;

import static net.voltlane.testkit.Bytes.utf8;

import java.net.InetSocketAddress;
import net.voltlane.systemtest.HostileConnections.Manner;

/** The kinds of harm that a peer can try on the admin port. */
enum AdminAttack {
    IDLE_CONNECTIONS("1000 idle connections") {
        @Override
        Manner manner(String host) {
            return new Manner(1_000, new byte[0], new byte[0], true, TURNS_PER_SECOND);
        }
    },
    STUCK_SCRAPERS("scrapers that never read") {
        @Override
        Manner manner(String host) {
            String get = get("/metrics", host);
            return new Manner(STUCK, utf8(get.repeat(PIPELINED)), utf8(get), false, TURNS_PER_SECOND);
        }
    },
    SLOW_HEADERS("headers, byte by byte") {
        @Override
        Manner manner(String host) {
            String begun = "GET /livez HTTP/1.1\r\nHost: " + host + "\r\nX-Slow: ";
            return new Manner(SLOW, utf8(begun), utf8("a"), true, TURNS_PER_SECOND);
        }
    },
    SLOW_BODIES("bodies, byte by byte") {
        @Override
        Manner manner(String host) {
            return new Manner(SLOW, utf8(post(host, 4_000)), utf8(" "), true, TURNS_PER_SECOND);
        }
    },
    WRONG_TOKENS("wrong tokens") {
        @Override
        Manner manner(String host) {
            String post = post(host, 0);
            return new Manner(SOME, utf8(post), utf8(post), true, TURNS_PER_SECOND);
        }
    },
    STUCK_STREAMS("streams that nobody reads") {
        @Override
        Manner manner(String host) {
            return new Manner(STUCK, utf8(get("/api/v1/stream", host)), new byte[0], false, TURNS_PER_SECOND);
        }
    },
    LONG_LISTS("lists of sessions, one after another") {
        @Override
        Manner manner(String host) {
            String get = get("/api/v1/sessions?limit=256&sort=-traffic", host);
            return new Manner(SOME, utf8(get), utf8(get), true, TURNS_PER_SECOND);
        }
    };

    private static final int TURNS_PER_SECOND = 300;
    private static final int STUCK = 100;
    private static final int SLOW = 250;
    private static final int SOME = 20;
    private static final int PIPELINED = 50;

    final String title;

    AdminAttack(String title) {
        this.title = title;
    }

    abstract Manner manner(String host);

    /** Begins the attack. */
    HostileConnections begin(InetSocketAddress admin) {
        return new HostileConnections(admin, manner(Settings.text(admin)));
    }

    private static String get(String path, String host) {
        return "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
    }

    /** The token is wrong, so that this must not end the server. */
    private static String post(String host, int bodyBytes) {
        return "POST /api/v1/drain HTTP/1.1\r\nHost: " + host + "\r\nAuthorization: Bearer wrong\r\nContent-Length: "
                + bodyBytes + "\r\n\r\n";
    }
}
