package net.voltlane.server.tls;

import static net.voltlane.server.link.Bufs.buf;
import static net.voltlane.server.link.Bufs.bytes;
import static net.voltlane.server.link.Bufs.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import net.voltlane.protocol.Frame;
import net.voltlane.server.link.AcceptedSocket;
import net.voltlane.server.link.MemoryBudget;
import net.voltlane.server.link.SendQueue;
import net.voltlane.server.link.SocketKinds;
import net.voltlane.server.metrics.Metrics;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.Seeds;
import net.voltlane.testkit.certificates.TestAuthority;
import net.voltlane.testkit.certificates.TestCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Records on epoll's sockets, where they go past the pipeline until the socket takes one only in part. The frames that the
 * peer got and those that the queue gives back are together the frames that were sent.
 */
@ParameterizedClass
@ValueSource(booleans = {true, false})
@ExtendWith(LeakCheck.class)
@Timeout(60)
final class TlsRecordsSocketTest {
    private static final TestAuthority AUTHORITY = TestAuthority.create("records");
    private static final TestCertificate SERVER = AUTHORITY.server("localhost");

    /** More than the result that an engine makes of each record, and far less than a buffer and a promise. */
    private static final int GARBAGE_BYTES = 128;

    @TempDir
    static Path folder;

    @Parameter
    boolean isNative;

    private final MemoryBudget budget = new MemoryBudget(Long.MAX_VALUE);
    private final List<byte[]> sent = new ArrayList<>();
    private ServerTls tls;
    private AcceptedSocket socket;
    private SSLSocket peer;
    private SendQueue queue;

    @BeforeEach
    void connect() throws Exception {
        SocketKinds epoll = SocketKinds.here().stream()
                .filter(kind -> kind.name().equals("epoll"))
                .findFirst()
                .orElseGet(() -> Assumptions.abort("no epoll here"));
        tls = TlsDoors.of(SERVER.write(folder, "server"), new Metrics(), budget, isNative);
        TlsTransport transport = new TlsTransport(tls, TlsProtocol.VOLTLANE);
        socket = AcceptedSocket.open(epoll);
        queue = socket.onLoop(() -> {
            transport.addCodec(socket.channel.pipeline());
            return new SendQueue(
                    socket.channel, transport, ByteBufAllocator.DEFAULT, (buf, frame) -> true, budget, () -> {});
        });
        SSLContext client = SSLContext.getInstance("TLS");
        client.init(null, AUTHORITY.trustManagers(), null);
        peer = (SSLSocket) client.getSocketFactory().createSocket(socket.peer, "localhost", 1, true);
        peer.startHandshake();
        await().until(() ->
                socket.onLoop(() -> TlsTransport.codec(socket.channel).isClear())); // the server's handshake is done
        send(frame(0, 1)); // from now on the queue knows that the channel has nothing to write
        assertThat(peer.getInputStream().readNBytes(5)).hasSize(5);
        sent.clear();
    }

    @AfterEach
    void nothingIsHeldInTheEnd() throws Exception {
        socket.channel.close().sync();
        socket.onLoop(() -> {
            queue.release();
            return null;
        });
        socket.close();
        tls.close();
        assertThat(budget.heldBytes()).isZero();
    }

    /** Sends a frame as one of a buffer that others share. */
    private void send(byte[] frame) throws Exception {
        sent.add(frame);
        socket.onLoop(() -> {
            ByteBuf shared = buf(new byte[] {1, 2, 3}, frame, new byte[3 * frame.length]);
            queue.send(shared, 3, frame.length);
            shared.release();
            return null;
        });
    }

    private void sendRun(SplittableRandom random) throws Exception {
        for (int i = random.nextInt(40); i >= 0; i--) {
            byte[] frame = frame(sent.size(), random.nextInt(random.nextInt(12) == 0 ? 40_000 : 400));
            if (random.nextBoolean()) {
                send(frame);
                continue;
            }
            sent.add(frame);
            boolean isLast = random.nextInt(3) == 0;
            socket.onLoop(() -> {
                queue.add(buf(frame));
                if (isLast) {
                    queue.flush();
                }
                return null;
            });
        }
        socket.onLoop(() -> {
            queue.flush();
            return null;
        });
    }

    private byte[] allSent() {
        return Bytes.concat(sent.toArray(byte[][]::new));
    }

    @Test
    void aPeerThatReadsNowAndThenGetsEverything() {
        Seeds.run(seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            for (int round = 0; round < 40; round++) {
                sendRun(random);
                byte[] all = allSent();
                sent.clear();
                byte[] got = peer.getInputStream().readNBytes(all.length);
                assertThat(Arrays.mismatch(all, got)).as("where it differs").isNegative();
            }
        });
    }

    @Test
    void aClosedChannelGivesBackJustWhatThePeerDidNotGet() throws Exception {
        SplittableRandom random = new SplittableRandom(1);
        while (!socket.onLoop(() -> queue.isFull())) {
            sendRun(random);
        }
        byte[] all = allSent();
        byte[] read = peer.getInputStream().readNBytes(random.nextInt(1, 20_000));
        socket.channel.close().sync();
        byte[] back = socket.onLoop(() -> bytes(queue.takeBack()));
        byte[] got = Bytes.concat(read, toTheEnd());
        assertThat(Arrays.mismatch(all, got)).as("where it differs").isEqualTo(got.length);
        assertThat(all.length - back.length).as("where what came back begins").isEqualTo(endOfLastWholeFrame(got));
        assertThat(back).isEqualTo(Arrays.copyOfRange(all, all.length - back.length, all.length));
    }

    private byte[] toTheEnd() {
        ByteArrayOutputStream got = new ByteArrayOutputStream();
        try {
            for (int read = peer.getInputStream().read();
                    read >= 0;
                    read = peer.getInputStream().read()) {
                got.write(read);
            }
        } catch (IOException cut) {
            // in the middle of a record
        }
        return got.toByteArray();
    }

    private static int endOfLastWholeFrame(byte[] bytes) {
        int end = 0;
        while (end + Frame.PREFIX_BYTES <= bytes.length) {
            int next = end + Frame.PREFIX_BYTES + Frame.length(bytes, end);
            if (next > bytes.length) {
                break;
            }
            end = next;
        }
        return end;
    }

    @Test
    void aRecordLeavesOnlyTheEnginesResultBehind() throws Exception {
        Assumptions.assumeTrue(isNative, "the JDK's engine makes garbage of its own");
        nothingIsHeldInTheEnd();
        ResourceLeakDetector.Level before = ResourceLeakDetector.getLevel();
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED); // it notes each use of a buffer
        try {
            connect();
            assertThat(garbageOfARecord()).isLessThan(GARBAGE_BYTES);
        } finally {
            ResourceLeakDetector.setLevel(before);
        }
    }

    private long garbageOfARecord() throws Exception {
        int rounds = 600;
        int perRound = 10;
        byte[] frame = frame(1, 64);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        ByteBuf shared = buf(frame);
        long garbage = 0;
        for (int round = 0; round < rounds; round++) {
            boolean isWarm = round > 100; // until then classes are loaded
            garbage += socket.onLoop(() -> {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < perRound; i++) {
                    queue.send(shared, 0, frame.length);
                }
                return isWarm ? threads.getCurrentThreadAllocatedBytes() - before : 0;
            });
            assertThat(peer.getInputStream().readNBytes(perRound * frame.length))
                    .hasSize(perRound * frame.length);
        }
        shared.release();
        return garbage / ((rounds - 101L) * perRound);
    }
}
