package net.voltlane.admin.http;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The open connections of the HTTP server, and its bounds on them. Belongs to the HTTP server's thread. */
final class Connections {
    private final Set<HttpConnection> open = new LinkedHashSet<>();
    private final HttpLimits limits;
    private final HttpFigures figures;
    private int streams;
    private long waitingBytes;

    Connections(HttpLimits limits, HttpFigures figures) {
        this.limits = limits;
        this.figures = figures;
        assert limits.streams() < limits.connections() : "streams do not give way";
    }

    /**
     * Takes a new connection in. At the bound, the one that has made no progress for longest gives way.
     *
     * @return false where all others are being served; then the newcomer has to be closed
     */
    boolean admit(HttpConnection newcomer) {
        while (open.size() >= limits.connections() && giveWay(HttpConnection::mayGiveWay)) {
            // one fewer
        }
        if (open.size() >= limits.connections()) {
            figures.crowdedOut.increment();
            return false;
        }
        open.add(newcomer);
        return true;
    }

    private boolean giveWay(Predicate<HttpConnection> which) {
        HttpConnection longest = longest(which);
        if (longest == null) {
            return false;
        }
        figures.crowdedOut.increment();
        open.remove(longest);
        longest.close();
        return true;
    }

    private @Nullable HttpConnection longest(Predicate<HttpConnection> which) {
        HttpConnection longest = null;
        for (HttpConnection each : open) {
            if (which.test(each) && (longest == null || each.sinceNanos() - longest.sinceNanos() < 0)) {
                longest = each;
            }
        }
        return longest;
    }

    void remove(HttpConnection connection) {
        open.remove(connection);
    }

    /** An answer is about to wait for its peer. */
    void writing(HttpConnection connection, int bytes) {
        waitingBytes += bytes;
        while (waitingBytes > limits.waitingBytes() && giveWay(each -> each != connection && each.isWriting())) {
            // those that wait longest are closed, and their bytes are given back by written()
        }
    }

    /** The peer has taken the answer, or is gone. */
    void written(int bytes) {
        waitingBytes -= bytes;
    }

    boolean admitStream() {
        if (streams >= limits.streams()) {
            return false;
        }
        streams++;
        return true;
    }

    void streamClosed() {
        streams--;
    }

    /** Closes what has exceeded its time. */
    void sweep(long nowNanos) {
        for (HttpConnection each : List.copyOf(open)) {
            each.sweep(nowNanos);
        }
    }

    int size() {
        return open.size();
    }

    long waitingBytes() {
        return waitingBytes;
    }

    /** The number of connections with a part of a request. */
    int reading() {
        return (int) open.stream().filter(HttpConnection::isReading).count();
    }
}
