package net.voltlane.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import net.voltlane.testkit.LinkEnded;
import net.voltlane.testkit.Ports;
import net.voltlane.testkit.ScriptedClient;
import net.voltlane.testkit.ServerProcess;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * {@code mvn -Pattack verify}: what honest clients feel of an attack, and that each of their packets is echoed all the
 * while. Attackers work by the clock ({@code -Dattack.rate}, connections a second): on one machine an attacker that
 * takes all it can get would only show that processors can be used up. {@code -Dattack.seconds} is the length of each
 * phase. One stalled reader is measured by {@code voltlane bench stalled}.
 */
@Tag("attack")
class AttackTest {
    private static final int SECONDS = Integer.getInteger("attack.seconds", 10);
    private static final int RATE = Integer.getInteger("attack.rate", 300);
    private static final int ATTACKERS = 4;
    private static final int HELD_OPEN = 500;
    private static final int HONEST = 8;
    private static final int HONEST_PACKETS_PER_SECOND = 100;

    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong deeds = new AtomicLong();

    /** An action at each tick of an attacker's clock. */
    @FunctionalInterface
    interface Tick {
        void run(Random random);
    }

    @Test
    void honestClientsAreServedDuringEachAttack() throws InterruptedException {
        Path folder = World.newFolder();
        InetSocketAddress backend = Ports.loopback(Ports.free());
        InetSocketAddress server = Ports.loopback(Ports.free());
        try (ServerProcess echo = ServerProcess.in(folder)
                        .asShipped()
                        .arguments("echo", "--listen", Settings.text(backend))
                        .start()
                        .awaitPort(backend, World.START_LIMIT);
                ServerProcess process = ServerProcess.in(folder)
                        .asShipped()
                        .arguments("serve", "--listen", Settings.text(server), "--master", Settings.text(backend))
                        .start()
                        .awaitPort(server, World.START_LIMIT);
                HonestClients honest = new HonestClients(server, HONEST, HONEST_PACKETS_PER_SECOND)) {
            System.out.printf(
                    "%d honest clients, %d packets a second each; %d s for each phase%n",
                    HONEST, HONEST_PACKETS_PER_SECOND, SECONDS);
            System.out.println("attack                     a second   echoes     p50 ms    p99 ms  p99.9 ms    max ms");
            // Twice, and with attackers: else cold code would be compared with warm.
            phase("(warm-up)", honest, deed(server, Strangers::knock));
            phase("(warm-up)", honest, deed(server, Strangers::guess));
            phase("none", honest, List.of());
            phase("connection flood", honest, deed(server, Strangers::knock));
            phase("oversized frames", honest, deed(server, Strangers::exaggerate));
            phase("resume guessing", honest, deed(server, Strangers::guess));
            try (Dripping dripping = new Dripping(server)) {
                phase("slow handshakes", honest, dripping.ticks());
            }
            phase("none, afterwards", honest, List.of());
            assertThat(process.isAlive()).isTrue();
            assertThat(echo.isAlive()).isTrue();
        } finally {
            World.deleteFolder(folder);
        }
    }

    private static List<Tick> deed(InetSocketAddress server, Strangers.Deed deed) {
        List<Tick> ticks = new ArrayList<>();
        for (int i = 0; i < ATTACKERS; i++) {
            ticks.add(random -> Strangers.act(server, deed, random));
        }
        return ticks;
    }

    private void phase(String name, HonestClients honest, List<Tick> attackers) throws InterruptedException {
        over.set(false);
        deeds.set(0);
        honest.take();
        List<Thread> threads = new ArrayList<>();
        for (Tick attacker : attackers) {
            Thread thread = new Thread(() -> byTheClock(attacker, RATE / (double) attackers.size()), "attacker");
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
        long endNanos = System.nanoTime() + SECONDS * 1_000_000_000L;
        while (endNanos - System.nanoTime() > 0) {
            LockSupport.parkNanos(endNanos - System.nanoTime());
        }
        Histogram latency = honest.take();
        over.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.printf(
                "%-24s %10.0f %8d %10.2f %9.2f %9.2f %9.2f%n",
                name,
                deeds.get() / (double) SECONDS,
                latency.getTotalCount(),
                latency.getValueAtPercentile(50) / 1e6,
                latency.getValueAtPercentile(99) / 1e6,
                latency.getValueAtPercentile(99.9) / 1e6,
                latency.getMaxValue() / 1e6);
    }

    private void byTheClock(Tick tick, double perSecond) {
        Random random = new Random();
        long startNanos = System.nanoTime();
        for (int i = 0; !over.get(); i++) {
            long dueNanos = startNanos + (long) (i * 1e9 / perSecond);
            while (!over.get() && dueNanos - System.nanoTime() > 0) {
                LockSupport.parkNanos(dueNanos - System.nanoTime());
            }
            try {
                tick.run(random);
                deeds.incrementAndGet();
            } catch (AssertionError e) {
                // turned away already when it connected
            }
        }
    }

    /** Many connections, each of which sends one byte of a handshake now and then; who is thrown out comes again. */
    private static final class Dripping implements AutoCloseable {
        /** A frame of 1000 bytes that never comes to its end. */
        private static final byte[] BEGINNING = {(byte) 0xe8, 3, 0, 0};

        private final InetSocketAddress server;
        private final List<List<ScriptedClient>> held = new ArrayList<>();

        Dripping(InetSocketAddress server) {
            this.server = server;
            for (int i = 0; i < ATTACKERS; i++) {
                List<ScriptedClient> some = new ArrayList<>();
                for (int k = 0; k < HELD_OPEN / ATTACKERS; k++) {
                    some.add(begin());
                }
                held.add(some);
            }
        }

        List<Tick> ticks() {
            List<Tick> ticks = new ArrayList<>();
            held.forEach(some -> ticks.add(random -> drip(some, random.nextInt(some.size()))));
            return ticks;
        }

        private void drip(List<ScriptedClient> some, int at) {
            try {
                some.get(at).write(new byte[1]);
            } catch (LinkEnded e) {
                some.get(at).close();
                some.set(at, begin());
            }
        }

        private ScriptedClient begin() {
            ScriptedClient client = ScriptedClient.connect(server);
            client.write(BEGINNING);
            return client;
        }

        @Override
        public void close() {
            held.forEach(some -> some.forEach(ScriptedClient::cut));
        }
    }
}
