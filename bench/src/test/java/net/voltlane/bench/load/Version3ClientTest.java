package net.voltlane.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.voltlane.bench.model.Generator;
import net.voltlane.bench.model.Load;
import net.voltlane.bench.model.Plan;
import net.voltlane.bench.model.Scenario;
import net.voltlane.bench.model.Target;
import net.voltlane.bench.model.Timing;
import net.voltlane.bench.model.Via;
import net.voltlane.proof.SessionKey;
import net.voltlane.proof.X25519KeyPair;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.HandshakeCodec;
import net.voltlane.protocol.ProtocolVersion;
import net.voltlane.protocol.link3.Ack;
import net.voltlane.protocol.link3.Answer;
import net.voltlane.protocol.link3.Challenge;
import net.voltlane.protocol.link3.Close;
import net.voltlane.protocol.link3.Data;
import net.voltlane.protocol.link3.LinkCodec;
import net.voltlane.protocol.link3.LinkFrame;
import net.voltlane.protocol.link3.Open;
import net.voltlane.protocol.link3.Opened;
import net.voltlane.protocol.link3.Parameters;
import net.voltlane.protocol.link3.Ping;
import net.voltlane.protocol.link3.Resume;
import net.voltlane.protocol.link3.Resumed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client of the bench on version 3, against a server that this test plays. */
@Timeout(30)
class Version3ClientTest {

    private static final int TIMEOUT_MILLIS = 10_000;
    private static final long ID = 4711;
    private static final byte[] NONCE = new byte[32];

    private final X25519KeyPair serverKeys = X25519KeyPair.ofServerSecret(
            new byte[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1
            });
    private ServerSocket listener;
    private Fleet fleet;
    private Socket link;
    private DataInputStream in;
    private byte[] lastPayload = {};
    private byte[] clientKey = {};

    @BeforeEach
    void listen() throws IOException {
        listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        listener.setSoTimeout(TIMEOUT_MILLIS);
        Plan plan = new Plan(
                Scenario.ECHO,
                new Load(1, 64, 3, 0, 1, 0, 1),
                new Timing(Duration.ZERO, Duration.ofSeconds(1)),
                new Generator(1, 1, 3),
                Target.STARTED);
        fleet = new Fleet(
                plan,
                (InetSocketAddress) listener.getLocalSocketAddress(),
                Transport.best(),
                Opening.by(Via.TCP),
                new Payload(64, 2),
                new Ids(2));
    }

    @AfterEach
    void close() throws IOException {
        fleet.close();
        if (link != null) {
            link.close();
        }
        listener.close();
    }

    private void accept() throws Exception {
        link = listener.accept();
        link.setSoTimeout(TIMEOUT_MILLIS);
        in = new DataInputStream(link.getInputStream());
        assertThat(HandshakeCodec.decode(payload())).isEqualTo(new ProtocolVersion(3));
    }

    private byte[] payload() throws IOException {
        byte[] prefix = new byte[Frame.PREFIX_BYTES];
        in.readFully(prefix);
        lastPayload = new byte[Frame.length(prefix, 0)];
        in.readFully(lastPayload);
        return lastPayload;
    }

    private <F extends LinkFrame> F next(Class<F> type) throws Exception {
        LinkFrame frame = LinkCodec.decode(payload());
        assertThat(frame).isInstanceOf(type);
        return type.cast(frame);
    }

    /** The next Data frames; other frames between them go to {@code others}. */
    private List<Data> data(int count, List<LinkFrame> others) throws Exception {
        List<Data> data = new ArrayList<>();
        while (data.size() < count) {
            LinkFrame frame = LinkCodec.decode(payload());
            if (frame instanceof Data message) {
                data.add(message);
            } else {
                others.add(frame);
            }
        }
        return data;
    }

    private void send(LinkFrame frame) throws IOException {
        link.getOutputStream().write(LinkCodec.frame(frame));
    }

    private CompletableFuture<Integer> open() throws Exception {
        CompletableFuture<Integer> opening = fleet.roll(Step.OPEN_AND_SPEAK, false);
        accept();
        clientKey = next(Open.class).key();
        send(new Opened(serverKeys.publicKey(), ID, parameters(300)));
        return opening;
    }

    private static Parameters parameters(int heartbeatSecs) {
        return new Parameters(heartbeatSecs, 1 << 20, 300);
    }

    private SessionKey key() {
        byte[] shared = serverKeys.shared(clientKey);
        assertThat(shared).isNotNull();
        return SessionKey.derive(shared, ID, clientKey, serverKeys.publicKey());
    }

