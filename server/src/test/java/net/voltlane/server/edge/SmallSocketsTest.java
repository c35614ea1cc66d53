package net.voltlane.server.edge;

import static net.voltlane.server.link.Bufs.buf;
import static net.voltlane.server.link.Bufs.frame;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.voltlane.protocol.Frame;
import net.voltlane.server.edge.Listening.Kind;
import net.voltlane.server.link.AcceptedSocket;
import net.voltlane.server.link.Bufs;
import net.voltlane.server.link.Deadlines;
import net.voltlane.server.link.LayerInput;
import net.voltlane.server.link.LingeringClose;
import net.voltlane.server.link.MemoryBudget;
import net.voltlane.server.link.SendQueue;
import net.voltlane.server.link.SocketKinds;
import net.voltlane.server.link.WireForm;
import net.voltlane.server.metrics.Metrics;
import net.voltlane.server.tls.TlsPeer;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.Seeds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Clients that read slowly on real sockets with small buffers. A link is cut amid a frame, and the session goes on over
 * another transport: what came over both links is what was sent, and what is left over is counted in packets.
 */
@Timeout(60)
@ExtendWith(LeakCheck.class)
final class SmallSocketsTest {
    private static final int ROUNDS = 6;

    @TempDir
    Path folder;

    private final MemoryBudget budget = new MemoryBudget(Long.MAX_VALUE);

    @AfterEach
    void nothingIsHeld() {
        assertThat(budget.heldBytes()).isZero();
    }

    private static SocketKinds kind() {
        List<SocketKinds> all = SocketKinds.here();
        return all.stream()
                .filter(kind -> kind.name().equals("epoll"))
                .findFirst()
                .orElse(all.get(0));
    }

