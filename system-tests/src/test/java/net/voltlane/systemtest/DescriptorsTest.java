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
import net.voltlane.protocol.ClientId;
import net.voltlane.protocol.ProtocolVersion;
import net.voltlane.protocol.PubKey;
import net.voltlane.testkit.ScriptedClient;
import net.voltlane.testkit.ServerProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that may have only so many descriptors open: it serves as many clients as fit, and the others later. */
class DescriptorsTest {
    private static final Pattern ROOM = Pattern.compile("leaves room for ([0-9]+) clients");
    private static final Duration REDIAL = Duration.ofSeconds(15);
    private static final Duration WINDOW = Duration.ofMillis(1500);

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void whoIsConnectedIsServedAndWhoIsNotWaits(String transport) {
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
            world.server()
                    .awaitErrorLine(
                            line -> line.contains(room + " connections are open, and the limit of open descriptors"),
                            World.START_LIMIT);
            ScriptedClient next = waiting(world);
            ScriptedClient last = waiting(world);
            echo(clients);

            Duration before = cpu(world.server());
            next.expectSilence(WINDOW);
            assertThat(cpu(world.server()).minus(before))
                    .as("processor time while clients wait")
                    .isLessThan(WINDOW.dividedBy(3));

            world.master().firehose().cut();
            world.master().accept();
            clients.forEach(client -> world.master().expectReconnection(client.id()));
            echo(clients);

            clients.get(0).close();
            admit(next);
            last.expectSilence(Duration.ofMillis(200));
            clients.get(1).cut();
            admit(last);
            clients.subList(0, 2).clear();
            echo(clients);
            assertThat(world.server().errorLines()).noneMatch(line -> line.contains("could not be accepted"));
        }
    }

    @Test
    void withoutRoomForAnybodyTheServerEndsWithOneClearLine() {
        int inUse;
        try (World world = World.setup().descriptors(300, 300).start()) {
            inUse = 300 - 64 - room(world.server());
        }
        int limit = inUse + 32; // enough to start with, and half of what is held back
        try (World world =
                World.setup().descriptors(limit, limit).withoutMaster().start()) {
            world.master().listenAgain();
            assertThat(world.server().awaitExit(World.START_LIMIT)).isEqualTo(1);
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
            assertThat(room(world.server())).isBetween(4000, 5000 - 64);
            Path limits = Path.of("/proc", Long.toString(world.server().pid()), "limits");
            assertThat(Files.readString(limits)).containsPattern("Max open files +5000 +5000 ");
        }
    }

    private static int room(ServerProcess server) {
        Matcher line =
                ROOM.matcher(server.awaitErrorLine(any -> ROOM.matcher(any).find(), World.START_LIMIT));
        assertThat(line.find()).isTrue();
        return Integer.parseInt(line.group(1));
    }

    /** A client that has spoken, and has connected as far as its kernel knows. */
    private static ScriptedClient waiting(World world) {
        ScriptedClient client = world.connect();
        client.send(new ProtocolVersion(2));
        return client;
    }

    private static void admit(ScriptedClient client) {
        client.expect(PubKey.class);
        client.send(new PubKey(KeyPair.generate(new SecureRandom()).publicKey()));
        client.expect(ClientId.class);
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
