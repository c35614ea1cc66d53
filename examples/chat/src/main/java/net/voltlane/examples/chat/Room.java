package net.voltlane.examples.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import net.voltlane.backend.ClientInfo;
import net.voltlane.backend.EndReason;
import net.voltlane.backend.Handler;
import net.voltlane.backend.Session;

/**
 * The chat room: each user's lines go to all users. A client gives its user's name as credentials when it opens its
 * session. A session's attachment is that name, once the user is in the room.
 *
 * <p>Calls come from the threads of several connection servers. The lock gives all users the same order of events. A
 * {@code send} waits while its server does not read, and the room with it.
 */
final class Room implements Handler {

    private static final int MAX_NAME_CHARS = 20;
    private static final int MAX_TEXT_CHARS = 1000;
    private static final int MAX_REMEMBERED = 50;

    private final InstantSource clock;
    private final Map<String, Session> users = new LinkedHashMap<>();
    private final Set<String> away = new HashSet<>();
    /** The last lines that were said, for users that enter. */
    private final Deque<Event> said = new ArrayDeque<>();

    Room(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public synchronized void opened(Session session, ClientInfo client) {
        byte[] credentials = client.credentials();
        String name = credentials == null ? "" : cleaned(new String(credentials, UTF_8), MAX_NAME_CHARS);
        if (name.isEmpty()) {
            refuse(session, "a name is needed, as the credentials of your session");
        } else if (isTaken(name)) {
            refuse(session, "the name '" + name + "' is taken, please choose another");
        } else {
            enter(session, name, client);
        }
    }

    @Override
    public synchronized void data(Session session, byte[] data) {
        String name = session.attachment(String.class);
        if (name == null) {
            refuse(session, "the server of this chat needs master.protocol = 3");
            return;
        }
        String text = cleaned(new String(data, UTF_8), MAX_TEXT_CHARS);
        if (!text.isEmpty()) {
            Event line = event(Event.Kind.SAID, name, text);
            said.add(line);
            if (said.size() > MAX_REMEMBERED) {
                said.remove();
            }
            tellAll(line);
        }
    }

    @Override
    public synchronized void suspended(Session session, String cause) {
        String name = session.attachment(String.class);
        if (name != null && away.add(name)) {
            tellOthers(session, event(Event.Kind.AWAY, name, ""));
        }
    }

    @Override
    public synchronized void resumed(Session session, String remote, boolean takeover) {
        String name = session.attachment(String.class);
        if (name != null && away.remove(name)) {
            tellOthers(session, event(Event.Kind.BACK, name, ""));
        }
    }

    @Override
    public synchronized void ended(Session session, EndReason reason) {
        String name = session.attachment(String.class);
        if (name != null) {
            remove(name);
        }
    }

    /** Tells if a name is taken. It is free, too, if its user's connection server is gone: the user comes by another. */
    private boolean isTaken(String name) {
        Session holder = users.get(name);
        return holder != null && !holder.isAway();
    }

    private void enter(Session session, String name, ClientInfo client) {
        Session before = users.get(name);
        if (before != null) {
            before.attach(null);
            before.kick("you have entered by another server");
            remove(name);
        }
        users.put(name, session);
        session.attach(name);
        if (client.suspended()) {
            away.add(name);
        }
        // This process was restarted if the session is an older one. Its user has noticed nothing, nor have others.
        if (!client.existing()) {
            welcome(session);
            tellAll(event(Event.Kind.JOINED, name, ""));
        }
    }

    private void remove(String name) {
        users.remove(name);
        away.remove(name);
        tellAll(event(Event.Kind.LEFT, name, ""));
    }

    /** Tells a user that enters who is here and what was said last. */
    private void welcome(Session session) {
        users.forEach((name, user) -> {
            if (user != session) {
                tell(session, event(Event.Kind.HERE, name, away.contains(name) ? Event.IS_AWAY : ""));
            }
        });
        said.forEach(line -> tell(session, line));
    }

    private void refuse(Session session, String reason) {
        if (session.isOpen()) {
            tell(session, event(Event.Kind.REFUSED, "", reason));
            session.kick(reason);
        }
    }

    private Event event(Event.Kind kind, String name, String text) {
        return new Event(kind, clock.millis(), name, text);
    }

    private void tellAll(Event event) {
        users.values().forEach(user -> tell(user, event));
    }

    private void tellOthers(Session session, Event event) {
        users.values().stream().filter(user -> user != session).forEach(user -> tell(user, event));
    }

    private static void tell(Session session, Event event) {
        session.send(event.encode());
    }

    /** Removes control characters, by which one user could control the terminals of others, and shortens the text. */
    private static String cleaned(String text, int maxChars) {
        String printable = text.replaceAll("\\p{Cc}", " ").strip();
        return printable.length() <= maxChars ? printable : printable.substring(0, maxChars);
    }
}
