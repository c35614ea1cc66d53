package net.voltlane.examples.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import net.voltlane.client.ClientListener;
import net.voltlane.client.CloseReason;
import net.voltlane.client.SendPolicy;
import net.voltlane.client.SendQueueFullException;
import net.voltlane.client.VoltlaneClient;

/** The client of one user. Thread-safe. */
final class ChatClient implements AutoCloseable {

    /** The most lines that wait; more than a user types while the connection is lost. */
    private static final int MAX_WAITING_PACKETS = 1000;

    private static final long MAX_WAITING_BYTES = 1 << 20;

    private final VoltlaneClient client;
    private final Announcer announcer;

    private ChatClient(VoltlaneClient client, Announcer announcer) {
        this.client = client;
        this.announcer = announcer;
    }

    /**
     * Joins the chat.
     *
     * @param server {@code host:port} of the connection server
     * @param name the user's name
     * @param screen is given each line to show; called by one thread at a time
     */
    static ChatClient join(String server, String name, Consumer<String> screen)
            throws IOException, InterruptedException {
        Announcer announcer = new Announcer(screen, new AtomicBoolean(), new CompletableFuture<>());
        VoltlaneClient client = VoltlaneClient.builder(server)
                // The server keeps it with the session, so a backend that is restarted knows its users.
                .credentials(name.getBytes(UTF_8))
                .onData((self, packet) -> screen.accept(Event.decode(packet).line()))
                .listener(announcer)
                // Never waits for room, which may take as long as the server is away, so that a user can always leave.
                .sendBuffer(MAX_WAITING_PACKETS, MAX_WAITING_BYTES, SendPolicy.FAIL)
                .connect();
        return new ChatClient(client, announcer);
    }

    /**
     * Sends a line. While the connection is lost, the line waits.
     *
     * @throws SendQueueFullException if too many lines wait already; the chat goes on
     */
    void say(String text) throws IOException, InterruptedException {
        client.send(text.getBytes(UTF_8));
    }

    /** Waits for the end of the chat, and returns its reason. */
    CloseReason awaitEnd() {
        return announcer.end().join();
    }

    /** Leaves the chat, which ends the session if there is a connection. */
    @Override
    public void close() {
        announcer.leaving().set(true);
        client.close();
    }

    /**
     * Tells the user about the connection. Nothing else is needed, as the client reconnects by itself.
     *
     * @param leaving whether the user has left. In that case the server may end the session before the client has
     *     closed, which is not reported
     */
    private record Announcer(Consumer<String> screen, AtomicBoolean leaving, CompletableFuture<CloseReason> end)
            implements ClientListener {

        @Override
        public void suspended(VoltlaneClient client, IOException cause) {
            if (!leaving.get()) {
                // A server that closes the connection in good order may have ended the session; the client will find
                // out.
                screen.accept(
                        cause instanceof EOFException
                                ? "* the server has closed the connection, asking to be let in again ..."
                                : "* connection lost, coming back ...");
            }
        }

        @Override
        public void resumed(VoltlaneClient client) {
            screen.accept("* connected again");
        }

        @Override
        public void closed(VoltlaneClient client, CloseReason reason, boolean retryable) {
            CloseReason seen = leaving.get() ? CloseReason.CLOSED : reason;
            if (seen != CloseReason.CLOSED) {
                screen.accept(
                        switch (reason) {
                            case KICKED -> "* you are out: the chat has ended your session";
                            case SESSION_GONE -> "* you are out: you were away for too long";
                            default -> "* the chat has ended: " + reason;
                        });
            }
            end.complete(seen);
        }
    }
}
