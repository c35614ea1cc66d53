package net.voltlane.examples.chat;

import java.io.IOException;
import java.time.InstantSource;
import net.voltlane.backend.VoltlaneBackend;

/** The backend program: {@code ChatServer [ADDR]}. It listens for connection servers until it is stopped. */
public final class ChatServer {

    private static final String DEFAULT_ADDRESS = "127.0.0.1:42001";

    private ChatServer() {}

    /**
     * Runs the backend.
     *
     * @param args optionally the address to listen at ({@code 127.0.0.1:42001} by default)
     * @throws InterruptedException never, as nothing interrupts the main thread
     */
    public static void main(String[] args) throws InterruptedException {
        String address = args.length > 0 ? args[0] : DEFAULT_ADDRESS;
        try (VoltlaneBackend backend = listen(address)) {
            // On Ctrl-C, lines that were sent still go out.
            Runtime.getRuntime().addShutdownHook(new Thread(backend::close));
            System.out.println("the chat's backend waits for a connection server at " + address
                    + "; users connect to that one's port, not to this");
            backend.awaitClosed();
        } catch (IOException | IllegalArgumentException e) {
            System.err.println("can't listen on " + address + ": " + e.getMessage());
            System.exit(1);
        }
    }

    /**
     * Starts the backend of an empty room.
     *
     * @param address {@code host:port} to listen at; port 0 takes a free one
     * @throws IOException if it can't listen there
     */
    public static VoltlaneBackend listen(String address) throws IOException {
        return VoltlaneBackend.listen(address, new Room(InstantSource.system()));
    }
}
