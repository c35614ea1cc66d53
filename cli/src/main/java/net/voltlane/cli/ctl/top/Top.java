package net.voltlane.cli.ctl.top;

import java.io.PrintWriter;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import net.voltlane.cli.ctl.client.ApiException;
import org.jspecify.annotations.Nullable;

/**
 * The live view. On a terminal it redraws the screen each second, and whenever a key is pressed or the size changes.
 * Elsewhere it prints a plain picture each second.
 */
public final class Top {
    private static final long INTERVAL_MILLIS = 1000;
    private static final Picture.Size PLAIN_SIZE = new Picture.Size(24, 80);

    /** Something that happened, applied to the view by the thread that draws. */
    private interface Event extends Consumer<View> {}

    private final Poller poller;
    private final PrintWriter out;
    private final Looks looks;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<Order> hurry = new LinkedBlockingQueue<>();
    private final View view;
    private volatile Order wanted = Order.SLOWEST;
    private volatile boolean isPaused;

    /**
     * The look of the view.
     *
     * @param isTerminal whether the screen can be controlled
     * @param isStyled whether lines may have colours and the like
     * @param isAscii whether the terminal lacks characters beyond ASCII
     */
    public record Looks(boolean isTerminal, boolean isStyled, boolean isAscii) {}

    /**
     * A view that has not begun.
     *
     * @param target the server, for the title
     */
    public Top(Poller poller, String target, PrintWriter out, Looks looks) {
        this.poller = poller;
        this.out = out;
        this.looks = looks;
        view = new View(target);
    }

    /**
     * Shows the view until the user quits.
     *
     * @param pictures the number of plain pictures to print, 0 for no end; has no meaning on a terminal
     * @throws ApiException if the first poll fails; later ones are tried again
     */
    public void run(int pictures) throws ApiException, InterruptedException {
        view.polled(poller.poll(wanted));
        if (looks.isTerminal() && pictures == 0) {
            try (@Nullable Terminal terminal = Terminal.open(out, looks.isStyled())) {
                if (terminal != null) {
                    onTerminal(terminal);
                    return;
                }
            }
        }
        plain(pictures);
    }

    private void onTerminal(Terminal terminal) throws InterruptedException {
        terminal.readKeys(key -> events.add(changed -> changed.pressed(key)));
        Thread polling = new Thread(this::poll, "voltlane-poll");
        polling.setDaemon(true);
        polling.start();
        while (!view.isOver()) {
            terminal.draw(Picture.of(view, terminal.size(), looks.isAscii()));
            Event event = events.poll(INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
            if (event != null) {
                event.accept(view);
            }
            isPaused = view.isPaused();
            if (view.order() != wanted) {
                wanted = view.order();
                hurry.add(wanted);
            }
        }
    }

    /** Polls each second, and at once when another order is wanted. A mistake of ours is thrown by the thread that draws. */
    private void poll() {
        try {
            while (true) {
                hurry.poll(INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
                if (!isPaused) {
                    events.add(polled());
                }
            }
        } catch (InterruptedException e) {
            throw new AssertionError("nobody knows this thread", e);
        } catch (RuntimeException | Error e) {
            events.add(changed -> {
                throw e;
            });
        }
    }

    private Event polled() {
        try {
            Sample sample = poller.poll(wanted);
            return changed -> changed.polled(sample);
        } catch (ApiException e) {
            String words = e.lines().get(0);
            return changed -> changed.failed(words);
        }
    }

    private void plain(int pictures) throws InterruptedException {
        for (int i = 1; ; i++) {
            Picture.of(view, PLAIN_SIZE, looks.isAscii()).stream()
                    .limit(PLAIN_SIZE.rows() - 1L) // the keys have no use here
                    .map(line -> line.text().stripTrailing())
                    .forEach(out::println);
            if (i == pictures || out.checkError()) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(INTERVAL_MILLIS);
            polled().accept(view);
        }
    }
}
