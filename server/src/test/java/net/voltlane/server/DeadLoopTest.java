package net.voltlane.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.nio.NioIoOps;
import io.netty.channel.nio.NioSelectableChannelIoHandle;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import net.voltlane.server.config.Address;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.server.config.TransportKind;
import net.voltlane.testkit.Ports;
import net.voltlane.testkit.ScriptedClient;
import net.voltlane.testkit.ScriptedMaster;
import net.voltlane.testkit.ServerProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server of which one loop dies, because the test gives it a socket whose handling throws an error. */
final class DeadLoopTest {
    private static final int LIMIT_SECS = 20;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void aLoopThatDiesEndsTheServerAndItsConnections(int victim) throws Exception {
        try (ScriptedMaster master = ScriptedMaster.listen()) {
            VoltlaneServer server = VoltlaneServer.start(config(master.address()));
            InetSocketAddress address = server.listening().toCompletableFuture().get(LIMIT_SECS, TimeUnit.SECONDS);
            List<ScriptedClient> clients =
                    List.of(ScriptedClient.open(address), ScriptedClient.open(address), ScriptedClient.open(address));
            List<EventExecutor> loops =
                    StreamSupport.stream(server.loops().spliterator(), false).toList();

            kill((IoEventLoop) loops.get(victim));

            assertThatThrownBy(() -> server.ended().toCompletableFuture().get(LIMIT_SECS, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(ServerFailedException.class)
                    .hasMessageContaining("died of java.lang.OutOfMemoryError: of the test's");
            clients.forEach(ScriptedClient::readUntilClosed);
            assertThat(ServerProcess.accepts(address)).isFalse();
            server.stop(); // does nothing after the end
        }
    }

    @Test
    void aServerThatWaitsForItsMasterEndsAsWell() throws Exception {
        VoltlaneServer server = VoltlaneServer.start(config(Ports.loopback(Ports.free())));

        kill((IoEventLoop) server.loops().iterator().next());

        assertThatThrownBy(() -> server.ended().toCompletableFuture().get(LIMIT_SECS, TimeUnit.SECONDS))
                .hasMessageContaining("died of");
        assertThat(server.listening().toCompletableFuture()).isCompletedExceptionally();
    }

    private static ServerConfig config(InetSocketAddress master) {
        ServerConfig defaults = ServerConfig.defaults();
        return defaults.withListener(defaults.listener()
                        .withAddress(new Address("127.0.0.1", 0))
                        .withKeyFile("")
                        .withThreads(3)
                        .withTransport(TransportKind.NIO))
                .withMaster(defaults.master().withAddress(new Address("127.0.0.1", master.getPort())));
    }

    /** Registers a socket that is ready at once and whose handling kills the loop. */
    private static void kill(IoEventLoop loop) throws IOException, InterruptedException {
        Pipe pipe = Pipe.open();
        pipe.source().configureBlocking(false);
        pipe.sink().write(ByteBuffer.allocate(1));
        IoRegistration registration =
                loop.register(new DeadlyHandle(pipe)).sync().getNow();
        registration.submit(NioIoOps.READ);
    }

    private static final class DeadlyHandle extends NioSelectableChannelIoHandle<Pipe.SourceChannel> {
        private final Pipe pipe;

        DeadlyHandle(Pipe pipe) {
            super(pipe.source());
            this.pipe = pipe;
        }

        @Override
        protected void handle(Pipe.SourceChannel channel, SelectionKey key) {
            throw new OutOfMemoryError("of the test's");
        }

        @Override
        public void close() throws IOException {
            pipe.source().close();
            pipe.sink().close();
        }
    }
}