    /** Plays the server of a resume, up to the frame that the proof is in. */
    private Resume resume(long accepted, boolean rightProof) throws Exception {
        accept();
        Resume resume = next(Resume.class);
        byte[] challenge = LinkCodec.encode(new Challenge(NONCE));
        byte[] transcript = SessionKey.transcript(lastPayload, challenge);
        send(new Challenge(NONCE));
        byte[] proof = next(Answer.class).proof();
        assertThat(key().verifiesClient(transcript, proof)).isTrue();
        byte[] serverProof = key().serverProof(transcript, proof, LinkCodec.behindProof(accepted, parameters(300)));
        serverProof[0] ^= (byte) (rightProof ? 0 : 1);
        send(new Resumed(serverProof, accepted, parameters(300)));
        return resume;
    }

    private String fault() throws InterruptedException {
        String first = fleet.faults().first();
        while (first == null) {
            first = fleet.faults().first();
        }
        return first;
    }

    @Test
    void aMessageGoesThereAndBackAndIsAcknowledged() throws Exception {
        CompletableFuture<Integer> opening = open();
        Data message = next(Data.class);
        send(message);

        assertThat(opening.get(10, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(next(Ack.class).count()).as("within a second").isEqualTo(1);
        assertThat(fleet.faults().total()).isZero();
    }

    @Test
    void anAckGoesAlongWithMessages() throws Exception {
        CompletableFuture<Integer> opening = open();
        send(next(Data.class));
        opening.get(10, TimeUnit.SECONDS);
        fleet.closedLoop();
        List<LinkFrame> others = new ArrayList<>();
        List<Data> three = data(3, others);
        send(three.get(0));
        data(1, others);
        send(three.get(1));
        data(1, others);

        assertThat(others).isNotEmpty().allMatch(frame -> frame instanceof Ack);
        assertThat(((Ack) others.get(others.size() - 1)).count()).isBetween(1L, 3L);
    }

    @Test
    void afterAResumeItGoesOnWithWhatTheServerHadNotRead() throws Exception {
        CompletableFuture<Integer> opening = open();
        send(next(Data.class));
        opening.get(10, TimeUnit.SECONDS);
        fleet.closedLoop();
        List<Data> three = data(3, new ArrayList<>());
        send(new Ack(2));
        send(three.get(0));
        List<Data> fourth = data(1, new ArrayList<>());
        fleet.cutAll();

        CompletableFuture<Integer> resuming = fleet.roll(Step.RESUME_AND_SPEAK, false);
        Resume resume = resume(3, true);

        assertThat(resume.id()).isEqualTo(ID);
        assertThat(resume.received()).isEqualTo(2);
        assertThat(resume.kept()).isEqualTo(3);
        List<Data> again = data(2, new ArrayList<>());
        assertThat(again).as("messages 4 and 5, as before").containsExactly(three.get(2), fourth.get(0));
        send(three.get(1));
        send(again.get(0));
        send(again.get(1));
        assertThat(resuming.get(10, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(fleet.faults().total()).isZero();
    }

    @Test
    void aWrongProofOfTheServerIsAFault() throws Exception {
        CompletableFuture<Integer> opening = open();
        send(next(Data.class));
        opening.get(10, TimeUnit.SECONDS);
        fleet.cutAll();
        fleet.roll(Step.RESUME_AND_SPEAK, false);
        resume(1, false);

        assertThat(fault()).contains("the server's proof is wrong");
    }

    @Test
    void aGapIsAFault() throws Exception {
        CompletableFuture<Integer> opening = open();
        send(next(Data.class));
        opening.get(10, TimeUnit.SECONDS);
        fleet.cutAll();
        fleet.roll(Step.RESUME_AND_SPEAK, false);
        resume(2, true);

        assertThat(fault()).contains("a gap: the server has accepted 2 messages, 1 were sent");
    }

    @Test
    void anAckOfWhatWasNotSentIsAFault() throws Exception {
        open();
        next(Data.class);
        send(new Ack(2));

        assertThat(fault()).contains("acknowledged 2 messages");
    }

    @Test
    void anAckThatGoesBackIsAFault() throws Exception {
        open();
        next(Data.class);
        send(new Ack(1));
        send(new Ack(0));

        assertThat(fault()).contains("acknowledged 0 messages after 1");
    }

    @Test
    void aCloseIsToldWithItsReason() throws Exception {
        open();
        send(new Close(4, 0, "too slow"));

        assertThat(fault()).contains("OVERFLOW").contains("too slow");
    }

    @Test
    void aClientThatSendsNothingPings() throws Exception {
        CompletableFuture<Integer> opening = fleet.roll(Step.OPEN, false);
        accept();
        next(Open.class);
        send(new Opened(serverKeys.publicKey(), ID, parameters(1)));
        opening.get(10, TimeUnit.SECONDS);

        next(Ping.class);
        next(Ping.class);
    }
}
