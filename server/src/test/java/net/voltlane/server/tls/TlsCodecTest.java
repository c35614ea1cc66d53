package net.voltlane.server.tls;

import static net.voltlane.server.link.Bufs.buf;
import static net.voltlane.server.link.Bufs.bytes;
import static net.voltlane.server.link.Bufs.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.voltlane.protocol.Frame;
import net.voltlane.server.link.CodecException;
import net.voltlane.server.link.Deadlines;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.server.link.LayerInput;
import net.voltlane.server.link.LingeringClose;
import net.voltlane.server.link.ManualLoop;
import net.voltlane.server.link.MemoryBudget;
import net.voltlane.server.link.SendQueue;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.metrics.Metrics;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.ManualClock;
import net.voltlane.testkit.Seeds;
import net.voltlane.testkit.certificates.TestAuthority;
import net.voltlane.testkit.certificates.TestCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** The codec on sockets that a test moves by hand, with each engine and version, and the JDK's TLS as client. */
@ParameterizedClass
@CsvSource({"true, TLSv1.3", "true, TLSv1.2", "false, TLSv1.3", "false, TLSv1.2"})
@ExtendWith(LeakCheck.class)
final class TlsCodecTest {
    private static final TestAuthority AUTHORITY = TestAuthority.create("codec");
    private static final TestCertificate SERVER = AUTHORITY.server("localhost");

    @TempDir
    static Path folder;

    @Parameter(0)
    boolean isNative;

    @Parameter(1)
    String version;

    private final ManualLoop loop = new ManualLoop(new ManualClock());
    private final MemoryBudget budget = new MemoryBudget(Long.MAX_VALUE);
    private final Metrics metrics = new Metrics();
    private final List<FakeChannel> channels = new ArrayList<>();
    private final ByteArrayOutputStream got = new ByteArrayOutputStream();
    private final List<Metric> faults = new ArrayList<>();
    private int counted;
    private ServerTls tls;
    private TlsTransport transport;

    @BeforeEach
    void readCertificates() throws TlsException {
        tls = TlsDoors.of(SERVER.write(folder, "server"), metrics, budget, isNative);
        transport = new TlsTransport(tls, TlsProtocol.VOLTLANE);
    }

    @AfterEach
    void nothingIsHeldInTheEnd() {
        channels.forEach(FakeChannel::close);
        loop.run();
        tls.close();
        assertThat(budget.heldBytes()).isZero();
    }

    private FakeChannel socket() {
        FakeChannel channel = FakeChannel.connected(loop);
        channels.add(channel);
        transport.addCodec(channel.pipeline());
        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object msg) {
                ByteBuf in = (ByteBuf) msg;
                counted -= transport.layer(channel).countedBytes();
                got.writeBytes(bytes(List.of(in)));
            }

