package net.voltlane.server.edge;

import static net.voltlane.server.link.Bufs.frame;
import static net.voltlane.server.link.Bufs.payload;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.voltlane.protocol.ClientId;
import net.voltlane.protocol.Ping;
import net.voltlane.protocol.PubKey;
import net.voltlane.protocol.Reason;
import net.voltlane.server.edge.EdgeHarness.Master;
import net.voltlane.server.link.RecordTransport;
import net.voltlane.server.tls.ServerTls;
import net.voltlane.server.tls.TlsDoors;
import net.voltlane.server.tls.TlsException;
import net.voltlane.server.tls.TlsPeer;
import net.voltlane.server.tls.TlsProtocol;
import net.voltlane.server.tls.TlsTransport;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.Seeds;
import net.voltlane.testkit.certificates.TestAuthority;
import net.voltlane.testkit.certificates.TestCertificate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A session's life on a listener whose transport has a codec, each of several. {@link RecordTransport.Peer} fails a test as soon as a
 * byte comes that did not go through the codec.
 */
@ParameterizedClass
@EnumSource(LinkThroughCodecTest.Kind.class)
@ExtendWith(LeakCheck.class)
final class LinkThroughCodecTest {
    /** The codecs: a toy that fails at once where a byte goes past it, and TLS by each engine. */
    enum Kind {
        RECORDS,
        BORINGSSL,
        JDK
    }

    private static final TestAuthority AUTHORITY = TestAuthority.create("links");
    private static final TestCertificate SERVER = AUTHORITY.server("localhost");

    @TempDir
    static Path folder;

    @Parameter
    Kind kind;

    private final EdgeHarness harness = new EdgeHarness();
    private @Nullable ServerTls tls;

    @BeforeEach
    void listenWithACodec() throws TlsException {
        if (kind == Kind.RECORDS) {
            harness.transport = new RecordTransport();
            return;
        }
        TestCertificate.Pair files = SERVER.write(folder, "server");
        tls = TlsDoors.of(files, harness.metrics, harness.budget, kind == Kind.BORINGSSL);
        harness.transport = new TlsTransport(tls, TlsProtocol.VOLTLANE);
        harness.wireForms = () -> new TlsPeer(AUTHORITY, "TLSv1.3");
    }

    @AfterEach
    void close() {
        harness.close();
        if (tls != null) {
            tls.close();
        }
    }

    private void sendNumbered(EdgeClient to, int first, int last) {
        for (int i = first; i <= last; i++) {
            harness.send(to.id, payload(i, 10));
        }
        harness.run();
    }

    private static byte[][] numbered(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(i -> payload(i, 10)).toArray(byte[][]::new);
    }

    private static boolean wasBidFarewell(EdgeClient client) {
        return client.records instanceof TlsPeer peer
                ? peer.wasBidFarewell()
                : ((RecordTransport.Peer) Objects.requireNonNull(client.records)).wasBidFarewell();
    }

    private String codec() {
        return harness.transport.codecNames().get(0);
    }

    private static List<String> handlers(Channel channel) {
        List<String> names = new ArrayList<>(channel.pipeline().names());
        names.removeIf(name -> channel.pipeline().context(name) == null); // the tail
        return names;
    }

    @Test
    void eachPhaseHasOneHandlerBehindTheCodec() {
        EdgeClient client = harness.connect();
        assertThat(handlers(client.channel)).containsExactly(codec(), "handshake");
        client.open();
        assertThat(handlers(client.channel)).containsExactly(codec(), "link");
        harness.sessions.kick(client.id);
        harness.run();
        assertThat(handlers(client.channel)).containsExactly(codec(), "closing");
    }

    @Test
    void dataGoesBothWays() {
        EdgeClient client = harness.open();
        byte[][] up = {frame(1, 10), frame(2, 0), frame(3, 5_000), frame(4, 1)};
        client.send(Bytes.concat(up));
        assertThat(harness.master.dataOf(client.id))
                .containsExactly(payload(1, 10), payload(2, 0), payload(3, 5_000), payload(4, 1));
        harness.send(client.id, payload(5, 10));
        harness.send(client.id, payload(6, 70_000));
        harness.run();
        assertThat(client.data()).containsExactly(payload(5, 10), payload(6, 70_000));
    }

    @Test
    void aClientSendsEverythingAhead() {
        EdgeClient client = harness.connect();
        byte[] handshake = EdgeClient.frames(EdgeClient.VERSION, new PubKey(client.keys.publicKey()));
        client.send(Bytes.concat(handshake, frame(1, 10), frame(2, 20)));
        client.expect(PubKey.class);
        client.adopt();
        assertThat(harness.master.dataOf(client.id)).containsExactly(payload(1, 10), payload(2, 20));
    }

