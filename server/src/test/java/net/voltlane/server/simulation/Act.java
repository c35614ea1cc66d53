package net.voltlane.server.simulation;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The kinds of things that happen in a world, one in each step. */
enum Act {
    CLIENT,
    CLIENTS_BYTES,
    CLIENTS_SOCKET,
    NETWORK_CUTS,
    STRANGER_COMES,
    STRANGER_ACTS,
    MASTER_ACTS,
    MASTERS_BYTES,
    MASTERS_SOCKET,
    MASTER_STALLS,
    MASTER_DIES,
    DIAL_ANSWERED,
    COMPUTES,
    MOMENT,
    SOME_SECONDS,
    LONG_TIME,
    STOPPED,
    QUIET,
    PATIENCE,
    DRAINED;

    /** Acts that need a server that runs, or time of their own. */
    static final Set<Act> NOT_ASLEEP =
            EnumSet.of(COMPUTES, MOMENT, SOME_SECONDS, LONG_TIME, STOPPED, QUIET, PATIENCE, DRAINED);

    /** Acts that do not happen at all in every third world. */
    private static final List<Act> RARE =
            List.of(MASTER_STALLS, MASTER_DIES, LONG_TIME, STOPPED, PATIENCE, SOME_SECONDS, NETWORK_CUTS);

    private static final Set<Act> SLOW = EnumSet.of(SOME_SECONDS, LONG_TIME, STOPPED, PATIENCE, DRAINED);

    /** Property: links are cut all the time, and nothing takes long. */
    private static final boolean RESTLESS = Boolean.getBoolean("voltlane.restless");

    /** Chooses the weights of the acts in a world, by ordinal: an act that is rare in one is frequent in another. */
    static int[] weights(Dice dice, Rules rules) {
        int[] usual = {30, 25, 8, 2, 2, 4, 10, 10, 6, 1, 1, 6, 6, 10, 2, 1, 1, 3, 1, 0};
        int[] weights = new int[usual.length];
        for (int i = 0; i < usual.length; i++) {
            weights[i] = dice.oneIn(5) ? usual[i] * 4 : dice.oneIn(5) ? (usual[i] + 3) / 4 : usual[i];
        }
        weights[DRAINED.ordinal()] = dice.oneIn(6) ? 1 : 0; // the world ends soon after
        if (rules.bans()) { // it takes several strangers to be banned, and one more to be there when that happens
            weights[STRANGER_COMES.ordinal()] *= 6;
            weights[STRANGER_ACTS.ordinal()] *= 6;
        }
        for (Act rare : RARE) {
            if (dice.oneIn(3)) {
                weights[rare.ordinal()] = 0;
            }
        }
        if (RESTLESS) {
            restless(weights, dice);
        }
        return weights;
    }

    private static void restless(int[] weights, Dice dice) {
        SLOW.forEach(slow -> weights[slow.ordinal()] = 0);
        weights[CLIENT.ordinal()] = 80;
        weights[CLIENTS_BYTES.ordinal()] = 50;
        weights[NETWORK_CUTS.ordinal()] = dice.between(8, 50);
        weights[STRANGER_COMES.ordinal()] = 1;
        weights[MASTER_ACTS.ordinal()] = 30;
        weights[MASTERS_BYTES.ordinal()] = 30;
        weights[MASTER_DIES.ordinal()] = dice.between(1, 6);
        weights[DIAL_ANSWERED.ordinal()] = 20;
        weights[COMPUTES.ordinal()] = 20;
    }
}
