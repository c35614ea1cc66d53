package net.voltlane.cli.demo;

import java.io.PrintWriter;

/** The output of the demo. On a terminal, the live line is rewritten in place; elsewhere, it is printed once a second. */
public final class Screen {

    /** Set by the launcher, which can ask the shell; Java can't tell before version 22. */
    private static final String TERMINAL = "voltlane.terminal";

    private static final long TERMINAL_INTERVAL_NANOS = 100_000_000L;
    private static final long INTERVAL_NANOS = 1_000_000_000L;
    private static final String ERASE_TO_END_OF_LINE = "\u001b[K";

    /** A line that wrapped could not be rewritten. */
    private static final String WRAP_OFF = "\u001b[?7l";

    private static final String WRAP_ON = "\u001b[?7h";

    private final PrintWriter out;
    private final boolean terminal;
    private long nextStatusNanos;
    private boolean statusIsOpen;

    /** True if standard output is a terminal. */
    public static boolean isTerminal() {
        return Boolean.getBoolean(TERMINAL);
    }

    /** @param terminal whether a line can be rewritten */
    public Screen(PrintWriter out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** A line that stays. */
    public void line(String text) {
        out.print(statusIsOpen ? "\n" : "");
        statusIsOpen = false;
        out.println(text);
        out.flush();
    }

    boolean isStatusDue(long nowNanos) {
        return nowNanos >= nextStatusNanos;
    }

    /** A live line. */
    public void status(String text, long nowNanos) {
        nextStatusNanos = nowNanos + (terminal ? TERMINAL_INTERVAL_NANOS : INTERVAL_NANOS);
        if (terminal) {
            out.print("\r" + WRAP_OFF + text + ERASE_TO_END_OF_LINE + WRAP_ON);
            statusIsOpen = true;
        } else {
            out.println(text);
        }
        out.flush();
    }
}
