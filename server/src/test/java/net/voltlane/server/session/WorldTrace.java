package net.voltlane.server.session;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** A record of the events in a world, for the reader of a failure. Off unless a failed world is repeated. */
public final class WorldTrace {
    private static final int MAX_LINES = 120;

    private static final long ALL = -1;

    private record Line(long session, String text) {}

    private final boolean on;
    private final List<Line> lines = new ArrayList<>();

    public WorldTrace(boolean on) {
        this.on = on;
    }

    /** Something that concerns every session. */
    public void note(Supplier<String> text) {
        note(ALL, text);
    }

    /** @param session the session that this is about; 0: none yet */
    public void note(long session, Supplier<String> text) {
        if (on) {
            lines.add(new Line(session, text.get()));
        }
    }

    /** The last lines about one session; of all, where {@code session} is 0. */
    public String about(long session) {
        List<String> chosen = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            if (session == 0 || line.session() == ALL || line.session() == session) {
                chosen.add(String.format("%5d  %s", i, line.text()));
            }
        }
        int from = Math.max(0, chosen.size() - MAX_LINES);
        String omitted = from == 0 ? "" : "       (" + from + " lines before)\n";
        return omitted + String.join("\n", chosen.subList(from, chosen.size()));
    }
}
