package net.voltlane.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import net.voltlane.server.log.LogEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles the signals that end a process, or have it read its configuration again.
 *
 * <p>A shutdown hook would not do: the process then ends with 128 + the signal's number even after an orderly stop, and
 * a second signal is not seen while hooks run. The JDK offers {@code sun.misc.Signal} in the
 * supported module {@code jdk.unsupported}; it is called by reflection since javac's warning about it can't be
 * silenced.
 *
 * <p>Commands take signals only in a process of their own, see {@link #own}.
 */
final class Signals {

    private static final Logger log = LoggerFactory.getLogger(Signals.class);

    /** True in a process of ours. In another one, such as a test's, signals are none of the commands' business. */
    private static volatile boolean areOurs;

    private Signals() {}

    /** Lets commands take the signals of this process from now on. For the main class, which owns the process. */
    static void own() {
        areOurs = true;
    }

    /**
     * Lets the first TERM or INT run {@code stop}, an INT after that end the process at once, and every HUP run {@code
     * reload}. A signal that is ignored when the process starts stays so: HUP under {@code nohup}, INT in the background
     * of a script.
     *
     * @param stop begins an orderly stop; called once, on a thread of the JVM's, so it must not block
     * @param reload called likewise, at each HUP
     */
    static void serve(Runnable stop, Runnable reload) {
        if (areOurs) {
            serve(stop, reload, Signals::halt);
        }
    }

    static void serve(Runnable stop, Runnable reload, Runnable endAtOnce) {
        stopWith(List.of(Ending.TERM, Ending.INT), signal -> stop.run(), endAtOnce);
        on(Ending.HUP.name(), reload);
    }

    /**
     * Lets the first TERM, INT or HUP run {@code stop}, and lets an INT after that end the process at once. A signal
     * that is ignored when the process starts stays so: HUP under {@code nohup}, INT in the background of a script.
     *
     * @param stop begins an orderly stop; called once, on a thread of the JVM's, so it must not block
     */
    static void stopWith(Runnable stop) {
        if (areOurs) {
            stopWith(stop, Signals::halt);
        }
    }

    static void stopWith(Runnable stop, Runnable endAtOnce) {
        stopWith(List.of(Ending.values()), signal -> stop.run(), endAtOnce);
    }

    /**
     * Lets TERM, INT and HUP end the process as they do by default, with shutdown hooks and status, but lets an INT that
     * comes while the hooks run end it at once.
     */
    static void exit() {
        if (areOurs) {
            stopWith(
                    List.of(Ending.values()),
                    signal -> new Thread(() -> System.exit(signal.status), "voltlane-exit").start(),
                    Signals::halt);
        }
    }

    private static void halt() {
        Runtime.getRuntime().halt(Exit.INTERRUPTED);
    }

    private static void stopWith(List<Ending> signals, Consumer<Ending> stop, Runnable endAtOnce) {
        AtomicBoolean stopping = new AtomicBoolean();
        for (Ending signal : signals) {
            on(signal.name(), () -> {
                if (!stopping.getAndSet(true)) {
                    stop.accept(signal);
                } else if (signal == Ending.INT) {
                    endAtOnce.run();
                }
            });
        }
    }

    /** The signals that ask a process to end, each with the status that a shell shows for a process ended by it. */
    private enum Ending {
        TERM(143),
        INT(Exit.INTERRUPTED),
        HUP(129);

        final int status;

        Ending(int status) {
            this.status = status;
        }
    }

    /** Lets each signal of this name run {@code action}, on a thread of its own. */
    static void on(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler run = (proxy, method, arguments) -> {
                action.run();
                return null;
            };
            Object proxy = Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler}, run);
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (InvocationTargetException e) {
            // The JVM keeps signals to itself under -Xrs, and not every system has every one.
            LogEvent.SIGNALS_UNAVAILABLE
                    .on(log)
                    .log(
                            "signal {} can't be taken: {}",
                            name,
                            e.getCause() == null ? e : e.getCause().getMessage());
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("the module jdk.unsupported is missing", e);
        }
    }
}
