package net.voltlane.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import net.voltlane.testkit.ScriptedClient;
import org.junit.jupiter.api.Test;

/** Section 5: how long the server goes on without its master, at the start and later. */
class MasterTimeoutTest {
    /** Until a server that waits for at most 1 s has ended, its start included. Below the 30 s that it waits by default. */
    private static final Duration END_LIMIT = Duration.ofSeconds(25);

    @Test
    void aServerThatNeverReachesItsMasterEndsWithOneClearLine() {
        try (World world = World.setup()
                .withoutMaster()
                .with("master.reconnect_timeout_secs", 1)
                .start()) {
            assertThat(world.server().awaitExit(END_LIMIT)).isEqualTo(1);
            expectOneLineAboutTheMaster(world);
        }
    }

    @Test
    void aServerThatLosesItsMasterForTooLongEndsWithOneClearLine() {
        try (World world =
                World.setup().with("master.reconnect_timeout_secs", 1).start()) {
            ScriptedClient client = world.openHeard();
            world.master().stopListening();
            long startNanos = System.nanoTime();
            world.master().firehose().cut();
            assertThat(world.server().awaitExit(END_LIMIT)).isEqualTo(1);
            assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isGreaterThan(Duration.ofMillis(900));
            client.readUntilClosed();
            expectOneLineAboutTheMaster(world);
        }
    }

    @Test
    void withNoTimeAServerEndsAtOnce() {
        try (World world =
                World.setup().with("master.reconnect_timeout_secs", 0).start()) {
            world.openHeard();
            world.master().stopListening();
            world.master().firehose().cut();
            assertThat(world.server().awaitExit(END_LIMIT)).isEqualTo(1);
            expectOneLineAboutTheMaster(world);
        }
    }

    @Test
    void withNoTimeAServerEndsAtOnceAtItsStartToo() {
        try (World world = World.setup()
                .withoutMaster()
                .with("master.reconnect_timeout_secs", 0)
                .start()) {
            assertThat(world.server().awaitExit(END_LIMIT)).isEqualTo(1);
            expectOneLineAboutTheMaster(world);
        }
    }

    @Test
    void aMasterThatAcceptsAndClosesAtOnceIsGivenUpAsOneThatIsAway() throws IOException {
        try (World world = World.setup()
                        .withoutMaster()
                        .with("master.reconnect_timeout_secs", 1)
                        .start();
                ServerSocket door = new ServerSocket()) {
            door.setReuseAddress(true);
            door.bind(world.master().address());
            Thread closing = new Thread(() -> closeEach(door), "closing");
            closing.setDaemon(true);
            closing.start();
            assertThat(world.server().awaitExit(END_LIMIT)).isEqualTo(1);
            expectOneLineAboutTheMaster(world);
        }
    }

    private static void closeEach(ServerSocket door) {
        try {
            while (true) {
                door.accept().close();
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    @Test
    void clientsAreAcceptedOnlyOnceTheMasterWasReached() {
        try (World world = World.setup().withoutMaster().start()) {
            world.server()
                    .awaitErrorLine(line -> line.contains(Integer.toString(masterPort(world))), World.START_LIMIT);
            assertThat(isServed(world)).isFalse();
            world.master().listenAgain();
            world.master().timeout(Duration.ofSeconds(15)).accept();
            world.server().awaitPort(world.address(), Duration.ofSeconds(5));
            world.serveHonestClientsAndNobodyElse();
        }
    }

    private static boolean isServed(World world) {
        try (ScriptedClient client = ScriptedClient.connect(world.address()).timeout(Duration.ofMillis(500))) {
            client.openSession();
            return true;
        } catch (AssertionError e) {
            return false;
        }
    }

    private static void expectOneLineAboutTheMaster(World world) {
        assertThat(world.server().errorLines().stream().filter(line -> line.contains("ERROR")))
                .as("lines about errors%s", world.server().report())
                .singleElement()
                .asString()
                .contains("master")
                .contains(Integer.toString(masterPort(world)));
    }

    private static int masterPort(World world) {
        return world.master().address().getPort();
    }
}
