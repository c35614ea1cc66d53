package net.voltlane.bench.load;

import net.voltlane.bench.model.FaultCounts;
import org.jspecify.annotations.Nullable;

/** The counts of faults on one loop. */
final class Faults {

    private long lost;
    private long reordered;
    private long misrouted;
    private long corrupted;
    private long closed;
    private long refused;
    private @Nullable String first;

    /** Messages were left out: lost, unless they come yet. */
    void leftOut(int messages, int client) {
        lost += messages;
        note(client, messages + " left out");
    }

    void late(int client) {
        reordered++;
        if (lost > 0) {
            lost--;
        }
        note(client, "a message came after a later one, or twice");
    }

    void misrouted(int client) {
        misrouted++;
        note(client, "a message of another client");
    }

    void corrupted(int client, int length) {
        corrupted++;
        note(client, "a message of " + length + " bytes with a wrong length or content");
    }

    void closed(int client, String why) {
        closed++;
        note(client, why);
    }

    void refused(int client, String why) {
        refused++;
        note(client, why);
    }

    /** Messages that did not come in time. */
    void missing(long messages, int client) {
        lost += messages;
        note(client, messages + " messages had not come back at the end");
    }

    FaultCounts counts() {
        return new FaultCounts(lost, reordered, misrouted, corrupted, closed, refused, first);
    }

    private void note(int client, String what) {
        if (first == null) {
            first = "client " + client + ": " + what;
        }
    }
}
