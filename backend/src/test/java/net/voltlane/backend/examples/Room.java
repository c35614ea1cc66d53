package net.voltlane.backend.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import net.voltlane.backend.ClientInfo;
import net.voltlane.backend.EndReason;
import net.voltlane.backend.Handler;
import net.voltlane.backend.Session;

/** A chat room: a client's first line is its name, and all later lines go to everybody. */
final class Room implements Handler {
    private final Set<Session> members = ConcurrentHashMap.newKeySet();

    @Override
    public void data(Session session, byte[] data) {
        String line = new String(data, UTF_8);
        String name = session.attachment(String.class);
        if (name != null) {
            tell(name + ": " + line);
        } else if (line.isBlank()) {
            session.send("a name, please".getBytes(UTF_8));
            session.kick();
        } else {
            session.attach(line);
            members.add(session);
            tell(line + " is here");
        }
    }

    @Override
    public void opened(Session session, ClientInfo client) {
        if (session.received() > 0) {
            session.kick(); // the client has told its name to an earlier process of this backend
        }
    }

    @Override
    public void reconnected(Session session) {
        String name = session.attachment(String.class);
        if (name != null) {
            tell(name + " is back");
        } else if (session.received() != 0) {
            session.kick(); // on a firehose 2, where a client that returns has sent something before
        }
    }

    @Override
    public void ended(Session session, EndReason reason) {
        if (members.remove(session)) {
            tell(session.attachment() + " has left: " + reason.text());
        }
    }

    private void tell(String line) {
        byte[] data = line.getBytes(UTF_8);
        members.forEach(member -> member.send(data));
    }
}
