package net.voltlane.server.simulation;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The network of a {@link SplitWorld}: each way from one place to another is open or cut. What is sent on a way that is cut
 * waits, as TCP sends it again until the way is open.
 */
final class SplitNetwork {
    static final String STORE = "store";
    static final String BACKEND = "backend";

    private record Way(String from, String to) {}

    private final Set<Way> cuts = new LinkedHashSet<>();

    /** True if nothing arrives that is sent on this way. */
    boolean isCut(String from, String to) {
        return cuts.contains(new Way(from, to));
    }

    /** True if nothing goes between the two, in one direction or in both. */
    boolean isCutBetween(String one, String other) {
        return isCut(one, other) || isCut(other, one);
    }

    /** Cuts a way, or opens it again. */
    String turns(String from, String to) {
        Way way = new Way(from, to);
        boolean wasCut = cuts.remove(way);
        if (!wasCut) {
            cuts.add(way);
        }
        return from + " to " + to + (wasCut ? ": open" : ": cut");
    }

    /** Opens the oldest of the ways that are cut. */
    String opensOne() {
        Way way = List.copyOf(cuts).get(0);
        return turns(way.from, way.to);
    }

    int cuts() {
        return cuts.size();
    }

    void heals() {
        cuts.clear();
    }
}
