package net.voltlane.cli.ctl.top;

/** The order of the sessions in a list. */
enum Order {
    /** The most bytes waiting for the client first. */
    SLOWEST("slowest", "-waiting"),
    /** The most payload per second first. */
    NOISIEST("noisiest", "-traffic"),
    NEWEST("newest", "-opened"),
    OLDEST("oldest", "opened");

    /** The name on the screen. */
    final String words;

    /** The name in the API. */
    final String sort;

    Order(String words, String sort) {
        this.words = words;
        this.sort = sort;
    }

    /** The order that comes after this one when the user asks for another. */
    Order next() {
        return values()[(ordinal() + 1) % values().length];
    }

    /** The order of a second list, where there is room for one. */
    Order companion() {
        return this == SLOWEST ? NOISIEST : SLOWEST;
    }
}
