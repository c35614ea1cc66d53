package net.voltlane.systemtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import net.voltlane.testkit.IgnoredSignals;
import net.voltlane.testkit.PseudoTerminal;
import net.voltlane.testkit.ScriptedClient;
import net.voltlane.testkit.ServerProcess;
import org.junit.jupiter.api.Test;

/** Another configuration for a running process, by HUP. */
class ReloadTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int CLIENTS = 12;
    private static final int RELOADS = 20;

    @Test
    void underFullLoadNothingIsLost() {
        IgnoredSignals.assumeHeard("HUP");
        try (Fleet fleet = new Fleet(CLIENTS, 7, new Settings(), new CheckedClient.Manner(false, 0))) {
            fleet.awaitTraffic();
            fleet.set("general.log_format", "json"); // waits for a restart, so each reload warns of it
            for (int i = 1; i <= RELOADS; i++) {
                boolean wrong = i % 5 == 0;
                fleet.set("clients.channel_capacity", wrong ? -1 : 1_000 + i);
                fleet.set("clients.missed_packets_buffer_size", 100_000 + i);
                fleet.set("master.channel_capacity", 1_000 + i);
                fleet.set("limits.max_clients", 100 + i);
                fleet.set("limits.bytes_per_sec_per_client", 1_000_000_000L + i);
                fleet.set("listener.handshake_timeout_secs", 5 + i);
                fleet.set("general.log_level", i % 2 == 0 ? "Info" : "Warn");
                fleet.server().signal("HUP");
                int answered = i;
                await().atMost(LIMIT).until(() -> reloads(fleet) == answered);
                fleet.goOn();
            }
            fleet.awaitTraffic();
            fleet.settle();
            for (CheckedClient client : fleet.clients()) {
                assertThat(fleet.master().lastNumber(client.id()))
                        .as("the last letter of client %d", client.id())
                        .isEqualTo(client.lastSent());
            }
            assertThat(fleet.master().failures()).isZero();
            assertThat(fleet.master().firehoses()).isOne();
            assertThat(fleet.server().errorLines())
                    .filteredOn(line -> line.contains("ERROR"))
                    .hasSize(RELOADS / 5)
                    .allMatch(line -> line.matches(".*connserver.toml:\\d+: clients.channel_capacity: -1 .*"));
        }
    }

    /** Each reload warns once: of what waits for a restart, or that there are mistakes. */
    private static long reloads(Fleet fleet) {
        return fleet.server().errorLines().stream()
                .filter(line -> line.contains("WARN") && line.contains("onfiguration"))
                .count();
    }

    /** A terminal that closes sends HUP to the programs that were started in it. */
    @Test
    void aTerminalThatClosesDoesNotEndTheServer() throws Exception {
        PseudoTerminal.assumeAvailable();
        try (World world = World.setup()
                .behind("sh", "-c", "exec /usr/bin/script -qefc \"exec $* 2>log\" /dev/null", "sh")
                .start()) {
            ScriptedClient client = world.openHeard();
            ProcessHandle terminal = ProcessHandle.of(world.server().pid()).orElseThrow();
            ProcessHandle server = terminal.descendants()
                    .filter(child -> child.info().command().orElse("").endsWith("java"))
                    .findFirst()
                    .orElseThrow();
            try {
                Path file = world.folder().resolve("connserver.toml");
                Files.writeString(file, Files.readString(file) + "\n[limits]\nmax_clients = 77\n");

                terminal.destroyForcibly();

                Path log = world.folder().resolve("log");
                await().atMost(LIMIT)
                        .until(() -> Files.readString(log).contains("in effect at once: limits.max_clients"));
                world.roundTrip(client);
                client.close();
                assertThat(ServerProcess.accepts(world.address())).isTrue();
                server.destroy();
                server.onExit().orTimeout(20, TimeUnit.SECONDS).join();
                assertThat(Files.readString(log))
                        .contains("The server has stopped")
                        .doesNotContain("\tat ");
            } finally {
                server.destroyForcibly();
                server.onExit().orTimeout(20, TimeUnit.SECONDS).join(); // else its folder can't be deleted
            }
        }
    }
}
