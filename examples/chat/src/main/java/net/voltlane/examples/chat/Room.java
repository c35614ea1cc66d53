package net.voltlane.examples.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import net.voltlane.backend.EndReason;
import net.voltlane.backend.Handler;
import net.voltlane.backend.Session;

/**
 * The chat room: each user's lines go to all users. A session's attachment is its user's name, once that is accepted.
 * Calls come concurrently from the threads of several connection servers.
 */
final class Room implements Handler {

    // Concurrent, as each connection server's firehose has a thread of its own.
    private final Map<String, Session> users = new ConcurrentHashMap<>();

    @Override
    public void data(Session session, byte[] data) {
        if (!session.isOpen()) {
            return; // the session was kicked; packets that its client had sent before still come
        }
        Message message = Message.decode(data);
        if (session.attachment() == null && !enter(session, message.name())) {
            return;
        }
        if (message.text().equals(Message.BYE)) {
            session.kick(); // otherwise the server would keep the session for a while, so that the client could resume
            // it
        } else if (!message.text().isEmpty()) {
            tellAll(session.attachment() + ": " + message.text());
        }
    }

    @Override
    public void reconnected(Session session) {
        if (session.attachment() != null) {
            tellAll("* " + session.attachment() + " is back");
        }
    }

    @Override
    public void ended(Session session, EndReason reason) {
        if (session.attachment() != null) {
            users.remove(session.attachment(String.class), session);
            tellAll("* " + session.attachment() + " has left");
        }
    }

    private boolean enter(Session session, String name) {
        if (name.isEmpty() || users.putIfAbsent(name, session) != null) {
            tell(session, "* the name '" + name + "' is taken, please choose another");
            session.kick();
            return false;
        }
        session.attach(name);
        tellAll("* " + name + " has joined");
        return true;
    }

    private void tellAll(String line) {
        users.values().forEach(user -> tell(user, line));
    }

    private static void tell(Session session, String line) {
        session.send(line.getBytes(UTF_8));
    }
}
