package net.voltlane.systemtest;

import static net.voltlane.testkit.Bytes.numbered;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.voltlane.proof.KeyPair;
import net.voltlane.protocol.ProtocolVersion;
import net.voltlane.protocol.PubKey;
import net.voltlane.testkit.ScriptedClient;
import net.voltlane.testkit.ServerProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A server that may have only so many descriptors open: it serves as many clients as fit, and lets in who comes back.
 */
class DescriptorsTest {
    /** Until the server has heard of those who went, and lets another client in. */
    private static final Duration ROOM_LIMIT = Duration.ofSeconds(30);

    private static final Pattern ROOM = Pattern.compile("Limits: ([0-9]+) clients");
    private static final Duration REDIAL = Duration.ofSeconds(15);
    private static final Duration WINDOW = Duration.ofMillis(1500);

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void whoIsConnectedIsServedAndOnlyWhoComesBackIsLetIn(String transport) {
        try (World world = World.setup()
                .with("listener.transport", transport)
                .descriptors(300, 300)
                .start()) {
            int room = room(world.server());
            world.master().echo(true);
            world.master().timeout(REDIAL).accept();
            List<ScriptedClient> clients = new ArrayList<>();
            for (int i = 0; i < room; i++) {
                clients.add(world.open());
            }
            ScriptedClient tooMany = world.connect();
            tooMany.send(new ProtocolVersion(2));
            tooMany.expect(PubKey.class);
            tooMany.send(new PubKey(KeyPair.generate(new SecureRandom()).publicKey()));
            tooMany.readUntilClosed();
            world.server()
                    .awaitErrorLine(
                            line -> line.contains("no room, see the limit of open descriptors"), World.LINE_LIMIT);
            echo(clients);

            // Strangers who say nothing fill what is there for handshakes, but not what is kept for those who come
            // back.
            List<ScriptedClient> silent = new ArrayList<>();
            for (int i = 0; i < room; i++) {
                silent.add(world.connect());
            }
            Duration before = cpu(world.server());
            clients.get(0).expectSilence(WINDOW);
            assertThat(cpu(world.server()).minus(before))
                    .as("processor time while nobody is let in")
                    .isLessThan(WINDOW.dividedBy(3));
            clients.set(0, world.resumed(clients.get(0).identity()));
            world.master().expectReconnection(clients.get(0).id());
            echo(clients);

            world.master().firehose().cut();
            world.master().accept();
            clients.forEach(client -> world.master().expectReconnection(client.id()));
            echo(clients);

            silent.forEach(ScriptedClient::close);
            clients.get(0).close();
            clients.get(1).cut();
            clients.subList(0, 2).clear();
            clients.add(openOnceThereIsRoom(world));
            clients.add(openOnceThereIsRoom(world));
            echo(clients);
            assertThat(world.server().errorLines()).noneMatch(line -> line.contains("Failed to accept a client"));
        }
    }

    @Test
    void withoutRoomForAnybodyTheServerEndsWithOneClearLine() {
        int inUse;
        try (World world = World.setup().descriptors(300, 300).start()) {
            int room = room(world.server());
            inUse = 300 - 64 - (room + room / 7); // an eighth is kept for those who come back
        }
        int limit = inUse + 32; // enough to start with, and half of what is held back
        try (World world =
                World.setup().descriptors(limit, limit).withoutMaster().start()) {
            world.master().listenAgain();
            assertThat(world.server().awaitExit(World.RUN_LIMIT)).isEqualTo(1);
            assertThat(world.server().errorLines().stream().filter(line -> line.contains("ERROR")))
                    .singleElement()
                    .asString()
                    .contains("the limit of " + limit + " open descriptors leaves room for 0 clients");
        }
    }

    /** Nothing of the server's does that: HotSpot does, and this holds it to that. */
    @Test
    void theSoftLimitIsRaisedToTheHardOne() throws IOException {
        try (World world = World.setup().descriptors(256, 5000).start()) {
            assertThat(room(world.server())).isBetween(4_000, (5_000 - 64) / 8 * 7);
            Path limits = Path.of("/proc", Long.toString(world.server().pid()), "limits");
            assertThat(Files.readString(limits)).containsPattern("Max open files +5000 +5000 ");
        }
    }

    private static int room(ServerProcess server) {
        Matcher line =
                ROOM.matcher(server.awaitErrorLine(any -> ROOM.matcher(any).find(), World.LINE_LIMIT));
        assertThat(line.find()).isTrue();
        return Integer.parseInt(line.group(1));
    }

    /** The server hears of those who go in its own time, and turns away who comes before that. */
    private static ScriptedClient openOnceThereIsRoom(World world) {
        long end = System.nanoTime() + ROOM_LIMIT.toNanos();
        while (true) {
            try {
                return world.open();
            } catch (AssertionError turnedAway) {
                if (System.nanoTime() - end > 0) {
                    throw turnedAway;
                }
            }
        }
    }

    private static void echo(List<ScriptedClient> clients) {
        for (int i = 0; i < clients.size(); i++) {
            clients.get(i).send(numbered(i, 50));
        }
        for (int i = 0; i < clients.size(); i++) {
            assertThat(clients.get(i).timeout(REDIAL).receive()).isEqualTo(numbered(i, 50));
        }
    }

    private static Duration cpu(ServerProcess server) {
        return ProcessHandle.of(server.pid())
                .flatMap(process -> process.info().totalCpuDuration())
                .orElseThrow();
    }
}
