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

/** One user in the chat. Any thread may call any method. */
final class ChatClient implements AutoCloseable {

    /** Some lines; a user types no more than that while the connection is lost. */
    private static final int MAX_WAITING_PACKETS = 1000;

    private static final long MAX_WAITING_BYTES = 1 << 20;

    private final String name;
    private final VoltlaneClient client;
    private final Announcer announcer;

    private ChatClient(String name, VoltlaneClient client, Announcer announcer) {
        this.name = name;
        this.client = client;
        this.announcer = announcer;
    }

    /**
     * Joins the chat.
     *
     * @param server {@code host:port} of the connection server
     * @param name how the user wants to be called
     * @param screen gets what is to be shown, a line at a time; called by one thread
     */
    static ChatClient join(String server, String name, Consumer<String> screen)
            throws IOException, InterruptedException {
        Announcer announcer = new Announcer(screen, new AtomicBoolean(), new CompletableFuture<>());
        VoltlaneClient client = VoltlaneClient.builder(server)
                .onData((self, line) -> screen.accept(new String(line, UTF_8)))
                .listener(announcer)
                // Never waits: whoever wants to leave need not wait for room, which may take as long as the server is
                // away.
                .sendBuffer(MAX_WAITING_PACKETS, MAX_WAITING_BYTES, SendPolicy.FAIL)
                .connect();
        ChatClient chat = new ChatClient(name, client, announcer);
        chat.say("");
        return chat;
    }

    /**
     * Says a line. While the connection is lost the line waits for it to come back.
     *
     * @throws SendQueueFullException if too many lines wait already; the chat goes on
     */
    void say(String text) throws IOException, InterruptedException {
        client.send(new Message(name, text).encode());
    }

    /** Waits for the end, and tells who wanted it. */
    CloseReason awaitEnd() {
        return announcer.end().join();
    }

    /** Leaves the chat, and tells the others if there is a connection to tell them by. */
    @Override
    public void close() {
        announcer.leaving().set(true);
        try {
            if (client.isConnected()) {
                say(Message.BYE);
            }
        } catch (IOException e) {
            // It is over already, or the server takes nothing any more.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        client.close();
    }

    /**
     * Keeps the user informed of the connection. There is nothing else to do about it: the client comes back by itself.
     *
     * @param leaving whether the user has left: then the server may end the session before the client has closed
     *     itself, and that is no news
     */
    private record Announcer(Consumer<String> screen, AtomicBoolean leaving, CompletableFuture<CloseReason> end)
            implements ClientListener {

        @Override
        public void suspended(VoltlaneClient client, IOException cause) {
            if (!leaving.get()) {
                // A server that closes the connection in good order may have ended the session: that shows soon.
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
                        reason == CloseReason.SESSION_GONE
                                ? "* you are out: your session was ended, or you were away for too long"
                                : "* the chat has ended: " + reason);
            }
            end.complete(seen);
        }
    }
}
