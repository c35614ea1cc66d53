package net.voltlane.cli.ctl.top;

import org.jspecify.annotations.Nullable;

/** Makes keys from the bytes that a terminal sends. An arrow comes as {@code ESC [ A} or {@code ESC O A}. */
final class KeyDecoder {
    private static final int ESCAPE = 0x1B;

    private enum State {
        PLAIN,
        ESCAPED,
        SEQUENCE
    }

    private State state = State.PLAIN;

    /** The key that this byte completes, or null. */
    @Nullable
    Key key(int b) {
        switch (state) {
            case ESCAPED -> {
                if (b == '[' || b == 'O') {
                    state = State.SEQUENCE;
                    return null;
                }
                state = State.PLAIN;
            }
            case SEQUENCE -> {
                if (b >= '0' && b <= '9' || b == ';') {
                    return null; // parameters, as of a key with Shift
                }
                state = State.PLAIN;
                return b == 'A' ? Key.UP : b == 'B' ? Key.DOWN : Key.OTHER;
            }
            default -> {
                // below
            }
        }
        if (b == ESCAPE) {
            state = State.ESCAPED;
            return null;
        }
        return switch (b) {
            case 'q', 'Q' -> Key.QUIT;
            case 's', 'S' -> Key.SORT;
            case 'p', 'P' -> Key.PAUSE;
            default -> Key.OTHER;
        };
    }
}
