package net.voltlane.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import net.voltlane.protocol.Reason;
import net.voltlane.server.config.Address;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.server.config.TransportKind;
import net.voltlane.server.link.IoUringAccept;
import net.voltlane.testkit.ClientIdentity;
import net.voltlane.testkit.Closing;
import net.voltlane.testkit.Firehose;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.ScriptedClient;
import net.voltlane.testkit.ScriptedMaster;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The whole server in this process, with each kind of sockets, with one loop and with several. */
@ExtendWith(LeakCheck.class)
final class VoltlaneServerTest {
    record Setup(TransportKind transport, int threads) {}

    static List<Setup> setups() {
        return Stream.of(TransportKind.values())
                .filter(kind -> kind != TransportKind.IO_URING || IoUringAccept.isAvailable())
                .flatMap(kind -> Stream.of(new Setup(kind, 1), new Setup(kind, 3)))
                .toList();
    }

    /** A server with its master. Closing it stops the server in order. */
    record Running(VoltlaneServer server, ScriptedMaster master, Firehose firehose, InetSocketAddress address)
            implements AutoCloseable {
        static Running start(Setup setup, UnaryOperator<ServerConfig> more) throws Exception {
            ScriptedMaster master = ScriptedMaster.listen();
            ServerConfig config = ServerConfig.defaults();
            config = config.withListener(config.listener()
                            .withAddress(new Address("127.0.0.1", 0))
                            .withKeyFile("")
                            .withThreads(setup.threads())
                            .withTransport(setup.transport()))
                    .withMaster(config.master()
                            .withAddress(
                                    new Address("127.0.0.1", master.address().getPort())));
            VoltlaneServer server = VoltlaneServer.start(more.apply(config));
            InetSocketAddress address = server.listening().toCompletableFuture().get(10, TimeUnit.SECONDS);
            return new Running(server, master, master.accept(), address);
        }

        @Override
        public void close() {
            server.stop();
            server.ended().toCompletableFuture().orTimeout(15, TimeUnit.SECONDS).join();
            master.close();
        }
    }

    private static byte[] text(String s) {
        return s.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @MethodSource("setups")
    void dataGoesBothWaysUnderTheClientsId(Setup setup) throws Exception {
        try (Running it = Running.start(setup, c -> c);
                ScriptedClient one = ScriptedClient.open(it.address());
                ScriptedClient two = ScriptedClient.open(it.address())) {
            one.send(text("from one"));
            two.send(text("from two"));
            assertThat(it.firehose().dataOf(one.id())).isEqualTo(text("from one"));
            assertThat(it.firehose().dataOf(two.id())).isEqualTo(text("from two"));
            it.firehose().send(two.id(), text("to two"));
            it.firehose().send(one.id(), text("to one"));
            assertThat(one.receive()).isEqualTo(text("to one"));
            assertThat(two.receive()).isEqualTo(text("to two"));
        }
    }

    @ParameterizedTest
    @MethodSource("setups")
    void largeAndSmallPacketsKeepTheirOrder(Setup setup) throws Exception {
        int[] sizes = {0, 1, 4095, 4096, 5, 70_000, 0, 300_000, 3, 2_000_000, 17};
        try (Running it = Running.start(setup, c -> c);
                ScriptedClient client = ScriptedClient.open(it.address())) {
            it.master().echo(true);
            for (int size : sizes) {
                byte[] data = new byte[size];
                java.util.Arrays.fill(data, (byte) size);
                client.send(data);
            }
            for (int size : sizes) {
                byte[] data = client.receive();
                assertThat(data).hasSize(size).containsOnly(size == 0 ? new byte[0] : new byte[] {(byte) size});
            }
        }
    }

    @ParameterizedTest
    @MethodSource("setups")
    void aClientThatComesBackGetsWhatItMissed(Setup setup) throws Exception {
        try (Running it = Running.start(setup, c -> c.withClients(c.clients().withMissedPacketsBufferSize(10)))) {
            ClientIdentity who;
            try (ScriptedClient client = ScriptedClient.open(it.address())) {
                who = client.identity();
                client.send(text("hello"));
                assertThat(it.firehose().dataOf(who.id())).isEqualTo(text("hello"));
                client.cut();
            }
            it.firehose().send(who.id(), text("missed 1"));
            it.firehose().send(who.id(), text("missed 2"));
            try (ScriptedClient back = ScriptedClient.connect(it.address())) {
                back.resume(who);
                it.firehose().expectReconnection(who.id());
                back.send(text("again"));
                assertThat(back.receive()).isEqualTo(text("missed 1"));
                assertThat(back.receive()).isEqualTo(text("missed 2"));
                assertThat(it.firehose().dataOf(who.id())).isEqualTo(text("again"));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("setups")
    void aLinkThatHasProvedItselfTakesOver(Setup setup) throws Exception {
        try (Running it = Running.start(setup, c -> c);
                ScriptedClient old = ScriptedClient.open(it.address());
                ScriptedClient next = ScriptedClient.connect(it.address())) {
            old.send(text("from old"));
            assertThat(it.firehose().dataOf(old.id())).isEqualTo(text("from old")); // else it may never be read
            next.resume(old.identity());
            next.send(text("from next"));
            it.firehose().expectReconnection(old.id());
            assertThat(it.firehose().dataOf(old.id())).isEqualTo(text("from next"));
            it.firehose().send(old.id(), text("to next"));
            assertThat(next.receive()).isEqualTo(text("to next"));
            assertThat(old.readUntilClosed().rest()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("setups")
    void aKickDeliversWhatWasSentBefore(Setup setup) throws Exception {
        try (Running it = Running.start(setup, c -> c);
                ScriptedClient client = ScriptedClient.open(it.address())) {
            client.send(text("hello"));
            assertThat(it.firehose().dataOf(client.id())).isEqualTo(text("hello"));
            it.firehose().send(client.id(), text("bye"));
            it.firehose().kick(client.id());
            assertThat(client.receive()).isEqualTo(text("bye"));
            Closing closing = client.readUntilClosed();
            assertThat(closing.rest()).isEmpty();
            it.firehose().expectFailure(client.id(), Reason.CLIENT_KICKED);
        }
    }

    @ParameterizedTest
    @MethodSource("setups")
    void aStopTellsTheMasterOfEverySession(Setup setup) throws Exception {
        try (Running it = Running.start(setup, c -> c);
                ScriptedClient client = ScriptedClient.open(it.address())) {
            client.send(text("last words"));
            assertThat(it.firehose().dataOf(client.id())).isEqualTo(text("last words"));
            it.server().stop();
            it.firehose().expectFailure(client.id(), Reason.SERVER_STOPPING);
            client.readUntilClosed();
        }
    }
}