    @Test
    void aClientThatReadsSlowlyGetsEverythingInOrder() {
        EdgeClient client = harness.open();
        client.channel.takes(0);
        sendNumbered(client, 1, 200);
        List<byte[]> got = new ArrayList<>();
        while (got.size() < 200) {
            client.channel.takes(7);
            harness.run();
            got.addAll(client.data());
        }
        assertThat(got).containsExactly(numbered(1, 200));
        assertThat(harness.budget.heldBytes()).isZero();
    }

    /** The link breaks after any number of bytes: what came out of whole records is not sent again, all else is. */
    @Test
    void aResumeBringsWhatTheLostLinkDidNot() {
        Seeds.run(seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            for (int round = 0; round < (kind == Kind.RECORDS ? 20 : 3); round++) {
                EdgeClient client = harness.open();
                client.send(frame(0, 1));
                harness.master.received();
                client.channel.takes(random.nextInt(1_200));
                sendNumbered(client, 1, 100);
                List<byte[]> got = new ArrayList<>(client.data());
                client.channel.finished();
                harness.run();
                EdgeClient back = client.again().resume();
                got.addAll(back.data());
                assertThat(got).containsExactly(numbered(1, 100));
                assertThat(harness.master.received()).containsExactly(Master.reconnected(client.id));
            }
        });
    }

    @Test
    void aTakeoverCutsTheOldLinkOffWithoutAFarewell() {
        EdgeClient old = harness.open();
        old.channel.takes(30);
        sendNumbered(old, 1, 3);
        EdgeClient link = old.again().resume();
        assertThat(old.isClosed()).isTrue();
        old.channel.takesAll();
        assertThat(old.data()).isEmpty();
        assertThat(wasBidFarewell(old)).isFalse();
        assertThat(link.data()).containsExactly(numbered(1, 3));
    }

    @Test
    void aTakeoverBidsTheOldLinkFarewellIfItHasEverything() {
        EdgeClient old = harness.open();
        sendNumbered(old, 1, 3);
        EdgeClient link = old.again().resume();
        assertThat(old.data()).containsExactly(numbered(1, 3));
        assertThat(wasBidFarewell(old)).isTrue();
        assertThat(old.isClosed()).isTrue();
        assertThat(link.data()).isEmpty();
    }

    @Test
    void aKickDeliversEverythingThenTheFarewellAndShutsTheOutput() {
        EdgeClient client = harness.open();
        client.send(frame(0, 1));
        client.channel.takes(25);
        sendNumbered(client, 1, 3);
        harness.sessions.kick(client.id);
        harness.run();
        assertThat(client.channel.endedItsOutput()).isFalse();
        client.channel.takesAll();
        harness.run();
        assertThat(client.data()).containsExactly(numbered(1, 3));
        assertThat(wasBidFarewell(client)).isTrue();
        assertThat(client.channel.endedItsOutput()).isTrue();
        assertThat(harness.master.received())
                .containsExactly(Master.data(client.id, payload(0, 1)), Master.failed(client.id, Reason.CLIENT_KICKED));
        client.channel.finished();
        harness.run();
        assertThat(client.channel.isOpen()).isFalse();
        assertThat(client.channel.wasReset()).isFalse();
    }

    @Test
    void anOrderlyStopDeliversEverythingThenTheFarewell() {
        EdgeClient client = harness.open();
        client.channel.takes(25);
        sendNumbered(client, 1, 3);
        harness.sessions.stop(() -> {});
        harness.run();
        client.channel.takesAll();
        harness.run();
        assertThat(client.data()).containsExactly(numbered(1, 3));
        assertThat(wasBidFarewell(client)).isTrue();
        assertThat(client.channel.endedItsOutput()).isTrue();
    }

    @Test
    void aRejectedHandshakeEndsWithAFarewellBehindItsAnswer() {
        EdgeClient client = harness.connect();
        client.send(EdgeClient.VERSION, new Ping());
        client.expect(PubKey.class);
        assertThat(wasBidFarewell(client)).isTrue();
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void aPeerThatDoesNotCloseIsReset() {
        EdgeClient client = harness.open();
        harness.sessions.kick(client.id);
        harness.run();
        harness.advance(Duration.ofSeconds(6));
        assertThat(client.channel.wasReset()).isTrue();
    }

    @Test
    void aProxysHeaderIsInClearAndEverythingBehindItIsNot() {
        EdgeClient client = EdgeClient.throughProxy(harness);
        byte[] hello = EdgeClient.frames(EdgeClient.VERSION, new PubKey(client.keys.publicKey()));
        client.channel.receives(ProxyHeaders.v2("2111", ProxyHeaders.ADDRESSES_4));
        if (client.records instanceof TlsPeer peer) {
            peer.handshake(client.channel, harness::run, Integer.MAX_VALUE / 2);
        }
        client.channel.receives(Objects.requireNonNull(client.records).seals(hello));
        harness.run();
        client.expect(PubKey.class);
        assertThat(client.expect(ClientId.class).id()).isNotZero();
        assertThat(handlers(client.channel)).containsExactly(codec(), "link");
    }
}
