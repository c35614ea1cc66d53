package net.voltlane.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the signals that end a process.
 *
 * <p>A shutdown hook would not do: the process then ends with 128 + the signal's number even after an orderly stop, and
 * a second signal is not seen while hooks run. The JDK's way to take signals is {@code sun.misc.Signal} in the
 * supported module {@code jdk.unsupported}; it is called by reflection since javac's warning about it can't be
 * silenced.
 */
final class Signals {

    private static final Logger log = LoggerFactory.getLogger(Signals.class);

    private Signals() {}

    /**
     * From now on the first TERM or INT runs {@code stop}, and an INT after that ends the process at once.
     *
     * @param stop begins an orderly stop; called once, on a thread of the JVM's, so it must not block
     */
    static void stopWith(Runnable stop) {
        stopWith(stop, () -> Runtime.getRuntime().halt(Exit.INTERRUPTED));
    }

    static void stopWith(Runnable stop, Runnable endAtOnce) {
        AtomicBoolean stopping = new AtomicBoolean();
        on("TERM", () -> {
            if (!stopping.getAndSet(true)) {
                stop.run();
            }
        });
        on("INT", () -> {
            if (stopping.getAndSet(true)) {
                endAtOnce.run();
            } else {
                stop.run();
            }
        });
    }

    private static void on(String name, Runnable action) {
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
            log.warn(
                    "signal {} can't be taken: {}",
                    name,
                    e.getCause() == null ? e : e.getCause().getMessage());
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("the module jdk.unsupported is missing", e);
        }
    }
}