            @Override
            public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                counted += event instanceof LayerInput read ? read.bytes() : 0;
            }

            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                if (cause instanceof CodecException fault) {
                    faults.add(fault.rejected());
                }
            }
        });
        return channel;
    }

    private TlsPeer connected(FakeChannel channel) {
        TlsPeer peer = new TlsPeer(AUTHORITY, version);
        peer.handshake(channel, loop::run, Integer.MAX_VALUE / 2);
        return peer;
    }

    private byte[] got() {
        byte[] all = got.toByteArray();
        got.reset();
        return all;
    }

    private void receives(FakeChannel channel, byte[] bytes) {
        channel.receives(bytes);
        loop.run();
    }

    // ---- input

    @Test
    void everythingMayComeByteByByte() {
        FakeChannel channel = socket();
        TlsPeer peer = new TlsPeer(AUTHORITY, version);
        peer.handshake(channel, loop::run, 1);
        for (byte one : peer.seals(frame(1, 300))) {
            receives(channel, new byte[] {one});
        }
        assertThat(got()).isEqualTo(frame(1, 300));
        assertThat(budget.heldBytes()).isZero();
    }

    @Test
    void recordsComeSplitAndMergedAnywhere() {
        Seeds.run(seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            FakeChannel channel = socket();
            TlsPeer peer = connected(channel);
            ByteArrayOutputStream sent = new ByteArrayOutputStream();
            ByteArrayOutputStream wire = new ByteArrayOutputStream();
            for (int i = 0; i < 40; i++) {
                byte[] plain = frame(i, random.nextInt(5) == 0 ? random.nextInt(40_000) : random.nextInt(300));
                sent.writeBytes(plain);
                wire.writeBytes(peer.seals(plain));
            }
            byte[] all = wire.toByteArray();
            for (int from = 0; from < all.length; ) {
                int to = Math.min(all.length, from + 1 + random.nextInt(random.nextBoolean() ? 60 : 30_000));
                receives(channel, Arrays.copyOfRange(all, from, to));
                from = to;
            }
            assertThat(Arrays.mismatch(got(), sent.toByteArray())).isNegative();
            assertThat(budget.heldBytes()).isZero();
        });
    }

    @Test
    void anUnfinishedRecordIsChargedUntilItsClientGoes() {
        FakeChannel channel = socket();
        byte[] record = connected(channel).seals(new byte[10_000]);
        receives(channel, Arrays.copyOf(record, 7_000));
        assertThat(budget.heldBytes()).isBetween(7_000L, 20_000L);
        channel.close();
        loop.run();
        assertThat(budget.heldBytes()).isZero();
    }

    @Test
    void aChangedByteCutsTheLinkAndNothingOfItGetsThrough() {
        FakeChannel first = socket();
        int length = connected(first).seals(frame(1, 20)).length;
        for (int at = 0; at < length; at += at < 6 ? 1 : 7) {
            if (at == 2 && !isNative) {
                continue; // the minor version, which the JDK ignores, as a receiver of TLS 1.3 does
            }
            FakeChannel channel = socket();
            TlsPeer peer = connected(channel);
            byte[] good = peer.seals(frame(1, 5));
            byte[] bad = peer.seals(frame(2, 20));
            bad[at] ^= 1;
            receives(channel, Bytes.concat(good, bad, new byte[300]));
            assertThat(got()).as("byte %d", at).isEqualTo(frame(1, 5));
            assertThat(faults).as("byte %d", at).containsOnly(Metric.REJECTED_TLS);
            faults.clear();
        }
    }

    @Test
    void aHelloThatIsCutWaitsForTheRestWithAboutAsMuchMemory() {
        byte[] hello = new TlsPeer(AUTHORITY, version).says();
        for (int length = 1; length < hello.length; length += length < 60 ? 1 : 37) {
            FakeChannel channel = socket();
            receives(channel, Arrays.copyOf(hello, length));
            assertThat(faults).as("%d bytes", length).isEmpty();
            assertThat(channel.taken()).as("%d bytes", length).isEmpty();
            assertThat(budget.heldBytes()).isBetween((long) length, 2L * length + 64);
            channel.close();
            loop.run();
            assertThat(budget.heldBytes()).isZero();
        }
    }

    /**
     * A change that the engine can't see at once, such as another random number, is found before the end: both ends sign the
     * hello.
     */
    @Test
    void aHelloThatIsChangedLetsNobodyIn() {
        int length = new TlsPeer(AUTHORITY, version).says().length;
        for (int at = 0; at < length; at += at < 60 ? 1 : 37) {
            if (at == 2) {
                continue; // the minor version of the record, which a receiver ignores
            }
            FakeChannel channel = socket();
            TlsPeer peer = new TlsPeer(AUTHORITY, version);
            byte[] changed = peer.says();
            changed[at] ^= (byte) 0xFF;
            receives(channel, changed);
            if (at < 2) {
                assertThat(faults).as("byte %d", at).containsExactly(Metric.REJECTED_NOT_TLS);
            } else if (at == Records.HEADER_BYTES) {
                assertThat(faults).as("another message than a hello").containsExactly(Metric.REJECTED_TLS);
            }
            assertThatThrownBy(() -> peer.handshake(channel, loop::run, Integer.MAX_VALUE / 2))
                    .as("byte %d", at)
                    .isInstanceOf(AssertionError.class);
            assertThat(got()).isEmpty();
            faults.clear();
            channel.close();
        }
        loop.run();
        assertThat(metrics.sum(Metric.TLS_HANDSHAKES_FULL)).isZero();
        assertThat(budget.heldBytes()).isZero();
        connected(socket());
        assertThat(metrics.sum(Metric.TLS_HANDSHAKES_FULL)).isOne();
    }

    @Test
    void anotherHandshakeIsRefused() {
        if (version.equals("TLSv1.3")) {
            return; // there is none
        }
        FakeChannel channel = socket();
        TlsPeer peer = connected(channel);
        receives(channel, peer.renegotiates());
        assertThat(faults).containsExactly(Metric.REJECTED_TLS);
    }

    @Test
    void closeNotifyOfThePeerClosesTheConnectionBehindItsData() {
        FakeChannel channel = socket();
        TlsPeer peer = connected(channel);
        receives(channel, Bytes.concat(peer.seals(frame(1, 5)), peer.closes(), new byte[] {1, 2, 3}));
        assertThat(got()).isEqualTo(frame(1, 5));
        assertThat(channel.isOpen()).isFalse();
        assertThat(faults).isEmpty();
    }

    /** The length in a header is only a claim. */
    @Test
    void anAnnouncedRecordTakesMemoryAsItComes() {
        FakeChannel channel = socket();
        receives(channel, new byte[] {0x16, 3, 1, 0x40, 0});
        assertThat(budget.heldBytes()).isBetween(1L, 200L);
        receives(channel, new byte[1_000]);
        assertThat(budget.heldBytes()).isBetween(1_005L, 4_096L);
        assertThat(transport.layer(channel).heldBytes()).isEqualTo(budget.heldBytes());
        receives(channel, new byte[16_000]);
        assertThat(faults).isNotEmpty();
        assertThat(budget.heldBytes()).isZero();
    }

    @Test
    void manySmallRecordsCountAgainstTheBoundOfTheHandshake() {
        FakeChannel channel = socket();
        byte[] piece = new byte[6];
        piece[0] = 0x16;
        piece[1] = 3;
        piece[2] = 1;
        piece[4] = 1;
        ByteArrayOutputStream many = new ByteArrayOutputStream();
        byte[] hello = {1, 0, 60, 0}; // a ClientHello of 15 KiB, which takes 92 KiB in records of one byte
        for (int i = 0; i < 3_000; i++) {
            piece[5] = i < hello.length ? hello[i] : 0;
            many.writeBytes(piece);
        }
        receives(channel, many.toByteArray());
        assertThat(faults).isNotEmpty();
        assertThat(budget.heldBytes()).isZero();
    }

    @Test
    void aRecordThatComesInPartsIsCountedAsItComesAndOnlyOnce() {
        FakeChannel channel = socket();
        byte[] record = connected(channel).seals(new byte[10_000]);
        receives(channel, Arrays.copyOf(record, 3_000));
        assertThat(counted).isEqualTo(3_000);
        receives(channel, Arrays.copyOfRange(record, 3_000, 9_000));
        assertThat(counted).isEqualTo(9_000);
        receives(channel, Arrays.copyOfRange(record, 9_000, record.length));
        assertThat(counted).as("what was counted of the frames that came").isZero();
        assertThat(got()).hasSize(10_000);
    }

    /** A request for new keys costs the server more than its 27 bytes, and no frame shows it. */
    @Test
    void aRecordWithoutDataIsCounted() {
        if (version.equals("TLSv1.2")) {
            return; // another handshake is refused
        }
        FakeChannel channel = socket();
        TlsPeer peer = connected(channel);
        counted = 0;
        byte[] first = peer.renegotiates();
        receives(channel, first);
        assertThat(counted).isEqualTo(first.length);
        byte[] second = peer.renegotiates();
        receives(channel, Arrays.copyOf(second, 10));
        receives(channel, Arrays.copyOfRange(second, 10, second.length));
        assertThat(counted).as("in two parts").isEqualTo(first.length + second.length);
        receives(channel, Bytes.concat(peer.renegotiates(), peer.seals(frame(1, 5))));
        assertThat(counted).as("with data behind it").isEqualTo(first.length * 2 + second.length);
        assertThat(got()).isEqualTo(frame(1, 5));
        receives(channel, peer.closes());
        assertThat(counted).as("a farewell is no sign of life").isEqualTo(first.length * 2 + second.length);
        assertThat(faults).isEmpty();
    }

    @Test
    void goodRecordsBeforeGarbageGetThrough() {
        FakeChannel channel = socket();
        receives(channel, Bytes.concat(connected(channel).seals(frame(1, 5)), Bytes.utf8("GET / HTTP/1.1")));
        assertThat(got()).isEqualTo(frame(1, 5));
        assertThat(faults).hasSize(1);
    }

    // ---- output

    private SendQueue queueOf(FakeChannel to) {
        return new SendQueue(to, transport, ByteBufAllocator.DEFAULT, (buf, frame) -> true, budget, () -> {});
    }

    @Test
    void aFrameIsTakenWhenTheSocketHasAllOfItsRecords() {
        FakeChannel channel = socket();
        TlsPeer peer = connected(channel);
        SendQueue queue = queueOf(channel);
        channel.takes(50);
        queue.add(buf(frame(1, 10), frame(2, 40)));
        queue.flush();
        assertThat(queue.waitingPackets()).isEqualTo(2);
        channel.takesAll();
        assertThat(queue.isFull()).isFalse();
        assertThat(peer.opens(channel.taken())).isEqualTo(Bytes.concat(frame(1, 10), frame(2, 40)));
        queue.release();
    }

    /** Against a model that only remembers the frames in order and what came out of whole records. */
    @Test
    void randomOffersTakesAndCutsLoseAndDoubleNothing() {
        Seeds.run(seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            for (int round = 0; round < 5; round++) {
                oneRandomLife(random);
            }
        });
    }

    private void oneRandomLife(SplittableRandom random) {
        FakeChannel socket = socket();
        TlsPeer far = connected(socket);
        socket.takes(random.nextInt(200));
        SendQueue it = queueOf(socket);
        List<byte[]> sent = new ArrayList<>();
        List<byte[]> arrived = new ArrayList<>();
        ByteArrayOutputStream link = new ByteArrayOutputStream();
        for (int step = 0; step < 60; step++) {
            switch (random.nextInt(5)) {
                case 0, 1 -> {
                    byte[] frame = frame(sent.size(), random.nextInt(10) == 0 ? 20_000 : random.nextInt(200));
                    sent.add(frame);
                    ByteBuf shared = buf(frame);
                    it.send(shared, 0, frame.length);
                    shared.release();
                }
                case 2 -> it.flush();
                case 3 -> socket.takes(random.nextInt(20) == 0 ? 60_000 : random.nextInt(900));
                default -> {
                    if (random.nextInt(8) == 0) {
                        arrived.add(wholeFrames(link.toByteArray()));
                        link.reset();
                        socket.close();
                        loop.run();
                        it.detach();
                        socket = socket();
                        far = connected(socket);
                        socket.takes(random.nextInt(100));
                        it.attach(socket, null);
                    }
                }
            }
            link.writeBytes(far.opens(socket.taken()));
        }
        it.flush();
        link.writeBytes(far.opens(socket.taken()));
        arrived.add(wholeFrames(link.toByteArray()));
        socket.shutdownOutput();
        byte[] all = Bytes.concat(sent.toArray(byte[][]::new));
        byte[] there = Bytes.concat(arrived.toArray(byte[][]::new));
        assertThat(Arrays.mismatch(Bytes.concat(there, bytes(it.takeBack())), all))
                .isNegative();
        assertThat(budget.heldBytes()).isZero();
        socket.close();
    }

    /** A frame of several records may come in part before a cut, and the peer can do nothing with that part. */
    private static byte[] wholeFrames(byte[] came) {
        int end = 0;
        while (end + 4 <= came.length && end + 4 + Frame.length(came, end) <= came.length) {
            end += 4 + Frame.length(came, end);
        }
        return Arrays.copyOf(came, end);
    }

    @Test
    void closeNotifyFollowsTheLastDataAndThenTheOutputIsShut() {
        FakeChannel channel = socket();
        TlsPeer peer = connected(channel);
        SendQueue queue = queueOf(channel);
        queue.add(buf(frame(1, 10)));
        queue.flush();
        LingeringClose.begin(channel, transport, new Deadlines<>(1, c -> {}), 0);
        assertThat(peer.opens(channel.taken())).isEqualTo(frame(1, 10));
        assertThat(peer.wasBidFarewell()).isTrue();
        assertThat(peer.unopenedBytes()).isZero();
        assertThat(channel.endedItsOutput()).isTrue();
        queue.release();
    }

    @Test
    void noCloseNotifyFollowsDataThatIsCutOffAndNoneComesBeforeTheHandshake() {
        FakeChannel channel = socket();
        TlsPeer peer = connected(channel);
        channel.takes(5);
        SendQueue queue = queueOf(channel);
        queue.add(buf(frame(1, 10)));
        queue.flush();
        LingeringClose.begin(channel, transport, new Deadlines<>(1, c -> {}), 0);
        channel.takesAll();
        assertThat(channel.taken()).hasSize(5);
        assertThat(bytes(queue.takeBack())).isEqualTo(frame(1, 10));
        assertThat(peer.wasBidFarewell()).isFalse();
        FakeChannel fresh = socket();
        fresh.close();
        assertThat(fresh.taken()).isEmpty();
    }

    @Test
    void aTransportWithoutClientCertificatesKnowsNothingOfItsClients() {
        assertThat(transport.attributes(socket())).isEqualTo(Map.of());
    }
}
