package net.voltlane.server.simulation;

/** A client that keeps to the protocol, most of the time, over any number of links. */
interface HonestClient {
    void act(Dice dice);

    /** Everything is well again: reads, answers, and comes back if it is not there. */
    void heal();

    /** Time has passed. */
    default void ticks() {}
}
