package net.voltlane.server.fleet;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A server of the fleet, as it has told of itself a second ago or so. Immutable.
 *
 * @param owner the name of its process: 32 hexadecimal digits
 * @param name {@code server.name}, or the host's name and the port
 * @param advertise the address under which clients reach it and no other; empty if it has none
 * @param version the version of the program
 * @param startedAtMillis the time of its start, in milliseconds since 1970
 * @param state the state of the server in words, as {@link net.voltlane.server.ServerState} spells it
 * @param isBackendUp true if it has a link to its backend
 * @param isDraining true if it opens no sessions any more, because it is to end
 * @param liveSessions sessions with a client
 * @param staleSessions sessions that wait for their client
 * @param connections connections of clients
 */
public record FleetMember(
        String owner,
        String name,
        String advertise,
        String version,
        long startedAtMillis,
        String state,
        boolean isBackendUp,
        boolean isDraining,
        long liveSessions,
        long staleSessions,
        long connections) {

    /** The entry as the store keeps it: a line for each fact. The owner is not in it, but beside it. */
    byte[] entry() {
        StringBuilder lines = new StringBuilder();
        line(lines, "name", name);
        line(lines, "advertise", advertise);
        line(lines, "version", version);
        line(lines, "started", Long.toString(startedAtMillis));
        line(lines, "state", state);
        line(lines, "backend", Boolean.toString(isBackendUp));
        line(lines, "draining", Boolean.toString(isDraining));
        line(lines, "live", Long.toString(liveSessions));
        line(lines, "stale", Long.toString(staleSessions));
        line(lines, "connections", Long.toString(connections));
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void line(StringBuilder lines, String key, String value) {
        lines.append(key).append('=').append(value.replace('\n', ' ')).append('\n');
    }

    /** Reads an entry. What a server of another version does not tell is empty or 0; what it tells beyond is left out. */
    static FleetMember read(String owner, byte[] entry) {
        Map<String, String> facts = new LinkedHashMap<>();
        for (String line : new String(entry, StandardCharsets.UTF_8).split("\n")) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                facts.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        return new FleetMember(
                owner,
                facts.getOrDefault("name", ""),
                facts.getOrDefault("advertise", ""),
                facts.getOrDefault("version", ""),
                number(facts.get("started")),
                facts.getOrDefault("state", ""),
                Boolean.parseBoolean(facts.get("backend")),
                Boolean.parseBoolean(facts.get("draining")),
                number(facts.get("live")),
                number(facts.get("stale")),
                number(facts.get("connections")));
    }

    private static long number(@Nullable String text) {
        try {
            return text == null ? 0 : Long.parseLong(text);
        } catch (NumberFormatException notANumber) {
            return 0;
        }
    }
}
