package net.voltlane.systemtest;

import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import net.voltlane.protocol.FirehosePacket;
import net.voltlane.protocol.Flag;
import net.voltlane.testkit.ClientIdentity;
import net.voltlane.testkit.FaultRelay;
import net.voltlane.testkit.Ports;
import net.voltlane.testkit.ScriptedClient;
import net.voltlane.testkit.ScriptedMaster;
import net.voltlane.testkit.ServerProcess;
import org.jspecify.annotations.Nullable;

/**
 * A server process between a scripted master and scripted clients, in a folder of its own. Whatever a test does to it,
 * {@link #close()} also checks that the server printed no stack trace and leaked no buffer.
 */
final class World implements AutoCloseable {
    /** From the start of a process to the line, or the port, that shows that it is up. */
    static final Duration START_LIMIT = Duration.ofSeconds(60);
    /** The whole run of a process that ends by itself: a check, or a start that is refused. */
    static final Duration RUN_LIMIT = Duration.ofSeconds(60);
    /** From a signal to the end of the process. */
    static final Duration EXIT_LIMIT = Duration.ofSeconds(30);
    /** From an event to the line about it in the log of a server that is up. Some lines are held back for 10 s. */
    static final Duration LINE_LIMIT = Duration.ofSeconds(30);

    private final Path folder;
    private final InetSocketAddress address;
    private final ScriptedMaster master;
    private final @Nullable FaultRelay relay;
    private final Setup setup;
    private final List<ScriptedClient> clients = new ArrayList<>();
    private ServerProcess server;
    private @Nullable ScriptedClient witness;
    private int greetings;

    private World(Setup setup) {
        this.setup = setup;
        folder = newFolder();
        master = ScriptedMaster.listen(Ports.free(), setup.masterBufferBytes);
        if (!setup.masterListens) {
            master.stopListening();
        }
        relay = setup.relayed ? FaultRelay.to(master.address()) : null;
        address = Ports.loopback(Ports.free());
        server = launch();
    }

    /** The settings of a world. Each has a default that suits most tests. */
    static final class Setup {
        private final Settings settings = new Settings();
        private String[] jvmFlags = {};
        private int softDescriptors;
        private int hardDescriptors;
        private boolean relayed;
        private boolean masterListens = true;
        private int masterBufferBytes;
        private String[] wrapper = {};
        private @Nullable Path errors;

        /** Sets a key of the configuration, such as {@code clients.overflow}. */
        Setup with(String key, Object value) {
            settings.set(key, value);
            return this;
        }

        Setup jvm(String... flags) {
            jvmFlags = flags;
            return this;
        }

        /** Bounds how many descriptors the server may have open: the soft and the hard limit. */
        Setup descriptors(int soft, int hard) {
            softDescriptors = soft;
            hardDescriptors = hard;
            return this;
        }

        /** Has another command start the server, see {@link ServerProcess.Builder#behind}. */
        Setup behind(String... command) {
            wrapper = command;
            return this;
        }

        /** Sends what the server logs to a file; {@link ServerProcess#errorLines()} has none of it then. */
        Setup errorsTo(Path file) {
            errors = file;
            return this;
        }

        /** Puts a {@link FaultRelay} between server and master. */
        Setup relayed() {
            relayed = true;
            return this;
        }

        /** Gives the master small socket buffers, so that the server soon feels that it does not read. */
        Setup masterBuffer(int bytes) {
            masterBufferBytes = bytes;
            return this;
        }

        /** The master does not listen at first, and the process is not waited for. */
        Setup withoutMaster() {
            masterListens = false;
            return this;
        }

        World start() {
            World world = new World(this);
            if (masterListens) {
                try {
                    world.server.awaitPort(world.address, START_LIMIT);
                } catch (AssertionError e) {
                    world.close();
                    throw e;
                }
            }
            return world;
        }
    }

    /**
     * Returns settings with short timeouts and a single client loop, so that the session loop sees the events of all
     * clients' links in the order in which they happened (see {@link #settle()}).
     */
    static Setup setup() {
        return new Setup().with("listener.threads", 1).with("listener.handshake_timeout_secs", 5);
    }

    // ---- what is in it

    Path folder() {
        return folder;
    }

    InetSocketAddress address() {
        return address;
    }

    ScriptedMaster master() {
        return master;
    }

    FaultRelay relay() {
        if (relay == null) {
            throw new IllegalStateException("this world has no relay");
        }
        return relay;
    }

    ServerProcess server() {
        return server;
    }

    // ---- clients; closed with the world

    /** A connected client that has sent nothing. */
    ScriptedClient connect() {
        return connect(0);
    }

    /** As {@link #connect()}, with small socket buffers. */
    ScriptedClient connect(int bufferBytes) {
        ScriptedClient client = ScriptedClient.connect(address, bufferBytes);
        clients.add(client);
        return client;
    }

