package net.voltlane.admin.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.Optional;
import net.voltlane.server.config.Address;
import net.voltlane.server.config.Admin;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.testkit.Ports;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminPortTest {
    @TempDir
    Path folder;

    private Admin settings(String host, int port) {
        return ServerConfig.defaults()
                .admin()
                .withTokenFile(folder.resolve("admin.token").toString())
                .withAddress(Optional.of(new Address(host, port)));
    }

    @Test
    void connectionsAreTakenFromTheStart() throws Exception {
        try (ServerSocketChannel port = AdminPort.listen(new Address("127.0.0.1", 0));
                Socket early = new Socket()) {
            early.connect(port.getLocalAddress());
            assertThat(early.isConnected()).isTrue();
        }
    }

    @Test
    void aPortThatWasAskedForAndIsTakenIsAnErrorThatAnotherAttemptMayMend() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> AdminServer.open(settings("127.0.0.1", taken.getLocalPort())))
                    .isInstanceOfSatisfying(
                            AdminStartException.class,
                            e -> assertThat(e.isConfiguration()).isFalse())
                    .hasMessageStartingWith("admin.address: 127.0.0.1:" + taken.getLocalPort()
                            + " (can't listen there: address already in use");
        }
    }

    @Test
    void aHostThatNobodyKnowsIsAnErrorOfTheConfiguration() {
        assertThatThrownBy(() -> AdminServer.open(settings("no-such-host.invalid", 1)))
                .isInstanceOfSatisfying(
                        AdminStartException.class,
                        e -> assertThat(e.isConfiguration()).isTrue())
                .hasMessageEndingWith("(can't listen there: unknown host)");
    }

    @Test
    void aWrongTokenFileGivesThePortBack() throws Exception {
        int port = Ports.free();
        Path nowhere = folder.resolve("missing").resolve("token");
        Admin wrong = settings("127.0.0.1", port).withTokenFile(nowhere.toString());
        assertThatThrownBy(() -> AdminServer.open(wrong)).isInstanceOf(AdminStartException.class);
        AdminPort.close(AdminPort.listen(new Address("127.0.0.1", port)));
    }

    @Test
    void withoutAnAddressThereIsNoAdminServer() throws Exception {
        assertThat(AdminServer.open(ServerConfig.defaults().admin().withAddress(Optional.empty())))
                .isNull();
    }

    @Test
    void aServerThatWasNeverStartedCloses() throws Exception {
        AdminServer server = AdminServer.open(settings("127.0.0.1", 0));
        assertThat(server).isNotNull();
        InetSocketAddress address = server.address();
        server.close();
        AdminPort.close(AdminPort.listen(new Address("127.0.0.1", address.getPort())));
    }
}
