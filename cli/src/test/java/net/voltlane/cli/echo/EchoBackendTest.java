package net.voltlane.cli.echo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.Tag;
import net.voltlane.testkit.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EchoBackendTest {

    private static final byte[] HELLO = Tag.frame(7, Flag.DATA, Bytes.utf8("hello"));
    private static final byte[] EMPTY = Tag.frame(-1, Flag.DATA, new byte[0]);

    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private EchoBackend backend;

    @BeforeEach
    void listen() throws IOException {
        backend = EchoBackend.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), new Recorder());
    }

    @AfterEach
    void close() {
        backend.close();
    }

    @Test
    void dataComesBackAsItWasSent() throws Exception {
        try (Socket link = connect()) {
            send(link, HELLO, EMPTY, HELLO);

            assertReceived(link, HELLO, EMPTY, HELLO);
        }
    }

    @Test
    void aFrameMayComeByteByByte() throws Exception {
        try (Socket link = connect()) {
            link.setTcpNoDelay(true);
            for (byte b : Bytes.concat(HELLO, EMPTY)) {
                send(link, new byte[] {b});
            }

            assertReceived(link, HELLO, EMPTY);
        }
    }

    @Test
    void aFrameLargerThanTheBufferComesBackWhole() throws Exception {
        byte[] large = Tag.frame(7, Flag.DATA, Bytes.numbered(1, 3_000_000));
        try (Socket link = connect()) {
            Thread sender = new Thread(() -> sendUnchecked(link, large, HELLO));
            sender.start();

            assertReceived(link, large, HELLO);
            sender.join();
        }
    }

    @Test
    void whatIsNoDataIsNotSentBackAndCostsNothingElse() throws Exception {
        byte[] tooShort = Frame.of(new byte[8]);
        byte[] nothing = Frame.of(new byte[0]);
        byte[] unknownFlag = Frame.of(new byte[] {7, 0, 0, 0, 0, 0, 0, 0, 9, 1});
        byte[] failure = Tag.frame(7, Flag.FAILURE, Bytes.utf8("Client kicked"));
        byte[] reconnection = Tag.frame(8, Flag.RECONNECTION, new byte[0]);
        byte[] kick = Tag.frame(8, Flag.KICK, new byte[0]);
        try (Socket link = connect()) {
            send(link, HELLO, tooShort, nothing, EMPTY, unknownFlag, failure, HELLO, HELLO, reconnection, kick, EMPTY);

            assertReceived(link, HELLO, EMPTY, HELLO, HELLO, EMPTY);
        }
        assertThat(next()).isEqualTo("opened");
        assertThat(next()).isEqualTo("7 ended: Client kicked");
        assertThat(next()).isEqualTo("8 resumed");
        assertThat(next()).isEqualTo("closed");
        assertThat(events).isEmpty();
    }

    @Test
    void aLengthOverEveryLimitEndsThatLinkAlone() throws Exception {
        try (Socket link = connect();
                Socket other = connect()) {
            send(link, HELLO, new byte[] {-1, -1, -1, -1});

            assertReceived(link, HELLO);
            assertThat(link.getInputStream().read()).isEqualTo(-1);
            send(other, EMPTY);
            assertReceived(other, EMPTY);
        }
    }

    @Test
    void severalFirehosesAreServedAtOnce() throws Exception {
        try (Socket one = connect();
                Socket two = connect()) {
            send(one, HELLO);
            send(two, EMPTY);

            assertReceived(two, EMPTY);
            assertReceived(one, HELLO);
        }
    }

    @Test
    void theBackendSpeaksOfItsOwnAccord() throws Exception {
        assertThat(backend.send(7, Bytes.utf8("hello"))).isFalse();
        try (Socket link = connect()) {
            assertThat(next()).isEqualTo("opened");

            assertThat(backend.send(7, Bytes.utf8("hello"))).isTrue();

            assertReceived(link, HELLO);
        }
    }

    @Test
    void closingEndsEveryLink() throws Exception {
        try (Socket link = connect()) {
            assertThat(next()).isEqualTo("opened");

            backend.close();

            assertThat(link.getInputStream().read()).isEqualTo(-1);
            assertThat(next()).isEqualTo("closed");
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.connect(backend.address());
        return socket;
    }

    private static void send(Socket link, byte[]... frames) throws IOException {
        OutputStream out = link.getOutputStream();
        out.write(Bytes.concat(frames));
    }

    private static void sendUnchecked(Socket link, byte[]... frames) {
        try {
            send(link, frames);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertReceived(Socket link, byte[]... frames) throws IOException {
        byte[] expected = Bytes.concat(frames);
        byte[] received = new byte[expected.length];
        new DataInputStream(link.getInputStream()).readFully(received);
        assertThat(received).isEqualTo(expected);
    }

    private String next() throws InterruptedException {
        return events.poll(10, TimeUnit.SECONDS);
    }

    private final class Recorder implements FirehoseListener {
        @Override
        public void opened(SocketAddress peer) {
            events.add("opened");
        }

        @Override
        public void closed(SocketAddress peer, String reason) {
            events.add("closed");
        }

        @Override
        public void resumed(long id) {
            events.add(id + " resumed");
        }

        @Override
        public void ended(long id, String reason) {
            events.add(id + " ended: " + reason);
        }
    }
}
