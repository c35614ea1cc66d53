package net.voltlane.examples.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import net.voltlane.client.ClientListener;
import net.voltlane.client.CloseReason;
import net.voltlane.client.VoltlaneClient;

/** One user in the chat. Any thread may call any method. */
final class ChatClient implements AutoCloseable {

    private final String name;
    private final VoltlaneClient client;
    private final CompletableFuture<CloseReason> end;

    private ChatClient(String name, VoltlaneClient client, CompletableFuture<CloseReason> end) {
        this.name = name;
        this.client = client;
        this.end = end;
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
        CompletableFuture<CloseReason> end = new CompletableFuture<>();
        VoltlaneClient client = VoltlaneClient.builder(server)
                .onData((self, line) -> screen.accept(new String(line, UTF_8)))
                .listener(new Announcer(screen, end))
                .connect();
        ChatClient chat = new ChatClient(name, client, end);
        chat.say("");
        return chat;
    }

    /** Says a line. While the connection is lost it waits for that to come back. */
    void say(String text) throws IOException, InterruptedException {
        client.send(new Message(name, text).encode());
    }

    /** Waits for the end, and tells who wanted it. */
    CloseReason awaitEnd() {
        return end.join();
    }

    /** Leaves the chat. */
    @Override
    public void close() {
        try {
            say(Message.BYE);
        } catch (IOException e) {
            // It is over already.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        client.close();
    }

    /** Keeps the user informed of the connection. There is nothing else to do about it: the client comes back by itself. */
    private record Announcer(Consumer<String> screen, CompletableFuture<CloseReason> end) implements ClientListener {

        @Override
        public void suspended(VoltlaneClient client, IOException cause) {
            screen.accept("* connection lost, coming back ...");
        }

        @Override
        public void resumed(VoltlaneClient client) {
            screen.accept("* connected again");
        }

        @Override
        public void closed(VoltlaneClient client, CloseReason reason, boolean retryable) {
            if (reason != CloseReason.CLOSED) {
                screen.accept(reason == CloseReason.SESSION_GONE ? "* you are out" : "* the chat has ended: " + reason);
            }
            end.complete(reason);
        }
    }
}
