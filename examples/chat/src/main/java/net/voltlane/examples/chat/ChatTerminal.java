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
 * The client as a program: {@code ChatTerminal NAME [ADDR]}. Ends with status 0 when the user wants to, 1 when the chat
 * does, 2 when it is called in another way.
 */
public final class ChatTerminal {

    private static final String DEFAULT_SERVER = "127.0.0.1:42000";

    private ChatTerminal() {}

    /**
     * Runs it.
     *
     * @param args the user's name, and the connection server if it is not {@code 127.0.0.1:42000}
     * @throws InterruptedException never, as nobody knows the main thread
     */
    public static void main(String[] args) throws InterruptedException {
        if (args.length < 1 || args.length > 2) {
            System.err.println("usage: client NAME [ADDR]");
            System.exit(2);
        }
        PrintStream screen = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);
        try {
            ChatClient chat = ChatClient.join(args.length > 1 ? args[1] : DEFAULT_SERVER, args[0], screen::println);
            // Whichever way the program ends, Ctrl-C included, the others hear of it.
            Runtime.getRuntime().addShutdownHook(new Thread(chat::close));
            // Nothing can wake a thread that waits for somebody to type, so it must not be this one.
            Thread typing = new Thread(() -> sayWhatIsTyped(chat, System.in), "typing");
            typing.setDaemon(true);
            typing.start();
            System.exit(chat.awaitEnd() == CloseReason.CLOSED ? 0 : 1);
        } catch (IOException | IllegalArgumentException e) {
            System.err.println("can't join: " + e.getMessage());
            System.exit(1);
        }
    }

    /** Says line after line until the user wants to leave, or the chat is over; closes the client then. */
    static void sayWhatIsTyped(ChatClient chat, InputStream keys) {
        BufferedReader keyboard = new BufferedReader(new InputStreamReader(keys, UTF_8));
        try {
            String line = keyboard.readLine();
            while (line != null && !line.strip().equals(Message.BYE)) {
                say(chat, line);
                line = keyboard.readLine();
            }
        } catch (ClientException e) {
            // The listener has told.
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
