package net.voltlane.systemtest;

import static net.voltlane.testkit.Bytes.numbered;
import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.voltlane.client.ClientException;
import net.voltlane.client.SendQueueFullException;
import net.voltlane.client.VoltlaneClient;
import net.voltlane.protocol.Reason;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.ClientIdentity;
import net.voltlane.testkit.Ports;
import net.voltlane.testkit.ScriptedClient;
import net.voltlane.testkit.ServerProcess;
import org.junit.jupiter.api.Test;

/** A process dies without a word ({@code kill -9}), and comes back. */
class KilledTest {
    private static final Duration COMEBACK = Duration.ofSeconds(20);

    @Test
    void aKilledBackendComesBackToTheSameClientsAndNothingThatWaitedIsLost() {
        Path folder = World.newFolder();
        InetSocketAddress backend = Ports.loopback(Ports.free());
        InetSocketAddress listener = Ports.loopback(Ports.free());
        ServerProcess echo = echo(folder, backend);
        try (ServerProcess server = ServerProcess.in(folder)
                .arguments("serve", "--listen", Settings.text(listener), "--master", Settings.text(backend))
                .start()
                .awaitPort(listener, World.START_LIMIT)) {
            List<ScriptedClient> clients = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                clients.add(ScriptedClient.open(listener).timeout(COMEBACK));
                echoes(clients.get(i), 0);
            }
            echo.signal("KILL");
            echo.awaitExit(World.EXIT_LIMIT);
            server.awaitErrorLine(line -> line.contains("WARN") && line.contains("trying for"), COMEBACK);
            clients.forEach(client -> client.send(numbered(1, 100)));
            echo = echo(folder, backend);
            for (ScriptedClient client : clients) {
                assertThat(Bytes.number(client.receive())).isEqualTo(1);
                echoes(client, 2);
                client.close();
            }
            assertThat(server.shamefulLines()).isEmpty();
        } finally {
            echo.close();
            World.deleteFolder(folder);
        }
    }

    private static ServerProcess echo(Path folder, InetSocketAddress address) {
        return ServerProcess.in(folder)
                .arguments("echo", "--listen", Settings.text(address))
                .start()
                .awaitPort(address, World.START_LIMIT);
    }

    private static void echoes(ScriptedClient client, int number) {
        client.send(numbered(number, 100));
        assertThat(Bytes.number(client.receive())).isEqualTo(number);
    }

    @Test
    void aKilledServerKnowsNoSessionAnyMoreButKeepsItsKey() {
        try (World world = World.setup().start()) {
            ScriptedClient live = world.openHeard();
            ScriptedClient stale = world.openHeard();
            world.cut(stale);
            world.restart();
            live.readUntilClosed();
            for (ClientIdentity who : List.of(live.identity(), stale.identity())) {
                try (ScriptedClient again = world.connect()) {
                    // As for any unknown id: a challenge that does not open.
                    assertThat(again.tryResume(who)).isFalse();
                }
                world.master().send(who.id(), utf8("are you there?"));
                world.master().expectFailure(who.id(), Reason.CLIENT_NOT_FOUND);
            }
            ScriptedClient anew = world.open();
            assertThat(anew.identity().serverKey()).isEqualTo(live.identity().serverKey());
            world.roundTrip(anew);
        }
    }

    @Test
    void aClientOfTheSdkGoesOnWithANewSessionOnceTheServerIsBack()
            throws ClientException, SendQueueFullException, InterruptedException {
        try (World world = World.setup().start();
                VoltlaneClient client = VoltlaneClient.builder(Settings.text(world.address()))
                        .newSessionWhenGone(true)
                        .connect()) {
            long before = client.sessionId();
            client.send(utf8("before"));
            assertThat(world.master().dataOf(before)).isEqualTo(utf8("before"));
            world.restart();
            await().atMost(COMEBACK).until(() -> client.sessionId() != before && client.isConnected());
            client.send(utf8("after"));
            assertThat(world.master().dataOf(client.sessionId())).isEqualTo(utf8("after"));
            world.master().send(client.sessionId(), utf8("welcome back"));
            assertThat(client.receive(COMEBACK)).isEqualTo(utf8("welcome back"));
        }
    }
}
