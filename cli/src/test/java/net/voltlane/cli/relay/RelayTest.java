package net.voltlane.cli.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.is;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import net.voltlane.protocol.Frame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RelayTest {

    private static final int TIMEOUT_MILLIS = 20_000;

    private final AtomicInteger cuts = new AtomicInteger();
    private ServerSocket target;
    private Relay relay;
    private Socket near;
    private Socket far;

    @BeforeEach
    void connect() throws IOException {
        target = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        relay = Relay.forFirehose(
                (InetSocketAddress) target.getLocalSocketAddress(),
                new Losses() {
                    @Override
                    public void cut() {
                        cuts.incrementAndGet();
                    }

                    @Override
                    public void resumed() {}

                    @Override
                    public void lay(long toDialled, long toDialler) {}
                },
                1);
        near = new Socket(relay.address().getAddress(), relay.address().getPort());
        far = target.accept();
        near.setSoTimeout(TIMEOUT_MILLIS);
        far.setSoTimeout(TIMEOUT_MILLIS);
    }

    @AfterEach
    void close() throws IOException {
        relay.close();
        near.close();
        far.close();
        target.close();
    }

    /** A row of frames, so that the tap finds no negative lengths. */
    private static byte[] frames() {
        byte[] payload = new byte[4 * 1024 * 1024];
        new Random(1).nextBytes(payload);
        return Frame.of(payload);
    }

    @Test
    void bytesPassUnchangedBothWaysHoweverSlowlyTheyAreRead() throws Exception {
        byte[] bytes = frames();
        CompletableFuture<Void> up = CompletableFuture.runAsync(() -> write(near, bytes));
        CompletableFuture<Void> down = CompletableFuture.runAsync(() -> write(far, bytes));

        byte[] cameUp = new byte[bytes.length];
        new DataInputStream(far.getInputStream()).readFully(cameUp);
        byte[] cameDown = new byte[bytes.length];
        new DataInputStream(near.getInputStream()).readFully(cameDown);

        assertThat(cameUp).isEqualTo(bytes);
        assertThat(cameDown).isEqualTo(bytes);
        up.get();
        down.get();
    }

    @Test
    void anEndThatHasFinishedStillReads() throws Exception {
        write(near, Frame.of(new byte[3]));
        near.shutdownOutput();
        assertThat(far.getInputStream().readAllBytes()).hasSize(7);

        write(far, Frame.of(new byte[5]));
        far.close();
        assertThat(near.getInputStream().readAllBytes()).hasSize(9);
    }

    @Test
    void aResetPasses() throws Exception {
        far.setSoLinger(true, 0);
        far.close();

        assertThatThrownBy(() -> near.getInputStream().read()).hasMessageContaining("reset");
    }

    @Test
    void aCutResetsBothEndsAndLetsOnlyAPartPass() throws Exception {
        write(near, Frame.of(new byte[20]));
        far.getInputStream().readNBytes(24);
        relay.cutting(true);
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
            while (true) {
                write(near, Frame.of(new byte[1000]));
            }
        });

        assertThatThrownBy(() -> far.getInputStream().readAllBytes()).hasMessageContaining("reset");
        assertThatThrownBy(writing::get).hasRootCauseInstanceOf(IOException.class);
        await().untilAtomic(cuts, is(1));
    }

    @Test
    void withoutTrafficNothingIsCut() throws Exception {
        relay.cutting(true);
        write(near, Frame.of(new byte[20]));
        assertThat(far.getInputStream().readNBytes(24)).hasSize(24);
        relay.cutting(false);
        assertThat(cuts).hasValue(0);
    }

    private static void write(Socket socket, byte[] bytes) {
        try {
            OutputStream out = socket.getOutputStream();
            out.write(bytes);
            out.flush();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
