package net.voltlane.bench;

import net.voltlane.bench.model.Moment;

/** Hears of a run while it goes on, on the thread that runs it. */
public interface Progress {

    /** Something was started, or is about to be. */
    void note(String line);

    /** About a second has passed. */
    void moment(Moment moment);
}
