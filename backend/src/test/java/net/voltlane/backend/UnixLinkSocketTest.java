package net.voltlane.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests of a Unix socket that one thread closes while others use it. */
@Timeout(60)
class UnixLinkSocketTest {
    @TempDir
    Path folder;

    private SocketChannel server;
    private UnixLinkSocket socket;

    private interface Use {
        void run() throws IOException;
    }

    @BeforeEach
    void connect() throws IOException {
        connect("first");
    }

    private void connect(String name) throws IOException {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve(name));
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(address);
            server = SocketChannel.open(address);
            socket = new UnixLinkSocket(listener.accept());
        }
    }

    @AfterEach
    void close() throws IOException {
        socket.close();
        server.close();
    }

    @Test
    void inputIsFoundWithoutWaitingForIt() throws Exception {
        assertThat(socket.hasInput()).isFalse();
        assertThat(socket.read(ByteBuffer.allocate(10), false)).isZero();
        server.write(ByteBuffer.wrap(new byte[3]));
        await().until(socket::hasInput);
        assertThat(socket.read(ByteBuffer.allocate(10), true)).isEqualTo(3);
        assertThat(socket.hasInput()).isFalse();
    }

    /** A handler that waits for room asks for input, and is to hear nothing of a link that is closed meanwhile. */
    @Test
    void everyUseOfAClosedSocketIsAnIoException() throws Exception {
        socket.close();
        assertThatThrownBy(socket::hasInput).isInstanceOf(AsynchronousCloseException.class);
        assertThatThrownBy(() -> socket.read(ByteBuffer.allocate(1), true)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> socket.write(ByteBuffer.allocate(1))).isInstanceOf(IOException.class);
    }

    @Test
    void aReaderThatWaitsIsSetFree() throws Exception {
        assertSetFree("reader", () -> socket.read(ByteBuffer.allocate(1), true));
    }

    @Test
    void aWriterThatWaitsIsSetFree() throws Exception {
        assertSetFree("writer", () -> {
            while (true) {
                socket.write(ByteBuffer.allocate(64 * 1024));
            }
        });
    }

    /** A close at any moment, also between two calls of a selector. */
    @Test
    void whoeverLooksForInputMeanwhileIsSetFree() throws Exception {
        for (int round = 0; round < 100; round++) {
            UnixLinkSocket looked = socket;
            CompletableFuture<Throwable> thrown = new CompletableFuture<>();
            start("looker", thrown, () -> {
                while (true) {
                    looked.hasInput();
                }
            });
            socket.close();
            assertThat(thrown.get(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
            server.close();
            connect("round" + round);
        }
    }

    private void assertSetFree(String name, Use use) throws Exception {
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread thread = start(name, thrown, use);
        await().until(() -> isSelecting(thread));
        socket.close();
        assertThat(thrown.get(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
    }

    private static boolean isSelecting(Thread thread) {
        for (StackTraceElement frame : thread.getStackTrace()) {
            if (frame.getMethodName().equals("select")) {
                return true;
            }
        }
        return false;
    }

    private static Thread start(String name, CompletableFuture<Throwable> thrown, Use use) {
        Thread thread = new Thread(
                () -> {
                    try {
                        use.run();
                        thrown.completeExceptionally(new AssertionError("it came back"));
                    } catch (Throwable e) {
                        thrown.complete(e);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
