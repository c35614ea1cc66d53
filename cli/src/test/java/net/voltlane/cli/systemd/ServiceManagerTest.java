package net.voltlane.cli.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceManagerTest {
    private static final long ME = 4711;

    @TempDir
    Path directory;

    private static ServiceManager of(String... environment) {
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < environment.length; i += 2) {
            variables.put(environment[i], environment[i + 1]);
        }
        return ServiceManager.of(variables, ME, () -> 1_234_567_890L);
    }

    @Test
    void everyMessageIsADatagram() throws IOException {
        try (NotifyListener listener =
                new NotifyListener(directory.resolve("notify").toString())) {
            tellsAll(listener);
        }
    }

    @Test
    void aNameMayBeInNoFileSystem() throws IOException {
        try (NotifyListener listener = new NotifyListener("@voltlane-test-" + System.nanoTime())) {
            tellsAll(listener);
        }
    }

    private static void tellsAll(NotifyListener listener) {
        ServiceManager manager = of("NOTIFY_SOCKET", listener.name());
        manager.tell("two\nlines");
        manager.waiting(Duration.ofDays(365), "Waiting");
        manager.ready("Clients are accepted on 127.0.0.1:42000");
        manager.reloading();
        manager.alive();
        manager.stopping(Duration.ofMillis(1500), "Stopping");
        assertThat(listener.next()).isEqualTo("STATUS=two lines");
        assertThat(listener.next()).isEqualTo("EXTEND_TIMEOUT_USEC=31536000000000\nSTATUS=Waiting");
        assertThat(listener.next()).isEqualTo("READY=1\nSTATUS=Clients are accepted on 127.0.0.1:42000");
        assertThat(listener.next()).isEqualTo("RELOADING=1\nMONOTONIC_USEC=1234567");
        assertThat(listener.next()).isEqualTo("WATCHDOG=1");
        assertThat(listener.next()).isEqualTo("STOPPING=1\nEXTEND_TIMEOUT_USEC=1500000\nSTATUS=Stopping");
        assertThat(listener.poll()).isEmpty();
    }

    @Test
    void withoutAServiceManagerNothingHappens() {
        try (LoggedLines logged = new LoggedLines(ServiceManager.class)) {
            ServiceManager manager = of("WATCHDOG_USEC", "1000000");
            manager.ready("x");
            assertThat(manager.aliveInterval()).isNull();
            assertThat(logged.lines()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"notify", "tcp:1", "\u00e4"})
    void aNameThatIsNoneIsWarnedOf(String name) {
        try (LoggedLines logged = new LoggedLines(ServiceManager.class)) {
            of("NOTIFY_SOCKET", name).ready("x");
            assertThat(logged.lines())
                    .singleElement()
                    .asString()
                    .contains("WARN", "NOTIFY_SOCKET", "neither a path nor a name that begins with @");
        }
    }

    @Test
    void aServiceManagerThatHasGoneIsWarnedOfOnce() throws IOException {
        String name = directory.resolve("gone").toString();
        new NotifyListener(name).close();
        try (LoggedLines logged = new LoggedLines(ServiceManager.class)) {
            ServiceManager manager = of("NOTIFY_SOCKET", name);
            manager.ready("x");
            manager.alive();
            manager.alive();
            assertThat(logged.lines()).singleElement().asString().contains("can't be told of this server");
        }
    }

    /** A service manager that reads nothing for a while must not hold the loop that tells it of its life. */
    @Test
    void oneThatDoesNotReadHoldsNothingAndHearsTheNewsLater() throws IOException {
        try (NotifyListener listener =
                        new NotifyListener(directory.resolve("stuck").toString());
                LoggedLines logged = new LoggedLines(ServiceManager.class)) {
            ServiceManager manager = of("NOTIFY_SOCKET", listener.name());
            for (int i = 0; i < 20_000; i++) {
                manager.alive();
            }
            manager.ready("x");
            manager.tell("y");
            assertThat(listener.next()).isEqualTo("WATCHDOG=1");
            assertThat(listener.nextNews()).isEqualTo("READY=1\nSTATUS=x");
            assertThat(listener.nextNews()).isEqualTo("STATUS=y");
            assertThat(logged.lines()).isEmpty();
        }
    }

    /** The next sign of life would come too late: there are only two in the watchdog's time. */
    @Test
    void aSignOfLifeThatFindsNoRoomComesLater() throws IOException {
        try (NotifyListener listener =
                new NotifyListener(directory.resolve("full").toString())) {
            ServiceManager manager = of("NOTIFY_SOCKET", listener.name());
            NotifySocket others = NotifySocket.open(listener.name());
            int waiting = 0;
            while (others.send("of another service")) {
                waiting++;
            }
            manager.alive();
            manager.alive();
            for (; waiting > 0; waiting--) {
                assertThat(listener.next()).isEqualTo("of another service");
            }
            assertThat(listener.next()).isEqualTo("WATCHDOG=1");
            manager.tell("x");
            assertThat(listener.next()).isEqualTo("STATUS=x");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "10000000, 4711, 5000",
        "10000000, '', 5000",
        "10000000, 4712, -1", // meant for another process
        "'', '', -1",
        "0, '', -1",
        "-5, '', -1",
        "soon, '', -1",
        "99999999999999999999, '', -1",
    })
    void theWatchdogIsFedTwiceInItsTime(String micros, String owner, long millis) throws IOException {
        try (NotifyListener listener =
                        new NotifyListener(directory.resolve("watchdog").toString());
                LoggedLines ignored = new LoggedLines(ServiceManager.class)) {
            Duration interval = of("NOTIFY_SOCKET", listener.name(), "WATCHDOG_USEC", micros, "WATCHDOG_PID", owner)
                    .aliveInterval();
            assertThat(interval).isEqualTo(millis < 0 ? null : Duration.ofMillis(millis));
            assertThat(ignored.lines()).hasSize(millis < 0 && owner.isEmpty() && !micros.isEmpty() ? 1 : 0);
        }
    }
}
