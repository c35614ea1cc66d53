package net.voltlane.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.voltlane.cli.systemd.NotifyListener;
import net.voltlane.cli.systemd.ServiceManager;
import net.voltlane.server.config.Address;
import net.voltlane.server.config.ConfigLoader;
import net.voltlane.server.config.ConfigRequest;
import net.voltlane.server.config.LoadedConfig;
import net.voltlane.testkit.IgnoredSignals;
import net.voltlane.testkit.ScriptedMaster;
import net.voltlane.testkit.ServerProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server and its service manager, over a real socket. */
class SystemdProcessTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Pattern RELOADING = Pattern.compile("RELOADING=1\nMONOTONIC_USEC=(\\d+)");

    @TempDir
    Path directory;

    @Test
    void theServiceManagerHearsOfStartReloadLifeAndStop() throws IOException {
        IgnoredSignals.assumeHeard("HUP");
        try (NotifyListener manager =
                        new NotifyListener(directory.resolve("notify").toString());
                ScriptedMaster master = ScriptedMaster.listen();
                ServerProcess server = ServerProcess.in(directory)
                        .arguments(
                                "serve",
                                "--listen",
                                "127.0.0.1:0",
                                "--master",
                                "127.0.0.1:" + master.address().getPort())
                        .env("NOTIFY_SOCKET", manager.name())
                        .env("WATCHDOG_USEC", "100000")
                        .start()) {
            assertThat(manager.nextNews())
                    .startsWith("EXTEND_TIMEOUT_USEC=31536000000000\nSTATUS=Waiting for the backend at 127.0.0.1:");
            assertThat(manager.nextNews()).startsWith("READY=1\nSTATUS=Clients are accepted on 127.0.0.1:");
            await().until(() -> manager.next().equals("WATCHDOG=1"));

            server.signal("HUP");
            Matcher reloading = RELOADING.matcher(manager.nextNews());
            assertThat(reloading.matches()).isTrue();
            long sinceMicros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime()) - Long.parseLong(reloading.group(1));
            assertThat(sinceMicros).isBetween(0L, TimeUnit.SECONDS.toMicros(20)); // one clock for the whole machine
            assertThat(manager.nextNews()).startsWith("READY=1\nSTATUS=Clients are accepted on ");

            server.signal("TERM");
            assertThat(manager.nextNews()).startsWith("STOPPING=1\nEXTEND_TIMEOUT_USEC=10000000\nSTATUS=");
            assertThat(server.awaitExit(LIMIT)).isZero();
        }
    }

    @Test
    void aLoopThatHangsIsNotAlive() throws Exception {
        try (NotifyListener manager =
                        new NotifyListener(directory.resolve("notify").toString());
                ScriptedMaster master = ScriptedMaster.listen()) {
            LoadedConfig loaded = ConfigLoader.load(new ConfigRequest(
                    directory,
                    null,
                    Map.of("VOLTLANE_LISTENER_KEY_FILE", ""), // else one would be made in the folder of the module
                    new Address("127.0.0.1", 0),
                    new Address("127.0.0.1", master.address().getPort()),
                    false));
            RunningServer server = RealServer.start(loaded.config());
            Operations operations = new Operations(
                    server,
                    new ConfigInEffect(loaded, () -> loaded, server::reload, level -> {}),
                    ServiceManager.of(Map.of("NOTIFY_SOCKET", manager.name(), "WATCHDOG_USEC", "20000")));
            operations.begin();
            await().until(() -> manager.next().startsWith("READY=1"));
            await().until(() -> manager.next().equals("WATCHDOG=1"));

            CountDownLatch hangs = new CountDownLatch(1);
            CountDownLatch goesOn = new CountDownLatch(1);
            server.heartbeat(LIMIT, () -> {
                hangs.countDown();
                awaitUninterruptibly(goesOn);
            });
            assertThat(hangs.await(10, TimeUnit.SECONDS)).isTrue();
            await().until(() -> {
                while (manager.poll().isPresent()) {} // those that were sent before, or waited for room
                assertThat(goesOn.await(200, TimeUnit.MILLISECONDS)).isFalse(); // the time of twenty
                return manager.poll().isEmpty();
            });
            goesOn.countDown();
            assertThat(manager.next()).isEqualTo("WATCHDOG=1");

            operations.drain();
            operations.drain();
            assertThat(manager.nextNews()).startsWith("STOPPING=1");
            server.ended().toCompletableFuture().get(10, TimeUnit.SECONDS);
            await().until(() -> manager.poll().isEmpty());
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
