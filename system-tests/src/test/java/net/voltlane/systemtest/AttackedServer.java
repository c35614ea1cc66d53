package net.voltlane.systemtest;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import net.voltlane.testkit.Ports;
import net.voltlane.testkit.ServerProcess;

/** A server process with an admin port, between honest clients and the echo backend, in a folder of its own. */
final class AttackedServer implements AutoCloseable {
    private final Path folder = World.newFolder();
    private final InetSocketAddress address = Ports.loopback(Ports.free());
    private final ServerProcess echo;
    private final ServerProcess server;
    final AdminPort admin;
    final HonestClients honest;

    /**
     * @param asShipped without the flags for tests
     * @param jvmFlags of the server
     */
    AttackedServer(boolean asShipped, int clients, int packetsPerSecondEach, String... jvmFlags) {
        InetSocketAddress backend = Ports.loopback(Ports.free());
        InetSocketAddress adminAddress = Ports.loopback(Ports.free());
        admin = new AdminPort(adminAddress, folder.resolve("admin.token"));
        new Settings()
                .set("listener.address", Settings.text(address))
                .set("master.address", Settings.text(backend))
                .set("admin.address", Settings.text(adminAddress))
                .write(folder.resolve("connserver.toml"));
        echo = command(asShipped, List.of(), "echo", "--listen", Settings.text(backend))
                .awaitPort(backend, World.START_LIMIT);
        server = command(asShipped, List.of(jvmFlags), "serve").awaitPort(address, World.START_LIMIT);
        honest = new HonestClients(address, clients, packetsPerSecondEach);
    }

    private ServerProcess command(boolean asShipped, List<String> jvmFlags, String... arguments) {
        ServerProcess.Builder command = ServerProcess.in(folder)
                .jvm(jvmFlags.toArray(String[]::new))
                .adminAsConfigured()
                .arguments(arguments);
        return (asShipped ? command.asShipped() : command).start();
    }

    InetSocketAddress address() {
        return address;
    }

    ServerProcess server() {
        return server;
    }

    @Override
    public void close() {
        honest.close();
        server.close();
        echo.close();
        World.deleteFolder(folder);
    }
}
