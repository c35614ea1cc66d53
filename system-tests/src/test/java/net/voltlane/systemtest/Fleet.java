package net.voltlane.systemtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.voltlane.testkit.Direction;
import net.voltlane.testkit.FaultRelay;
import net.voltlane.testkit.Ports;
import net.voltlane.testkit.ServerProcess;

/**
 * Checked clients and a checked master on a server process, with a {@link FaultRelay} on each link: one for each
 * client, one for the firehose. Faults are drawn from a seed; how they fall into the traffic is up to the machine.
 */
final class Fleet implements AutoCloseable {
    private static final Duration CALM_LIMIT = Duration.ofSeconds(60);
    /** The end of a fault that has to be taken back: after this many answers, or after {@link #FAULT_MILLIS}. */
    private static final int FAULT_ANSWERS = 200;

    private static final long FAULT_MILLIS = 200;
    private static final int FIREHOSE_ONE_IN = 5;

    /** A client and the way to the server that is its own. */
    record Member(CheckedClient client, FaultRelay relay) {}

    private final Random random;
    private final Path folder = World.newFolder();
    private final Settings settings;
    private final InetSocketAddress address = Ports.loopback(Ports.free());
    private final CheckedMaster master;
    private final FaultRelay firehose;
    private final String[] jvmFlags;
    private final List<Member> members = new ArrayList<>();
    private ServerProcess server;

    /** @param settings of the server, beside addresses */
    Fleet(int clients, long seed, Settings settings, CheckedClient.Manner manner, String... jvmFlags) {
        random = new Random(seed);
        this.jvmFlags = jvmFlags;
        master = new CheckedMaster(random.nextLong());
        firehose = FaultRelay.to(master.address());
        this.settings = new Settings()
                .set("listener.address", Settings.text(address))
                .set("master.address", Settings.text(firehose.address()))
                .set("master.reconnect_timeout_secs", 60)
                .set("clients.missed_packets_buffer_size", 100_000)
                .set("admin.address", "")
                .setAll(settings);
        writeSettings();
        server = start();
        for (int i = 0; i < clients; i++) {
            FaultRelay relay = FaultRelay.to(address);
            members.add(new Member(new CheckedClient(relay.address(), random.nextLong(), manner), relay));
        }
    }

    private void writeSettings() {
        settings.write(folder.resolve("connserver.toml"));
    }

    /** Changes a setting in the server's file. The server only knows of it after its next reload. */
    void set(String key, Object value) {
        settings.set(key, value);
        writeSettings();
    }

    /** The folder that the server runs in. */
    Path folder() {
        return folder;
    }

    CheckedMaster master() {
        return master;
    }

    InetSocketAddress address() {
        return address;
    }

    ServerProcess server() {
        return server;
    }

    List<Member> members() {
        return members;
    }

    List<CheckedClient> clients() {
        return members.stream().map(Member::client).toList();
    }

    long answers() {
        return clients().stream().mapToLong(CheckedClient::answers).sum();
    }

    /** Throws what anybody has found wrong. */
    void check() {
        master.check();
        clients().forEach(CheckedClient::check);
        assertThat(server.isAlive()).as("the server runs%s", server.report()).isTrue();
    }

    // ---- faults

    /** Does one thing to one link, lets it last a while, and takes back what can be; says what it was. */
    String fault() {
        boolean all = random.nextInt(FIREHOSE_ONE_IN) == 0;
        FaultRelay relay =
                all ? firehose : members.get(random.nextInt(members.size())).relay();
        Direction direction = random.nextBoolean() ? Direction.OUT : Direction.BACK;
        String what;
        switch (random.nextInt(6)) {
            case 0 -> {
                what = "cut";
                relay.cut();
            }
            case 1 -> {
                what = "cut inside a frame";
                relay.cutAfter(direction, 1 + random.nextInt(20_000));
            }
            case 2 -> {
                what = "stall";
                relay.stall(direction);
            }
            case 3 -> {
                what = "stall, then cut";
                relay.stall(direction);
                goOn();
                relay.cut();
            }
            case 4 -> {
                what = "delay";
                relay.delay(direction, Duration.ofMillis(1 + random.nextInt(20)));
            }
            default -> {
                what = "split";
                relay.split(direction, 1, 1 + random.nextInt(7), 1 + random.nextInt(1_000));
            }
        }
        goOn();
        heal(relay);
        return (all ? "firehose: " : "client: ") + what;
    }

    /** The master is gone for a while, then back. */
    void masterDiesAndReturns() {
        master.die();
        goOn();
        master.listen();
        goOn();
    }

    /** The server is killed and started again in the same folder: sessions are gone, its key is not. */
    void killServer() {
        server.signal("KILL");
        server.awaitExit(World.EXIT_LIMIT);
        server = start();
    }

    /** Returns after some more answers; where there are none to come, after some time. */
    void goOn() {
        long until = answers() + FAULT_ANSWERS;
        long deadlineNanos = System.nanoTime() + FAULT_MILLIS * 1_000_000;
        await().pollInterval(Duration.ofMillis(2))
                .atMost(CALM_LIMIT)
                .until(() -> answers() >= until || System.nanoTime() >= deadlineNanos);
        check();
    }

    /** Every client's letters flow in both directions. */
    void awaitTraffic() {
        List<Long> before = clients().stream().map(CheckedClient::answers).toList();
        await().atMost(CALM_LIMIT).pollInterval(Duration.ofMillis(10)).until(() -> {
            check();
            for (int i = 0; i < members.size(); i++) {
                if (members.get(i).client().answers() < before.get(i) + 10) {
                    return false;
                }
            }
            return true;
        });
    }

    /** No fault any more: everything that clients have sent comes to the master, and its answers to them. */
    void settle() {
        clients().forEach(CheckedClient::finish);
        await().atMost(CALM_LIMIT).pollInterval(Duration.ofMillis(10)).until(() -> {
            check();
            return clients().stream().allMatch(CheckedClient::isSettled);
        });
    }

    private static void heal(FaultRelay relay) {
        for (Direction direction : Direction.values()) {
            relay.unstall(direction);
            relay.delay(direction, Duration.ZERO);
            relay.split(direction);
        }
    }

    private ServerProcess start() {
        return ServerProcess.in(folder)
                .jvm(jvmFlags)
                .adminAsConfigured()
                .arguments("serve")
                .start()
                .awaitPort(address, World.START_LIMIT);
    }

    @Override
    public void close() {
        clients().forEach(CheckedClient::close);
        members.forEach(member -> member.relay().close());
        server.close();
        master.close();
        firehose.close();
        World.deleteFolder(folder);
        assertThat(server.shamefulLines())
                .as("lines that a server must not print%s", server.report())
                .isEmpty();
    }
}
