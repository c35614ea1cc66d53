package net.voltlane.backend;

import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.voltlane.testkit.Ports;
import net.voltlane.testkit.ScriptedConnectionServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** Tests of a backend one of whose own threads dies of an error, such as a lack of memory. */
@Timeout(30)
class DeadThreadTest {
    private static final String CLOCK = "voltlane-backend-clock";
    private static final BackendOptions OPTIONS = BackendOptions.DEFAULT.withThreads(DeadThreadTest::quiet);

    private final Logger logger = (Logger) LoggerFactory.getLogger(VoltlaneBackend.class);
    private final Saboteur saboteur = new Saboteur();
    private final CompletableFuture<Throwable> told = new CompletableFuture<>();
    private final Recorder recorder = new Recorder() {
        @Override
        public void failed(@Nullable Session session, Throwable error) {
            told.complete(error);
        }
    };

    /** Makes a line of the log kill the thread that writes it. */
    private static final class Saboteur extends AppenderBase<ILoggingEvent> {
        private volatile String fatal = "nothing yet";

        @Override
        protected void append(ILoggingEvent event) {
            if (event.getFormattedMessage().startsWith(fatal)) {
                throw new OutOfMemoryError("the test's");
            }
        }
    }

    /** Returns a thread that dies without printing a stack trace. */
    private static Thread quiet(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((same, expected) -> {});
        return thread;
    }

    @BeforeEach
    void listen() {
        logger.setLevel(Level.DEBUG);
        logger.setAdditive(false);
        logger.addAppender(saboteur);
        saboteur.start();
    }

    @AfterEach
    void listenNoMore() {
        logger.detachAppender(saboteur);
        logger.setAdditive(true);
        logger.setLevel(null);
    }

    @Test
    void whereTheClockDiesTheBackendClosesItselfAndSaysWhy() throws Exception {
        CompletableFuture<Void> armed = new CompletableFuture<>();
        Environment environment = new Environment(
                () -> {
                    if (armed.isDone() && Thread.currentThread().getName().equals(CLOCK)) {
                        throw new OutOfMemoryError("the test's");
                    }
                    return System.nanoTime();
                },
                true,
                Outbox.CHUNK_BYTES,
                Duration.ofMillis(1),
                Duration.ofSeconds(10),
                () -> null);
        BackendOptions options = OPTIONS.withPeerTimeout(Duration.ofMillis(40));
        try (VoltlaneBackend backend = VoltlaneBackend.listen(Ports.loopback(0), recorder, options, environment)) {
            armed.complete(null);
            assertClosesItself(backend);
        }
    }

    @Test
    void whereTheThreadForOtherCallsDiesTheBackendClosesItselfAndSaysWhy() throws Exception {
        try (TestBackend it = TestBackend.listen(recorder, OPTIONS)) {
            ScriptedConnectionServer server = it.dial();
            server.data(7, utf8("a"));
            recorder.expect("attached", "7 started", "7 data a");
            server.close();
            recorder.expect("detached: closed by the server");
            saboteur.fatal = "Ended";
            do {
                it.pass(BackendOptions.DEFAULT.orphanTimeout().plusSeconds(1));
            } while (!it.backend.sessions().isEmpty());
            assertClosesItself(it.backend);
        }
    }

    @Test
    void aFirehoseWhoseThreadDiesAtItsEndLeavesItsSessionsToTheNext() throws Exception {
        try (TestBackend it = TestBackend.listen(recorder, OPTIONS)) {
            ScriptedConnectionServer server = it.dial();
            server.data(7, utf8("a"));
            recorder.expect("attached", "7 started", "7 data a");
            Session session = recorder.session();
            saboteur.fatal = "Detached";
            server.close();

            ScriptedConnectionServer next = it.dial();
            next.reconnection(7);

            recorder.expect("attached", "7 reconnected");
            assertThat(session.firehose().number()).isEqualTo(2);
            assertThat(it.backend.stats().sessions()).isEqualTo(1);
        }
    }

    private void assertClosesItself(VoltlaneBackend backend) throws Exception {
        assertThatThrownBy(backend::awaitClosed)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the backend has closed itself, as one of its threads died of"
                        + " java.lang.OutOfMemoryError: the test's")
                .hasCauseInstanceOf(OutOfMemoryError.class);
        assertThat(told.get(10, TimeUnit.SECONDS)).isInstanceOf(OutOfMemoryError.class);
        assertThatThrownBy(() -> new Socket(
                                backend.address().getAddress(),
                                backend.address().getPort())
                        .close())
                .isInstanceOf(IOException.class);
    }
}
