package net.voltlane.cli.ctl.top;

import org.jspecify.annotations.Nullable;

/** The state of the view: the last figures, and what the user chose. Confined to the thread that draws. */
final class View {
    private final String target;
    private @Nullable Sample sample;
    private @Nullable String failure;
    private Order order = Order.SLOWEST;
    private boolean isPaused;
    private boolean isOver;
    private int offset;

    /** @param target the server, for the title */
    View(String target) {
        this.target = target;
    }

    void polled(Sample newest) {
        if (!isPaused) {
            sample = newest;
            failure = null;
        }
    }

    /** Keeps the last figures on the screen, with what is wrong. */
    void failed(String words) {
        failure = words;
    }

    void pressed(Key key) {
        switch (key) {
            case QUIT -> isOver = true;
            case SORT -> {
                order = order.next();
                offset = 0;
            }
            case PAUSE -> isPaused = !isPaused;
            case UP -> offset = Math.max(0, offset - 1);
            case DOWN -> offset++;
            default -> {
                // draws anew
            }
        }
    }

    /** Bounds how far the list is scrolled, when its length is known. */
    void scrollWithin(int maxOffset) {
        offset = Math.min(offset, Math.max(0, maxOffset));
    }

    String target() {
        return target;
    }

    @Nullable
    Sample sample() {
        return sample;
    }

    @Nullable
    String failure() {
        return failure;
    }

    Order order() {
        return order;
    }

    boolean isPaused() {
        return isPaused;
    }

    boolean isOver() {
        return isOver;
    }

    /** The number of sessions above the first that is shown. */
    int offset() {
        return offset;
    }
}