    /** A connected client at an address of this machine, such as 127.0.0.2. */
    ScriptedClient connectFrom(String from) {
        try {
            ScriptedClient client = ScriptedClient.connectFrom(InetAddress.getByName(from), address);
            clients.add(client);
            return client;
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    /** A client with a session that the master has not heard of. */
    ScriptedClient open() {
        ScriptedClient client = connect();
        client.openSession();
        return client;
    }

    /** A client with a session that the master has heard of. */
    ScriptedClient openHeard() {
        ScriptedClient client = open();
        introduce(client);
        return client;
    }

    /** Sends a first packet, and takes it from the master. */
    void introduce(ScriptedClient client) {
        byte[] hello = utf8("hello");
        client.send(hello);
        assertThat(master.dataOf(client.id())).isEqualTo(hello);
    }

    /** A client that has resumed a session. */
    ScriptedClient resumed(ClientIdentity who) {
        ScriptedClient client = connect();
        client.resume(who);
        return client;
    }

    /** A client whose link has gone away in good order; the server knows of it. */
    void lose(ScriptedClient client) {
        client.shutdownOutput();
        client.readUntilClosed(Duration.ofSeconds(8));
        client.close();
        settle();
    }

    /** A client whose link was reset; the server knows of it. */
    void cut(ScriptedClient client) {
        client.cut();
        settle();
    }

    /** Closes all clients: a server that stops waits a while for those that stay. */
    void closeClients() {
        clients.forEach(ScriptedClient::close);
    }

    // ---- honest traffic

    /**
     * Returns when the server has dealt with everything that happened before: one client sends and gets an answer,
     * twice, over the same loops. A link's end that the kernel reported earlier has been handled by then, and so has
     * whatever the master sent earlier.
     */
    void settle() {
        if (witness == null) {
            witness = open();
        }
        for (int i = 0; i < 2; i++) {
            roundTrip(witness);
        }
    }

    /** Sends a packet up and another one down. */
    void roundTrip(ScriptedClient client) {
        byte[] up = utf8("up " + ++greetings);
        byte[] down = utf8("down " + greetings);
        client.send(up);
        assertThat(master.dataOf(client.id())).isEqualTo(up);
        master.send(client.id(), down);
        assertThat(client.receive()).isEqualTo(down);
    }

    /** As {@link #roundTrip}, for a client that has just resumed: the master hears of that first. */
    void roundTripAfterReconnection(ScriptedClient client) {
        master.expectReconnection(client.id());
        roundTrip(client);
    }

    /** An honest newcomer and an honest client of old are both served. */
    void serveHonestClients() {
        settle();
        try (ScriptedClient newcomer = ScriptedClient.open(address)) {
            roundTrip(newcomer);
        }
    }

    /**
     * As {@link #serveHonestClients()}, and the master hears nothing else: not a packet came of what happened before.
     */
    void serveHonestClientsAndNobodyElse() {
        try (ScriptedClient newcomer = ScriptedClient.open(address)) {
            byte[] up = utf8("only me " + ++greetings);
            newcomer.send(up);
            assertThat(master.next()).isEqualTo(new FirehosePacket(newcomer.id(), Flag.DATA, up));
            master.send(newcomer.id(), up);
            assertThat(newcomer.receive()).isEqualTo(up);
        }
        settle();
    }

    /** Asserts that a session can't be resumed. */
    void expectGone(ClientIdentity who) {
        try (ScriptedClient client = connect()) {
            assertThat(client.tryResume(who)).as("resume of an ended session").isFalse();
        }
    }

    // ---- the process

    /** Ends the process by force and starts it again in the same folder. */
    void restart() {
        server.close();
        witness = null;
        server = launch().awaitPort(address, START_LIMIT);
    }

    private ServerProcess launch() {
        InetSocketAddress uplink = relay == null ? master.address() : relay.address();
        Settings settings = new Settings()
                .set("listener.address", Settings.text(address))
                .set("master.address", Settings.text(uplink))
                .set("admin.address", "");
        settings.setAll(setup.settings);
        settings.write(folder.resolve("connserver.toml"));
        ServerProcess.Builder command = ServerProcess.in(folder)
                .jvm(setup.jvmFlags)
                .behind(setup.wrapper)
                .adminAsConfigured()
                .arguments("serve");
        if (setup.errors != null) {
            command.errorsTo(setup.errors);
        }
        if (setup.hardDescriptors > 0) {
            command.descriptors(setup.softDescriptors, setup.hardDescriptors);
        }
        return command.start();
    }

    @Override
    public void close() {
        closeClients();
        server.close();
        if (relay != null) {
            relay.close();
        }
        master.close();
        deleteFolder(folder);
        assertThat(server.shamefulLines())
                .as("lines that a server must not print%s", server.report())
                .isEmpty();
    }

    static Path newFolder() {
        try {
            return Files.createTempDirectory("voltlane-test");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void deleteFolder(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
