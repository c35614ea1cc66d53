package net.voltlane.bench;

import net.voltlane.bench.model.Moment;

/** A listener to the progress of a run, called on the thread that runs it. */
public interface Progress {

    /** Something was started, or is about to be. */
    void note(String line);

    /** About a second has passed. */
    void moment(Moment moment);
}
