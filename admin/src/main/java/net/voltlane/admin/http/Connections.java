package net.voltlane.admin.http;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The open connections of the HTTP server, and its bounds on them. Belongs to the HTTP server's thread. */
final class Connections {
    private final Set<HttpConnection> open = new LinkedHashSet<>();
    private final HttpLimits limits;
    private final HttpFigures figures;
    private int streams;

    Connections(HttpLimits limits, HttpFigures figures) {
        this.limits = limits;
        this.figures = figures;
    }

    /**
     * Takes a new connection in. At the bound, the one that has waited longest for a request gives way.
     *
     * @return false where none waits for a request; then the newcomer has to be closed
     */
    boolean admit(HttpConnection newcomer) {
        if (open.size() >= limits.connections()) {
            figures.crowdedOut.increment();
            HttpConnection longest = null;
            for (HttpConnection each : open) {
                if (each.isWaiting() && (longest == null || each.waitingSince() - longest.waitingSince() < 0)) {
                    longest = each;
                }
            }
            if (longest == null) {
                return false;
            }
            longest.close();
            open.remove(longest);
        }
        open.add(newcomer);
        return true;
    }

    void remove(HttpConnection connection) {
        open.remove(connection);
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

    void closeAll() {
        new ArrayList<>(open).forEach(HttpConnection::close);
    }

    int size() {
        return open.size();
    }

    /** The number of connections with a part of a request. */
    int reading() {
        return (int) open.stream().filter(HttpConnection::isReading).count();
    }
}
