package net.voltlane.backend;

import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.Ports;
import net.voltlane.testkit.ScriptedConnectionServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
@SuppressWarnings("try") // the test closes it in the middle
class ClosingTest {

    private final Recorder recorder = new Recorder();

    @Test
    void packetsSentBeforeGoOutAndTheSessionsDoNotEnd() throws Exception {
        try (TestBackend it = TestBackend.listen(recorder)) {
            ScriptedConnectionServer server = it.dial();
            server.data(7, utf8("a"));
            recorder.expect("attached", "7 started", "7 data a");
            Session session = recorder.session();
            int packets = 2000;
            for (int number = 0; number < packets; number++) {
                assertThat(session.send(Bytes.numbered(number, 1000))).isTrue();
            }
            CompletableFuture<Void> closing = CompletableFuture.runAsync(it.backend::close);
            for (int number = 0; number < packets; number++) {
                assertThat(Bytes.number(server.dataFor(7))).isEqualTo(number);
            }
            assertThat(server.readUntilClosed().rest()).isEmpty();
            server.close();
            closing.get(10, TimeUnit.SECONDS);

            recorder.expect("detached: the backend was closed");
            recorder.expectNothingMore();
            assertThat(session.send(utf8("too late"))).isFalse();
            assertThat(session.kick()).isFalse();
            assertThat(session.isOpen()).isTrue();
        }
    }

    @Test
    void aServerThatDoesNotReadDoesNotDelayOthersForLong() throws Exception {
        try (TestBackend it = TestBackend.listen(recorder)) {
            ScriptedConnectionServer server = it.dial(8192);
            server.data(7, utf8("a"));
            recorder.expect("attached", "7 started", "7 data a");
            recorder.session().send(new byte[8_000_000]);
            it.backend.close();
            recorder.expect("detached: the backend was closed");
        }
    }

    @Test
    void aHandlerMayCloseTheBackend() throws Exception {
        CompletableFuture<VoltlaneBackend> backend = new CompletableFuture<>();
        Handler closer = new Handler() {
            @Override
            public void data(Session session, byte[] data) {
                backend.join().close();
            }
        };
        try (TestBackend it = TestBackend.listen(closer)) {
            backend.complete(it.backend);
            ScriptedConnectionServer server = it.dial();
            server.data(7, utf8("a"));
            server.readUntilClosed();
            server.close();
            it.backend.awaitClosed();
        }
    }

    @Test
    void afterCloseThePortIsFreeForAnotherListener() throws Exception {
        TestBackend it = TestBackend.listen(recorder);
        it.close();
        it.backend.close();
        VoltlaneBackend.listen(it.address(), recorder, BackendOptions.DEFAULT).close();
    }

    @Test
    void anAddressInUseIsAnIoException() throws Exception {
        try (TestBackend it = TestBackend.listen(recorder)) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> VoltlaneBackend.listen(it.address(), recorder, BackendOptions.DEFAULT));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void aStartThatFailsLeavesNothingBehind(int threadsToBeHad) throws Exception {
        InetSocketAddress address;
        try (TestBackend it = TestBackend.listen(recorder)) {
            address = it.address();
        }
        List<Thread> threads = new CopyOnWriteArrayList<>();
        BackendOptions options = BackendOptions.DEFAULT.withThreads(task -> {
            if (threads.size() == threadsToBeHad) {
                throw new OutOfMemoryError("no more threads");
            }
            Thread thread = new Thread(task);
            threads.add(thread);
            return thread;
        });

        assertThatExceptionOfType(OutOfMemoryError.class)
                .isThrownBy(() -> VoltlaneBackend.listen(address, recorder, options));

        assertThat(threads).hasSize(threadsToBeHad);
        await().until(() -> threads.stream().noneMatch(Thread::isAlive));
        VoltlaneBackend.listen(address, recorder, BackendOptions.DEFAULT).close();
    }

    @Test
    void noThreadIsLeftBehind() throws Exception {
        List<Thread> threads = new CopyOnWriteArrayList<>();
        BackendOptions options = BackendOptions.DEFAULT.withThreads(task -> {
            Thread thread = new Thread(task);
            threads.add(thread);
            return thread;
        });
        try (VoltlaneBackend backend = VoltlaneBackend.listen(Ports.loopback(0), recorder, options);
                ScriptedConnectionServer server = ScriptedConnectionServer.dial(backend.address());
                ScriptedConnectionServer lost = ScriptedConnectionServer.dial(backend.address())) {
            recorder.expect("attached", "attached");
            server.data(7, utf8("a"));
            recorder.expect("7 started", "7 data a");
            lost.cut();
            assertThat(recorder.next()).startsWith("detached: ");
            await().until(() -> threads.stream().filter(Thread::isAlive).count() == 5);
            server.close();
        }
        assertThat(threads).hasSize(7).allMatch(thread -> thread.getName().startsWith("voltlane-"));
        await().until(() -> threads.stream().noneMatch(Thread::isAlive));
    }
}
