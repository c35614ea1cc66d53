package net.voltlane.server.simulation;

import java.util.List;

/** The kinds of things that happen in a {@link SplitWorld}, one in each step. */
enum SplitAct {
    CLIENT,
    CLIENTS_BYTES,
    BACKEND_SENDS,
    BACKENDS_BYTES,
    BACKEND_ACKNOWLEDGES,
    DIAL_ANSWERED,
    FIREHOSE_BREAKS,
    STORES_ANSWERS,
    STORE_IS_LOST,
    STORE_FORGETS,
    STORE_IS_EMPTY,
    NETWORK,
    SERVER_DIES,
    SERVER_STARTS,
    MOMENT,
    SOME_SECONDS;

    /** Acts that do not happen at all in every third world. */
    private static final List<SplitAct> RARE =
            List.of(FIREHOSE_BREAKS, STORE_IS_LOST, STORE_FORGETS, STORE_IS_EMPTY, SERVER_DIES, SOME_SECONDS);

    /** Chooses the weights of the acts in a world, by ordinal: an act that is rare in one is frequent in another. */
    static int[] weights(Dice dice) {
        int[] usual = {40, 25, 12, 20, 6, 6, 1, 16, 1, 1, 1, 8, 2, 4, 20, 4};
        int[] weights = new int[usual.length];
        for (int i = 0; i < usual.length; i++) {
            weights[i] = dice.oneIn(5) ? usual[i] * 4 : dice.oneIn(5) ? (usual[i] + 3) / 4 : usual[i];
        }
        for (SplitAct rare : RARE) {
            if (dice.oneIn(3)) {
                weights[rare.ordinal()] = 0;
            }
        }
        return weights;
    }
}
