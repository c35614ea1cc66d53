package net.voltlane.examples.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import net.voltlane.client.ClientException;
import net.voltlane.client.CloseReason;
import net.voltlane.client.SendQueueFullException;

/**
 * The client program: {@code ChatTerminal NAME [ADDR]}. Exits with status 0 when the user leaves, 1 when the chat has
 * ended, and 2 for a wrong command line.
 */
public final class ChatTerminal {

    private static final String DEFAULT_SERVER = "127.0.0.1:42000";
    private static final String BYE = "/quit";

    private ChatTerminal() {}

    /**
     * Runs the client.
     *
     * @param args the user's name, and optionally the address of the connection server ({@code 127.0.0.1:42000} by
     *     default)
     * @throws InterruptedException never, as nothing interrupts the main thread
     */
    public static void main(String[] args) throws InterruptedException {
        if (args.length < 1 || args.length > 2) {
            System.err.println("usage: client NAME [ADDR]");
            System.exit(2);
        }
        PrintStream screen = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);
        try {
            ChatClient chat = ChatClient.join(args.length > 1 ? args[1] : DEFAULT_SERVER, args[0], screen::println);
            // However the program ends, Ctrl-C included, the other users are told.
            Runtime.getRuntime().addShutdownHook(new Thread(chat::close));
            // A thread that waits for keyboard input can't be woken, so this is not the main thread.
            Thread typing = new Thread(() -> sayWhatIsTyped(chat, System.in), "typing");
            typing.setDaemon(true);
            typing.start();
            System.exit(chat.awaitEnd() == CloseReason.CLOSED ? 0 : 1);
        } catch (IOException | IllegalArgumentException e) {
            System.err.println("can't join: " + e.getMessage());
            System.exit(1);
        }
    }

    /** Sends what is typed, line by line, until the user leaves or the chat has ended. Then closes the client. */
    static void sayWhatIsTyped(ChatClient chat, InputStream keys) {
        BufferedReader keyboard = new BufferedReader(new InputStreamReader(keys, UTF_8));
        try {
            String line = keyboard.readLine();
            while (line != null && !line.strip().equals(BYE)) {
                say(chat, line);
                line = keyboard.readLine();
            }
        } catch (ClientException e) {
            // The listener has told the user.
        } catch (IOException | InterruptedException e) {
            System.err.println("can't read what is typed: " + e.getMessage());
        }
        chat.close();
    }

    private static void say(ChatClient chat, String line) throws IOException, InterruptedException {
        try {
            chat.say(line);
        } catch (SendQueueFullException e) {
            System.err.println("not said, too much is waiting: " + line);
        }
    }
}
