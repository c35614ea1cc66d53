package net.voltlane.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test that leaves a thread of a client behind, or (where the system can tell) a socket of anybody. */
final class Leftovers implements BeforeEachCallback, AfterEachCallback {

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private long socketsBefore;

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        SocketChannel.open().close(); // the first one of a virtual machine opens a socket that stays
        socketsBefore = sockets();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        await("threads and sockets to be given back")
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> {
                    assertThat(threads()).as("threads left behind").isEmpty();
                    assertThat(sockets()).as("open sockets").isLessThanOrEqualTo(socketsBefore);
                });
    }

    static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("voltlane-client-"))
                .toList();
    }

    static long sockets() {
        if (!Files.isDirectory(DESCRIPTORS)) {
            return 0;
        }
        try (Stream<Path> descriptors = Files.list(DESCRIPTORS)) {
            return descriptors.filter(Leftovers::isSocket).count();
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
