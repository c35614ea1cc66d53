package net.voltlane.systemtest.outliving;

import java.util.ArrayList;
import java.util.List;

/** The packets of one session in one direction: each comes once, in order. Thread-safe. */
final class Count {
    private final String what;
    private final List<String> faults = new ArrayList<>();
    private long sent;
    private long came;

    /** @param what for messages */
    Count(String what) {
        this.what = what;
    }

    /** The number of the packet that is sent next. */
    synchronized long next() {
        return sent + 1;
    }

    synchronized void sent() {
        sent++;
    }

    synchronized void came(long number) {
        if (number != came + 1) {
            faults.add(what + ": " + number + " came behind " + came + (number > came ? ", some are lost" : ", twice"));
        }
        came = Math.max(came, number);
    }

    synchronized long came() {
        return came;
    }

    synchronized boolean isEven() {
        return came == sent;
    }

    synchronized List<String> faults() {
        return List.copyOf(faults);
    }

    @Override
    public synchronized String toString() {
        return what + ": " + came + " of " + sent + " came";
    }
}
