package net.voltlane.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Peers that really vanish, see {@link VanishedPeers}. That takes a network of the test's own, which not every machine
 * gives to every user; what the server does about such peers is tested everywhere, by {@code VanishedClientTest} and
 * {@code VanishedMasterTest}.
 */
@Timeout(150)
final class VanishedPeersTest {
    private static final List<String> ALONE = List.of("unshare", "-r", "-n");

    private record Ended(int status, String said) {}

    @Test
    void peersThatVanishAreNoticedAndTheirSessionsKept() throws Exception {
        Ended probe = run("sh", "-c", "ip link set lo up && ip rule add pref 1 ipproto tcp sport 1 blackhole");
        assumeTrue(
                probe.status == 0,
                "needs a network of its own (" + String.join(" ", ALONE) + ", ip rule): " + probe.said);
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Ended all = run(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-ea",
                "-XX:TieredStopAtLevel=1",
                "-Dio.netty.leakDetection.level=paranoid",
                "-cp",
                classPath,
                VanishedPeers.class.getName());
        assertThat(all.status).as(all.said).isZero();
        assertThat(all.said).endsWith("all held\n").doesNotContain("LEAK");
    }

    private static Ended run(String... command) throws InterruptedException {
        List<String> alone = new ArrayList<>(ALONE);
        alone.addAll(List.of(command));
        try {
            Process process =
                    new ProcessBuilder(alone).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), UTF_8);
            boolean ended = process.waitFor(10, TimeUnit.SECONDS);
            return new Ended(ended ? process.exitValue() : -1, said);
        } catch (IOException missing) {
            return new Ended(-1, missing.getMessage());
        }
    }
}
