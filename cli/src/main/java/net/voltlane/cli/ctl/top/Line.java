package net.voltlane.cli.ctl.top;

/**
 * A line on the screen.
 *
 * @param text without its end, not longer than the screen is wide
 * @param style the look of the whole line
 */
record Line(String text, Style style) {
    enum Style {
        PLAIN,
        /** A bar over a part of the screen. */
        BAR,
        /** Something that is wrong. */
        ALERT,
        DIM
    }
}
