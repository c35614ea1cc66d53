package net.voltlane.cli.ctl.top;

/** A key that the view knows. */
enum Key {
    QUIT,
    SORT,
    PAUSE,
    UP,
    DOWN,
    /** Something else, which only draws the screen anew. */
    OTHER
}
