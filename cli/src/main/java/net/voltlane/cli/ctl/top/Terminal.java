package net.voltlane.cli.ctl.top;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import net.voltlane.cli.ctl.top.Line.Style;
import org.jspecify.annotations.Nullable;

/**
 * The terminal of this process. While it is open, keys come at once and are not shown, and the screen is another one than
 * the shell's. {@link #close()} puts everything back, and so does the end of the process by a signal.
 *
 * <p>No library is needed: the program {@code stty} changes the terminal's modes, and escape sequences do the rest.
 */
final class Terminal implements AutoCloseable {
    private static final File TTY = new File("/dev/tty");
    private static final long STTY_SECONDS = 5;

    /** Another screen, no cursor, and no wrapping of long lines. */
    private static final String ENTER = "\u001b[?1049h\u001b[?25l\u001b[?7l";

    private static final String LEAVE = "\u001b[?7h\u001b[?25h\u001b[?1049l";
    private static final String HOME = "\u001b[H";
    private static final String ERASE_TO_END_OF_LINE = "\u001b[K";
    private static final String RESET = "\u001b[0m";

    private final PrintWriter out;
    private final String modes;
    private final boolean styled;
    private final Thread atExit = new Thread(this::restore, "voltlane-terminal");
    private boolean isOpen = true;

    private Terminal(PrintWriter out, String modes, boolean styled) {
        this.out = out;
        this.modes = modes;
        this.styled = styled;
    }

    /**
     * Takes the terminal; null if it can't be controlled.
     *
     * @param out standard output, which is a terminal
     * @param styled whether lines may be bold, coloured and so on
     */
    static @Nullable Terminal open(PrintWriter out, boolean styled) throws InterruptedException {
        String modes = stty("-g");
        if (modes == null || modes.isEmpty()) {
            return null;
        }
        Terminal terminal = new Terminal(out, modes, styled);
        // The hook comes first: a signal may come at any time.
        Runtime.getRuntime().addShutdownHook(terminal.atExit);
        // Without the suspend key: the shell would get its screen back as it is.
        if (stty("-icanon", "-echo", "min", "1", "time", "0", "susp", "^-") == null) {
            terminal.close();
            return null;
        }
        out.print(ENTER);
        out.flush();
        return terminal;
    }

    /** The size of the terminal at the moment; a usual one if it does not tell. */
    Picture.Size size() throws InterruptedException {
        String size = stty("size");
        if (size != null && size.matches("[0-9]{1,4} [0-9]{1,4}")) {
            String[] numbers = size.split(" ");
            int rows = Integer.parseInt(numbers[0]);
            int columns = Integer.parseInt(numbers[1]);
            if (rows > 0 && columns > 0) {
                return new Picture.Size(rows, columns);
            }
        }
        return new Picture.Size(24, 80);
    }

    /** Reads keys on a thread of its own, until the process ends. */
    void readKeys(Consumer<Key> keys) {
        Thread reader = new Thread(
                () -> {
                    KeyDecoder decoder = new KeyDecoder();
                    try (InputStream in = new FileInputStream(TTY)) {
                        for (int b = in.read(); b >= 0; b = in.read()) {
                            Key key = decoder.key(b);
                            if (key != null) {
                                keys.accept(key);
                            }
                        }
                    } catch (IOException e) {
                        // the terminal is gone
                    }
                    keys.accept(Key.QUIT);
                },
                "voltlane-keys");
        reader.setDaemon(true);
        reader.start();
    }

    /** Puts the lines on the screen in place of what was there. */
    synchronized void draw(List<Line> lines) {
        if (!isOpen) {
            return;
        }
        List<String> texts = new ArrayList<>();
        // Erased before it is written: after a line as wide as the screen, the cursor is still on its last character.
        lines.forEach(line -> texts.add(ERASE_TO_END_OF_LINE + styled(line)));
        out.print(HOME + String.join("\n", texts));
        out.flush();
    }

    private String styled(Line line) {
        String before = !styled
                ? ""
                : switch (line.style()) {
                    case PLAIN -> "";
                    case BAR -> "\u001b[7m";
                    case ALERT -> "\u001b[1;31m";
                    case DIM -> "\u001b[2m";
                };
        return line.style() == Style.PLAIN || before.isEmpty() ? line.text() : before + line.text() + RESET;
    }

    @Override
    public void close() {
        restore();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // the process ends already
        }
    }

    private synchronized void restore() {
        if (!isOpen) {
            return;
        }
        isOpen = false;
        out.print(LEAVE);
        out.flush();
        try {
            stty(modes);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Runs {@code stty} on the terminal; what it prints, or null if it failed. */
    private static @Nullable String stty(String... arguments) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("stty"));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(TTY)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            boolean ended = process.waitFor(STTY_SECONDS, TimeUnit.SECONDS);
            return ended && process.exitValue() == 0 ? printed.strip() : null;
        } catch (IOException e) {
            return null; // no such program, or no terminal
        }
    }
}
