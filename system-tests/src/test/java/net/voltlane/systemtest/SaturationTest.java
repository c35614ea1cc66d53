package net.voltlane.systemtest;

import static net.voltlane.testkit.Bytes.numbered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.ProtocolVersion;
import net.voltlane.protocol.PubKey;
import net.voltlane.testkit.ScriptedClient;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However busy the loops are, a new client is let in within a second. */
class SaturationTest {
    private static final int BUSY_CLIENTS = 3;
    private static final int NEWCOMERS = 60;

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio", "io_uring"})
    void aSaturatedServerAcceptsNewClientsWithinASecond(String transport) throws ReflectiveOperationException {
        assumeTrue(isAvailable(transport), transport + " does not work on this machine");
        try (World world = World.setup().with("listener.transport", transport).start()) {
            world.master().echo(true);
            AtomicBoolean over = new AtomicBoolean();
            AtomicReference<Throwable> fault = new AtomicReference<>();
            List<Thread> busy = new ArrayList<>();
            for (int i = 0; i < BUSY_CLIENTS; i++) {
                busy.add(keepBusy(world.open(), over, fault));
            }
            try {
                for (int round = 0; round < 3; round++) {
                    long startNanos = System.nanoTime();
                    List<ScriptedClient> newcomers = new ArrayList<>();
                    for (int i = 0; i < NEWCOMERS; i++) {
                        ScriptedClient newcomer = world.connect();
                        newcomer.send(new ProtocolVersion(Limits.PROTOCOL_VERSION));
                        newcomers.add(newcomer);
                    }
                    newcomers.forEach(newcomer -> newcomer.expect(PubKey.class));
                    assertThat(Duration.ofNanos(System.nanoTime() - startNanos))
                            .as("time until %d new clients were answered", NEWCOMERS)
                            .isLessThan(Duration.ofSeconds(1));
                    newcomers.forEach(ScriptedClient::close);
                }
            } finally {
                over.set(true);
                for (Thread thread : busy) {
                    join(thread);
                }
            }
            assertThat(fault.get()).isNull();
        }
    }

    /** Keeps thousands of small packets on their way up and down. */
    private static Thread keepBusy(ScriptedClient client, AtomicBoolean over, AtomicReference<Throwable> fault) {
        byte[][] window = new byte[1_000][];
        Arrays.fill(window, Frame.of(numbered(1, 64)));
        Thread thread = new Thread(
                () -> {
                    try {
                        client.write(window);
                        while (!over.get()) {
                            client.write(window);
                            client.read(window.length * window[0].length);
                        }
                        client.read(window.length * window[0].length);
                    } catch (RuntimeException | AssertionError e) {
                        fault.compareAndSet(null, e);
                    }
                },
                "busy-client");
        thread.start();
        return thread;
    }

    private static boolean isAvailable(String transport) throws ReflectiveOperationException {
        if (transport.equals("nio")) {
            return true;
        }
        String name = transport.equals("epoll") ? "io.netty.channel.epoll.Epoll" : "io.netty.channel.uring.IoUring";
        return (Boolean) Class.forName(name).getMethod("isAvailable").invoke(null);
    }

    private static void join(Thread thread) {
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        assertThat(thread.isAlive()).isFalse();
    }
}
