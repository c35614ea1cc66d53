package net.voltlane.cli.systemd;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import net.voltlane.server.log.LogEvent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The service manager that has started this process, as {@code systemd} does it with units of {@code Type=notify}. It is
 * told when the service is ready, reloads or stops, and that it is alive. Without a service manager nothing happens.
 * Thread-safe, and no method blocks.
 */
public final class ServiceManager {
    private static final Logger log = LoggerFactory.getLogger(ServiceManager.class);

    private static final String SOCKET = "NOTIFY_SOCKET";
    private static final String WATCHDOG_USEC = "WATCHDOG_USEC";
    private static final String WATCHDOG_PID = "WATCHDOG_PID";

    private static final String ALIVE = "WATCHDOG=1";

    private static final long RETRY_MILLIS = 20;

    private final @Nullable NotifySocket socket;
    private final @Nullable Duration watchdog;
    private final LongSupplier monotonicNanos;
    private final AtomicBoolean hasFailed = new AtomicBoolean();
    /** News that the service manager has not taken; guards itself. Empty but for moments. */
    private final Deque<String> unsent = new ArrayDeque<>();

    private ServiceManager(@Nullable NotifySocket socket, @Nullable Duration watchdog, LongSupplier monotonicNanos) {
        this.socket = socket;
        this.watchdog = watchdog;
        this.monotonicNanos = monotonicNanos;
    }

    /**
     * Finds the service manager by the variables that it gives its services. Warns if it can't be told anything.
     *
     * @param environment the variables of the process
     */
    public static ServiceManager of(Map<String, String> environment) {
        // On Linux this is CLOCK_MONOTONIC, which systemd asks for.
        return of(environment, ProcessHandle.current().pid(), System::nanoTime);
    }

    static ServiceManager of(Map<String, String> environment, long processId, LongSupplier monotonicNanos) {
        String name = environment.getOrDefault(SOCKET, "");
        if (name.isEmpty()) {
            return new ServiceManager(null, null, monotonicNanos);
        }
        try {
            return new ServiceManager(NotifySocket.open(name), watchdog(environment, processId), monotonicNanos);
        } catch (IOException e) {
            LogEvent.SERVICE_MANAGER
                    .on(log)
                    .log("The service manager will not hear of this server: {}: {}", SOCKET, e.getMessage());
            return new ServiceManager(null, null, monotonicNanos);
        }
    }

    private static @Nullable Duration watchdog(Map<String, String> environment, long processId) {
        String owner = environment.getOrDefault(WATCHDOG_PID, "");
        String micros = environment.getOrDefault(WATCHDOG_USEC, "");
        if (micros.isEmpty() || !owner.isEmpty() && !owner.equals(Long.toString(processId))) {
            return null;
        }
        try {
            long value = Long.parseLong(micros);
            if (value > 0) {
                return Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(value));
            }
        } catch (NumberFormatException e) {
            // told below
        }
        LogEvent.SERVICE_MANAGER
                .on(log)
                .log("{}: {} (expected: microseconds, over 0): there is no watchdog", WATCHDOG_USEC, micros);
        return null;
    }

    /**
     * The interval at which {@link #alive} has to be called, which is half of the time after which the service manager
     * takes the service for hung; null if it does not watch the service.
     */
    public @Nullable Duration aliveInterval() {
        return watchdog == null ? null : watchdog.dividedBy(2);
    }

    /** The service is there for its clients, for the first time or again after a reload. */
    public void ready(String status) {
        send("READY=1\n" + status(status));
    }

    /** Tells the state of the service, for people. */
    public void tell(String status) {
        send(status(status));
    }

    /**
     * The service starts, and waits for something that may take longer than a start usually does.
     *
     * @param most the longest that it waits: the service manager grants this time from now on
     */
    public void waiting(Duration most, String status) {
        send(extend(most) + status(status));
    }

    /** The service reads its configuration again. {@link #ready} follows. */
    public void reloading() {
        send("RELOADING=1\nMONOTONIC_USEC=" + TimeUnit.NANOSECONDS.toMicros(monotonicNanos.getAsLong()));
    }

    /**
     * The service has begun to stop.
     *
     * @param most the longest that the stop may take: the service manager grants this time, even if it is more than
     *     usual
     */
    public void stopping(Duration most, String status) {
        send("STOPPING=1\n" + extend(most) + status(status));
    }

    /** The service does its work. */
    public void alive() {
        if (socket != null) {
            try {
                if (!socket.send(ALIVE) && !waits(ALIVE)) {
                    send(ALIVE); // without it, the next sign of life would come when the time is just over
                }
            } catch (IOException e) {
                failed(e);
            }
        }
    }

    private boolean waits(String news) {
        synchronized (unsent) {
            return unsent.contains(news);
        }
    }

    private static String extend(Duration most) {
        return "EXTEND_TIMEOUT_USEC=" + TimeUnit.NANOSECONDS.toMicros(most.toNanos()) + "\n";
    }

    private static String status(String text) {
        return "STATUS=" + text.replace('\n', ' ');
    }

    private void send(String news) {
        if (socket == null) {
            return;
        }
        boolean isFirst;
        synchronized (unsent) {
            isFirst = unsent.isEmpty();
            unsent.add(news);
        }
        if (isFirst && !sendAll(socket)) {
            Thread thread = new Thread(() -> retry(socket), "voltlane-notify");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** Sends news again until the service manager takes them, which it does once it has read what came before. */
    private void retry(NotifySocket socket) {
        try {
            do {
                TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
            } while (!sendAll(socket));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Sends the news that wait, in their order; false if some still wait. */
    private boolean sendAll(NotifySocket socket) {
        synchronized (unsent) {
            for (String news = unsent.peek(); news != null; news = unsent.peek()) {
                try {
                    if (!socket.send(news)) {
                        return false;
                    }
                } catch (IOException e) {
                    failed(e);
                }
                unsent.remove();
            }
            return true;
        }
    }

    private void failed(IOException e) {
        if (!hasFailed.getAndSet(true)) {
            LogEvent.SERVICE_MANAGER
                    .on(log)
                    .log("The service manager can't be told of this server: {}", e.getMessage());
        }
    }
}
