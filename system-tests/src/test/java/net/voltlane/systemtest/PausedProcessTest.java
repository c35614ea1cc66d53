package net.voltlane.systemtest;

import static net.voltlane.testkit.Bytes.numbered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.voltlane.proof.KeyPair;
import net.voltlane.protocol.Challenge;
import net.voltlane.protocol.ChallengeResponse;
import net.voltlane.protocol.ClientId;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.Ping;
import net.voltlane.protocol.ProtocolVersion;
import net.voltlane.protocol.PubKey;
import net.voltlane.testkit.ClientIdentity;
import net.voltlane.testkit.ScriptedClient;
import org.junit.jupiter.api.Test;

/**
 * A process that is stopped for a while (a paused container, a virtual machine that moves, swapping) blames nobody for
 * what it could not hear. On all transports at once, because the time has to pass.
 */
class PausedProcessTest {
    private static final int TALKERS = 5;
    private static final int TIMEOUT_SECS = 2;
    private static final Duration PAUSE = Duration.ofSeconds(4);
    /** At a rate of 25, of which 25 may come at once: more than that, but less than in the whole pause. */
    private static final int PACKETS = 60;

    @Test
    void nobodyIsJudgedByTheTimeOfAPause() {
        List<Paused> all = Stream.of("epoll", "nio", "io_uring")
                .filter(PausedProcessTest::isAvailable)
                .map(Paused::new)
                .toList();
        try {
            all.forEach(Paused::begin);
            all.forEach(Paused::stop);
            await().pollDelay(PAUSE).until(() -> true);
            all.forEach(Paused::goOn);
            all.forEach(Paused::everybodyIsHeard);
            all.forEach(Paused::andOnlyNowTimeRuns);
        } finally {
            all.forEach(Paused::close);
        }
    }

    private static boolean isAvailable(String transport) {
        if (transport.equals("nio")) {
            return true;
        }
        String name = transport.equals("epoll") ? "io.netty.channel.epoll.Epoll" : "io.netty.channel.uring.IoUring";
        try {
            return (Boolean) Class.forName(name).getMethod("isAvailable").invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * Tells whether every thread stands. A busy machine takes a while to stop them all, and those that still run would
     * read what a client sends as what it sends at once. Where the system has no such files, true.
     */
    private static boolean isStopped(long pid) throws IOException {
        Path threads = Path.of("/proc", Long.toString(pid), "task");
        if (!Files.isDirectory(threads)) {
            return true;
        }
        try (Stream<Path> each = Files.list(threads)) {
            for (Path thread : each.toList()) {
                String stat = Files.readString(thread.resolve("stat"));
                if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
                    return false;
                }
            }
        } catch (NoSuchFileException | UncheckedIOException ended) { // a thread
            return false;
        }
        return true;
    }

    /** A server on one transport, whose every timeout is shorter than the pause. */
    private static final class Paused {
        private final String transport;
        private final World world;
        private final List<ScriptedClient> talkers = new ArrayList<>();
        private ClientIdentity owner;
        private ScriptedClient back;
        private ScriptedClient newcomer;
        private ScriptedClient silent;

        Paused(String transport) {
            this.transport = transport;
            world = World.setup()
                    .with("listener.transport", transport)
                    .with("listener.threads", 2)
                    .with("listener.handshake_timeout_secs", TIMEOUT_SECS)
                    .with("limits.packets_per_sec_per_client", 25)
                    .with("limits.rate_policy", "kick")
                    .with("limits.idle_timeout_secs", TIMEOUT_SECS)
                    .with("clients.stale_timeout_secs", TIMEOUT_SECS)
                    .with("clients.stale_reap_interval_secs", 1)
                    .start();
        }

        void begin() {
            for (int i = 0; i < TALKERS; i++) {
                talkers.add(world.openHeard());
            }
            ScriptedClient leaves = world.openHeard();
            owner = leaves.identity();
            talkers.forEach(world::introduce); // not silent, and the owner's loss is known
            leaves.cut();
            newcomer = world.connect();
            newcomer.send(new ProtocolVersion(Limits.PROTOCOL_VERSION));
            newcomer.expect(PubKey.class);
            silent = world.connect();
            talkers.forEach(world::introduce);
        }

        void stop() {
            world.server().signal("STOP");
            await().until(() -> isStopped(world.server().pid()));
            for (ScriptedClient talker : talkers) {
                for (int i = 0; i < PACKETS; i++) {
                    talker.send(numbered(i, 50));
                }
            }
            back = world.connect();
            back.send(new ProtocolVersion(Limits.PROTOCOL_VERSION), new ClientId(owner.id()));
        }

        void goOn() {
            world.server().signal("CONT");
        }

        void everybodyIsHeard() {
            newcomer.send(new PubKey(KeyPair.generate(new SecureRandom()).publicKey()));
            assertThat(newcomer.expect(ClientId.class).id()).as(transport).isPositive();
            back.expect(PubKey.class);
            byte[] box = back.expect(Challenge.class).box();
            back.send(new ChallengeResponse(ScriptedClient.answer(box, owner)), new Ping());
            back.expect(Ping.class);
            back.adopt(owner);
            world.roundTripAfterReconnection(back);
            for (ScriptedClient talker : talkers) {
                for (int i = 0; i < PACKETS; i++) {
                    assertThat(world.master().dataOf(talker.id()))
                            .as("%s: packet %d", transport, i)
                            .isEqualTo(numbered(i, 50));
                }
                world.roundTrip(talker);
            }
        }

        /** Whoever says nothing is still found out, in the time that is for that. */
        void andOnlyNowTimeRuns() {
            silent.readUntilClosed(Duration.ofSeconds(TIMEOUT_SECS + 5));
            talkers.get(0).readUntilClosed(Duration.ofSeconds(TIMEOUT_SECS + 5));
        }

        void close() {
            world.close();
        }
    }
}
