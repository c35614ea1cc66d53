package net.voltlane.backend;

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
 * Connection servers that really vanish, see {@link VanishedConnectionServers}. That takes a network of the test's own,
 * which not every machine gives to every user; what is decided by what the kernel says is tested everywhere, by the
 * module {@code tcp} and by {@link LostFirehoseTest}.
 */
@Timeout(150)
final class VanishedConnectionServersTest {
    private static final List<String> ALONE = List.of("unshare", "-r", "-n");

    private record Ended(int status, String said) {}

    @Test
    void serversThatVanishAreNoticedAndOnesThatDoNotReadAreKept() throws Exception {
        Ended probe = run("sh", "-c", "ip link set lo up && ip rule add pref 1 ipproto tcp sport 1 blackhole");
        assumeTrue(
                probe.status == 0,
                "left out: needs a network of its own (" + String.join(" ", ALONE) + ", ip rule): " + probe.said);
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Ended all = run(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-ea",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath,
                VanishedConnectionServers.class.getName());
        assertThat(all.status).as(all.said).isZero();
        assertThat(all.said).endsWith("all held\n");
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
            return new Ended(-1, String.valueOf(missing.getMessage()));
        }
    }
}
