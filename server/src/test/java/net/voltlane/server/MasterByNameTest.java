package net.voltlane.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import net.voltlane.server.config.Address;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.server.config.TransportKind;
import net.voltlane.server.link.IoUringAccept;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A master that is configured by a name with several addresses, with each kind of sockets. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
final class MasterByNameTest {

    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void localhostIsReachedWhereTheBackendListensOnVersion6Alone(TransportKind transport) throws Exception {
        assumeTrue(transport != TransportKind.IO_URING || IoUringAccept.isAvailable(), "io_uring does not work here");
        try (ServerSocket backend = version6()) {
            ServerConfig config = ServerConfig.defaults();
            config = config.withListener(config.listener()
                            .withAddress(new Address("127.0.0.1", 0))
                            .withKeyFile("")
                            .withTransport(transport))
                    .withMaster(config.master().withAddress(new Address("localhost", backend.getLocalPort())));
            VoltlaneServer server = VoltlaneServer.start(config);
            try (Socket firehose = backend.accept()) {
                server.listening().toCompletableFuture().get(20, TimeUnit.SECONDS);
                assertThat(firehose.getInetAddress()).isEqualTo(InetAddress.getByName("::1"));
            } finally {
                server.stop();
                server.ended().toCompletableFuture().get(20, TimeUnit.SECONDS);
            }
        }
    }

    private static ServerSocket version6() throws IOException {
        try {
            return new ServerSocket(0, 1, InetAddress.getByName("::1"));
        } catch (IOException e) {
            assumeTrue(false, "this machine has no IPv6: " + e.getMessage());
            throw e;
        }
    }
}
