package net.voltlane.admin.api;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.voltlane.admin.http.Problem;
import net.voltlane.admin.http.ProblemException;
import net.voltlane.admin.http.Request;
import net.voltlane.server.address.Cidr;
import org.jspecify.annotations.Nullable;

/** The query of a request, read strictly: what is not understood is a 400 that says what is expected. Immutable. */
final class Parameters {
    private final Request request;

    private Parameters(Request request) {
        this.request = request;
    }

    /**
     * The query of a request for a route that takes these parameters.
     *
     * @throws ProblemException 400 if there is another one in it
     */
    static Parameters of(Request request, String... known) {
        List<String> names = Arrays.asList(known);
        for (String name : request.query().keySet()) {
            if (!names.contains(name)) {
                String expected = names.isEmpty() ? "no parameters" : String.join(", ", names);
                throw wrong(shown(name) + ": unknown parameter (expected: " + expected + ")");
            }
        }
        return new Parameters(request);
    }

    /** The value as it stands there; null where it is not given. */
    @Nullable
    String text(String name) {
        return request.parameter(name);
    }

    /** The meaning of one of some words; null where the parameter is not given. */
    <T> @Nullable T word(String name, Map<String, T> words) {
        String given = request.parameter(name);
        if (given == null) {
            return null;
        }
        T meaning = words.get(given);
        if (meaning == null) {
            throw wrong(name + ": " + shown(given) + " (expected: one of " + String.join(", ", words.keySet()) + ")");
        }
        return meaning;
    }

    /** A whole number in a range. */
    int number(String name, int min, int max, int absent) {
        String given = request.parameter(name);
        if (given == null) {
            return absent;
        }
        int number = given.matches("[0-9]{1,9}") ? Integer.parseInt(given) : -1;
        if (number < min || number > max) {
            throw wrong(name + ": " + shown(given) + " (expected: a whole number from " + min + " to " + max + ")");
        }
        return number;
    }

    /** An address or a network; null where it is not given. */
    @Nullable
    Cidr network(String name) {
        String given = request.parameter(name);
        return given == null ? null : network(name, given);
    }

    /** @throws ProblemException 400 for a text that is neither an address nor a network */
    static Cidr network(String name, String text) {
        Cidr network = Cidr.parse(text);
        if (network == null) {
            throw wrong(name + ": " + shown(text)
                    + " (expected: an address or a network, such as 192.0.2.7, 10.0.0.0/8 or 2001:db8::/64)");
        }
        return network;
    }

    /** A 400 for the request. */
    static ProblemException wrong(String detail) {
        return new ProblemException(Problem.of(400, detail));
    }

    /** A peer's text as a message may show it: on one line, and not long. */
    static String shown(String text) {
        int most = 80;
        String head = text.length() > most ? text.substring(0, most) + "…" : text;
        StringBuilder out = new StringBuilder("\"");
        head.codePoints().forEach(c -> {
            int type = Character.getType(c);
            boolean unseen = type == Character.CONTROL
                    || type == Character.FORMAT
                    || type == Character.LINE_SEPARATOR
                    || type == Character.PARAGRAPH_SEPARATOR
                    || type == Character.SURROGATE;
            out.append(unseen ? "\\u" + String.format("%04x", c) : Character.toString(c));
        });
        return out.append('"').toString();
    }
}