    @ParameterizedTest
    @CsvSource({
        "WS, TLS_BORINGSSL",
        "WS, TCP",
        "TLS_BORINGSSL, WS",
        "TLS_JDK, WSS_BORINGSSL",
        "WSS_BORINGSSL, WS",
        "WSS_JDK, TLS_JDK",
        "TCP, WSS_JDK"
    })
    void aSlowReaderGetsEverythingOnceOverTwoTransports(Kind first, Kind second) {
        Seeds.run(seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            List<byte[]> sent = new ArrayList<>();
            byte[] got;
            List<ByteBuf> left;
            try (Link link = new Link(first)) {
                for (int round = 0; round < ROUNDS; round++) {
                    link.sendUntilFull(random, sent);
                    link.readUntilEmpty(random);
                }
                link.sendUntilFull(random, sent);
                link.sendSome(random, sent, 40);
                link.readOnce(random);
                left = link.cut();
                got = wholeFrames(link.came());
                assertThat(countOf(got) + countOf(Bytes.concat(all(left)))).isEqualTo(sent.size());
                assertThat(link.waitingAtTheCut)
                        .as("packets that were counted")
                        .isEqualTo(countOf(Bytes.concat(all(left))));
            }
            try (Link link = new Link(second)) {
                link.sendAgain(left);
                link.sendSome(random, sent, 20);
                link.readUntilEmpty(random);
                link.end();
                byte[] all = Bytes.concat(got, link.came());
                assertThat(Arrays.mismatch(all, Bytes.concat(sent.toArray(byte[][]::new))))
                        .as("where it differs")
                        .isNegative();
            }
        });
    }

    private static byte[][] all(List<ByteBuf> bufs) {
        return bufs.stream()
                .map(buf -> Bufs.bytes(buf, buf.readerIndex(), buf.readableBytes()))
                .toArray(byte[][]::new);
    }

    /** A peer can do nothing with a frame of which a part came. */
    private static byte[] wholeFrames(byte[] came) {
        int end = 0;
        while (end + Frame.PREFIX_BYTES <= came.length
                && end + Frame.PREFIX_BYTES + Frame.length(came, end) <= came.length) {
            end += Frame.PREFIX_BYTES + Frame.length(came, end);
        }
        return Arrays.copyOf(came, end);
    }

    private static int countOf(byte[] frames) {
        return Bufs.payloads(frames).size();
    }

    /** A link that is open, with a client that reads only when told to. */
    private final class Link implements AutoCloseable {
        private final Listening listening;
        private final AcceptedSocket socket = AcceptedSocket.open(kind());
        private final WireForm client;
        private final SendQueue queue;
        private final ByteArrayOutputStream came = new ByteArrayOutputStream();
        private final byte[] buffer = new byte[64 * 1024];
        long waitingAtTheCut;

        Link(Kind kind) throws Exception {
            listening = Listening.on(kind, folder, new Metrics(), budget);
            CompletableFuture<Void> heard = new CompletableFuture<>();
            socket.onLoop(() -> {
                listening.transport().addCodec(socket.channel.pipeline());
                socket.channel.pipeline().addLast("heard", new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object msg) {
                        ReferenceCountUtil.release(msg);
                        heard.complete(null);
                    }

                    @Override
                    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                        assertThat(event).isNotInstanceOf(LayerInput.class);
                    }
                });
                return null;
            });
            client = listening.clients().get();
            if (client instanceof TlsPeer tls) {
                shakeHands(tls);
            } else if (client instanceof SecureWebSocketClient both) {
                shakeHands(both.tls);
            }
            socket.peer.getOutputStream().write(client.seals(frame(0, 1)));
            heard.get(10, TimeUnit.SECONDS);
            queue = socket.onLoop(() -> new SendQueue(
                    socket.channel,
                    listening.transport(),
                    ByteBufAllocator.DEFAULT,
                    (buf, frame) -> true,
                    budget,
                    () -> {}));
        }

        private void shakeHands(TlsPeer tls) throws IOException {
            while (true) {
                do {
                    socket.peer.getOutputStream().write(tls.says());
                    came.writeBytes(tls.opens(new byte[0])); // what waited for that
                } while (tls.mustSpeak());
                if (tls.isDone()) {
                    return;
                }
                int n = socket.peer.getInputStream().read(buffer);
                came.writeBytes(tls.opens(Arrays.copyOf(buffer, n)));
            }
        }

        /** Sends small frames, and now and then one that takes several records, until the socket takes no more. */
        void sendUntilFull(SplittableRandom random, List<byte[]> sent) throws Exception {
            socket.onLoop(() -> {
                while (!queue.isFull()) {
                    sendRun(random, sent);
                }
                return null;
            });
        }

        void sendSome(SplittableRandom random, List<byte[]> sent, int runs) throws Exception {
            socket.onLoop(() -> {
                for (int i = 0; i < runs; i++) {
                    sendRun(random, sent);
                }
                return null;
            });
        }

        /** Several frames in one go, as the uplink brings them. */
        private void sendRun(SplittableRandom random, List<byte[]> sent) {
            List<byte[]> run = new ArrayList<>();
            for (int i = random.nextInt(1, 6); i > 0; i--) {
                int length = random.nextInt(random.nextInt(12) == 0 ? 40_000 : 300);
                run.add(frame(sent.size() + run.size(), length));
            }
            sent.addAll(run);
            ByteBuf shared = buf(run.toArray(byte[][]::new));
            queue.send(shared, 0, shared.readableBytes());
            shared.release();
        }

        void sendAgain(List<ByteBuf> left) throws Exception {
            socket.onLoop(() -> {
                left.forEach(queue::addUncounted);
                queue.flush();
                return null;
            });
        }

        void readOnce(SplittableRandom random) throws IOException {
            int n = socket.peer.getInputStream().read(buffer, 0, random.nextInt(1, 6_000));
            assertThat(n).as("the stream goes on").isPositive();
            came.writeBytes(client.opens(Arrays.copyOf(buffer, n)));
        }

        void readUntilEmpty(SplittableRandom random) throws Exception {
            while (!socket.onLoop(queue::isEmpty)) {
                readOnce(random);
            }
        }

        /** The output is shut amid whatever there is. Returns what the socket has not wholly taken. */
        List<ByteBuf> cut() throws Exception {
            List<ByteBuf> left = socket.onLoop(() -> {
                waitingAtTheCut = queue.waitingPackets();
                LingeringClose.begin(socket.channel, listening.transport(), new Deadlines<>(1, c -> {}), 0);
                return queue.takeBack();
            });
            readToTheEnd();
            return left;
        }

        void end() throws Exception {
            socket.onLoop(() -> {
                LingeringClose.begin(socket.channel, listening.transport(), new Deadlines<>(1, c -> {}), 0);
                queue.release();
                return null;
            });
            readToTheEnd();
        }

        private void readToTheEnd() throws IOException {
            came.writeBytes(client.opens(socket.peer.getInputStream().readAllBytes()));
        }

        byte[] came() {
            return came.toByteArray();
        }

        @Override
        public void close() throws IOException {
            socket.close();
            listening.close();
        }
    }
}
