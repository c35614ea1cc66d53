package net.voltlane.cli.demo;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import net.voltlane.backend.Handler;
import net.voltlane.backend.Session;
import org.jspecify.annotations.Nullable;

/** The backend's end: checks every message, answers it, and sends messages of its own now and then. */
final class DemoBackend implements Handler {

    private static final int MAX_FILLER_BYTES = 400;
    private static final int ONE_NEWS_IN = 2;

    private final List<Talk> talks;
    private final Tally tally;

    /** @param talks by number of the client */
    DemoBackend(List<Talk> talks, Tally tally) {
        this.talks = talks;
        this.tally = tally;
    }

    @Override
    public void data(Session session, byte[] data) {
        received(session.id(), data, session::send);
    }

    /**
     * Takes a packet that came under a session's id.
     *
     * @param sender sends packets to the same session
     */
    void received(long id, byte[] packet, Consumer<byte[]> sender) {
        Message message = Message.decode(packet);
        Talk talk = message == null || message.kind() != Message.Kind.SAID ? null : talk(message.client(), id);
        if (message == null || talk == null) {
            tally.mixedUp.increment();
        } else if (talk.said.take(message, tally)) {
            tally.takenByBackend.increment();
            talk.answers.send();
            send(sender, message.of(Message.Kind.ANSWER));
            if (ThreadLocalRandom.current().nextInt(ONE_NEWS_IN) == 0) {
                send(sender, new Message(Message.Kind.NEWS, message.client(), talk.news.send(), System.nanoTime()));
            }
        }
    }

    @Override
    public void failed(@Nullable Session session, Throwable error) {
        tally.failed("the backend: " + error);
    }

    private @Nullable Talk talk(int client, long id) {
        boolean isThere = client >= 0 && client < talks.size();
        return isThere && talks.get(client).sessionId == id ? talks.get(client) : null;
    }

    private void send(Consumer<byte[]> sender, Message message) {
        tally.sentByBackend.increment();
        sender.accept(message.encode(ThreadLocalRandom.current().nextInt(MAX_FILLER_BYTES)));
    }
}
