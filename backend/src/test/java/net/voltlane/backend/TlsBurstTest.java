package net.voltlane.backend;

import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Tag;
import net.voltlane.tcp.AddressPair;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.ManualClock;
import net.voltlane.testkit.Ports;
import net.voltlane.testkit.certificates.TestAuthority;
import net.voltlane.testkit.certificates.TestCertificate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A burst that goes out on a firehose 2 inside TLS whose socket breaks in the middle. The socket here passes on all that it
 * takes, so every packet has to come exactly once: on the broken link or on the next one. {@link TlsCutTest} cuts links
 * with the real server at the other end.
 */
@Timeout(60)
class TlsBurstTest {
    private static final int PACKETS = 200;
    private static final int PACKET_BYTES = 900;
    /** More than the handshake and the burst. */
    private static final int NEVER = 1_000_000;

    @TempDir
    Path folder;

    private final TestAuthority authority = TestAuthority.create("backends");
    private final Recorder recorder = new Recorder() {
        @Override
        public void data(Session session, byte[] data) {
            super.data(session, data);
            for (int number = 0; number < PACKETS; number++) {
                session.send(Bytes.numbered(number, PACKET_BYTES));
            }
        }
    };

    private final List<LinkSocket> sockets = new ArrayList<>();
    private BackendTls tls;
    private SSLContext trusting;
    private BackendContext context;

    @BeforeEach
    void prepare() throws Exception {
        TestCertificate.Pair own = authority.server("127.0.0.1").write(folder, "backend");
        tls = BackendTls.ofPem(own.chain(), own.key());
        trusting = SSLContext.getInstance("TLS");
        trusting.init(null, authority.trustManagers(), null);
        Environment environment = new Environment(
                new ManualClock(),
                false,
                Outbox.CHUNK_BYTES,
                Duration.ofSeconds(1),
                Duration.ofSeconds(10),
                () -> null);
        context = BackendContext.of(recorder, BackendOptions.DEFAULT, environment);
    }

    @AfterEach
    void close() throws IOException {
        for (LinkSocket socket : sockets) {
            socket.close();
        }
    }

    /** A socket that takes so many bytes after the handshake, and then fails. */
    private static final class Breaking implements LinkSocket {
        private final LinkSocket socket;
        private final AtomicInteger left = new AtomicInteger(NEVER);

        Breaking(LinkSocket socket) {
            this.socket = socket;
        }

        void breakAfter(int bytes) {
            left.set(bytes);
        }

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            int most = Math.min(bytes.remaining(), left.get());
            if (most == 0) {
                throw new IOException("the test's");
            }
            int taken = socket.write(bytes.duplicate().limit(bytes.position() + most));
            bytes.position(bytes.position() + taken);
            left.addAndGet(-taken);
            return taken;
        }

        @Override
        public int write(ByteBuffer[] bytes) {
            throw new AssertionError("TLS writes out of one buffer");
        }

        @Override
        public void open() throws IOException {
            socket.open();
        }

        @Override
        public int read(ByteBuffer into, boolean mayWait) throws IOException {
            return socket.read(into, mayWait);
        }

        @Override
        public boolean hasInput() throws IOException {
            return socket.hasInput();
        }

        @Override
        public void shutdownOutput() throws IOException {
            socket.shutdownOutput();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }

        @Override
        public long sentBytes() {
            return socket.sentBytes();
        }

        @Override
        public long receivedBytes() {
            return socket.receivedBytes();
        }

        @Override
        public SocketAddress peer() {
            return socket.peer();
        }

        @Override
        public @Nullable AddressPair ends() {
            return socket.ends();
        }

        @Override
        public List<X509Certificate> peerCertificates() {
            return socket.peerCertificates();
        }
    }

    /** The two ends of a firehose. */
    private record Link(Firehose firehose, Breaking socket, SSLSocket server) {
        void send(Flag flag, byte[] data) throws IOException {
            server.getOutputStream().write(Tag.frame(7, flag, data));
        }

        /** Reads numbered packets until the link ends or as many have come as are wanted. */
        List<Integer> receive(int wanted) throws IOException {
            List<Integer> numbers = new ArrayList<>();
            DataInputStream in = new DataInputStream(server.getInputStream());
            byte[] frame = new byte[Tag.FRAME_HEADER_BYTES + PACKET_BYTES];
            try {
                while (numbers.size() < wanted) {
                    in.readFully(frame);
                    numbers.add(ByteBuffer.wrap(frame).getInt(Tag.FRAME_HEADER_BYTES));
                }
            } catch (IOException broken) {
                // a server drops the part of a packet with the link
            }
            return numbers;
        }
    }

    private Link dial(long number) throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Ports.loopback(0))) {
            SSLSocket server = (SSLSocket) trusting.getSocketFactory()
                    .createSocket("127.0.0.1", listener.socket().getLocalPort());
            server.setSoTimeout(20_000);
            SocketChannel accepted = listener.accept();
            Breaking socket = new Breaking(new TcpLinkSocket(accepted));
            sockets.add(socket);
            Firehose firehose = new Firehose(number, new TlsLinkSocket(socket, tls.newEngine()), context);
            context.directory().add(firehose);
            firehose.start(new Threads(Thread::new));
            server.startHandshake();
            recorder.expect("attached");
            return new Link(firehose, socket, server);
        }
    }

    @Test
    void whatGoesAgainIsExactlyWhatTheBrokenLinkHasNotTaken() throws Exception {
        List<Integer> all = IntStream.range(0, PACKETS).boxed().toList();
        long links = 0;
        for (int bytes : new int[] {1, 900, 16_000, 17_000, 40_000, 65_000, 66_000, 100_000, 131_000, 180_000}) {
            Link broken = dial(++links);
            broken.socket.breakAfter(bytes);
            broken.send(Flag.DATA, utf8("burst"));
            List<Integer> came = broken.receive(PACKETS);
            assertThat(came).as("whole packets before a cut after " + bytes).hasSizeLessThan(PACKETS);
            assertThat(broken.firehose.awaitEnd(TimeUnit.SECONDS.toNanos(20))).isTrue();
            broken.server.close();
            recorder.skipTo("detached: the test's");

            Link next = dial(++links);
            next.send(Flag.RECONNECTION, new byte[0]);
            came.addAll(next.receive(PACKETS - came.size()));
            assertThat(came).as("with a cut after " + bytes).isEqualTo(all);
            next.send(Flag.FAILURE, utf8("Client disconnected"));
            recorder.skipTo("7 ended: Client disconnected");
            next.server.close();
            assertThat(next.firehose.awaitEnd(TimeUnit.SECONDS.toNanos(20))).isTrue();
            recorder.skipTo("detached: closed by the server");
        }
    }
}
