package net.voltlane.systemtest.outliving;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import net.voltlane.testkit.ServerProcess;
import net.voltlane.testkit.Tools;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demos that kill servers, as anybody runs them: {@code voltlane demo --crash} and {@code --fleet}. */
final class KillDemoTest {
    private static final Duration LIMIT = Duration.ofSeconds(180);

    @TempDir
    Path folder;

    @Test
    void aServerThatIsKilledAgainAndAgainLosesNothing() {
        run("--crash");
    }

    @Test
    void aFleetWhoseServersAreKilledOneAfterTheOtherLosesNothing() {
        Tools.need(
                Tools.isInstalled("redis-server") || Tools.isInstalled("valkey-server"),
                "redis-server is not installed (Debian: apt-get install redis-server)");
        run("--fleet");
    }

    private void run(String which) {
        try (ServerProcess demo = ServerProcess.in(folder)
                .arguments("demo", which, "--clients", "50", "--seconds", "8")
                .start()) {
            int status = demo.awaitExit(LIMIT);
            assertThat(demo.outputLines()).as(demo.report()).endsWith("Nothing was lost, and nothing came twice.");
            assertThat(status).isZero();
            assertThat(demo.outputLines()).anyMatch(line -> line.matches(" *killed +[1-9].*"));
            assertThat(demo.outputLines()).anyMatch(line -> line.matches(" *resumed +[1-9].*"));
        }
    }
}
