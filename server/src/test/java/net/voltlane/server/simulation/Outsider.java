package net.voltlane.server.simulation;

/** Somebody who must not be let in, and must not cost anybody anything. */
interface Outsider {
    SimLink link();

    void act(Dice dice);
}
