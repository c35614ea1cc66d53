package net.voltlane.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test that leaves a socket open, on systems that list them. Sockets of the test's servers count too. */
final class SocketsLeft implements BeforeEachCallback, AfterEachCallback {

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private long before;

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        SocketChannel.open().close(); // the first channel of a virtual machine opens a socket that stays open
        before = sockets();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        await("all sockets to be closed")
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(sockets()).isLessThanOrEqualTo(before));
    }

    private static long sockets() {
        if (!Files.isDirectory(DESCRIPTORS)) {
            return 0;
        }
        try (Stream<Path> descriptors = Files.list(DESCRIPTORS)) {
            return descriptors.filter(SocketsLeft::isSocket).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }
}
