package net.voltlane.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.voltlane.proof.ChallengeAnswer;
import net.voltlane.proof.InvalidKeyException;
import net.voltlane.proof.KeyPair;
import net.voltlane.proof.SharedKey;
import net.voltlane.protocol.Challenge;
import net.voltlane.protocol.ChallengeResponse;
import net.voltlane.protocol.ClientId;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.HandshakeCodec;
import net.voltlane.protocol.HandshakePacket;
import net.voltlane.protocol.MalformedPacketException;
import net.voltlane.protocol.Ping;
import net.voltlane.protocol.ProtocolVersion;
import net.voltlane.protocol.PubKey;
import net.voltlane.server.link.Bufs;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.server.link.WireForm;
import net.voltlane.server.tls.TlsPeer;
import net.voltlane.testkit.Bytes;
import org.jspecify.annotations.Nullable;

/** A client on an {@link EdgeHarness}, of which a test says every step. */
final class EdgeClient {
    static final String HOME = "192.0.2.1";
    static final HandshakePacket VERSION = new ProtocolVersion(2);

    final EdgeHarness harness;
    final FakeChannel channel;
    final KeyPair keys;
    final String from;
    long id;
    /** The other side of this link's codec; null where its transport has none. */
    final @Nullable WireForm records;
    /** Bytes that came and that the test has not looked at yet. */
    private byte[] unseen = new byte[0];

    EdgeClient(EdgeHarness harness, KeyPair keys) {
        this(harness, keys, HOME);
    }

    EdgeClient(EdgeHarness harness, KeyPair keys, String from) {
        this(harness, keys, from, harness.accept(from));
        harness.run(); // another's handshake may have to make room
        if (records instanceof TlsPeer tls) {
            tls.handshake(channel, harness::run, Integer.MAX_VALUE / 2);
        } else if (records instanceof SecureWebSocketClient both) {
            both.tls.handshake(channel, harness::run, Integer.MAX_VALUE / 2);
        }
    }

    private EdgeClient(EdgeHarness harness, KeyPair keys, String from, FakeChannel channel) {
        this.harness = harness;
        this.keys = keys;
        this.from = from;
        this.channel = channel;
        records = harness.wireForm();
    }

    /** Connects through a proxy that has not sent its header yet. */
    static EdgeClient throughProxy(EdgeHarness harness) {
        return new EdgeClient(harness, KeyPair.generate(EdgeHarness.RANDOM), HOME, harness.acceptFromProxy());
    }

    /** Another link of the same client. */
    EdgeClient again() {
        return again(from);
    }

    /** Another link of the same client, from an address. */
    EdgeClient again(String from) {
        EdgeClient link = new EdgeClient(harness, keys, from);
        link.id = id;
        return link;
    }

    EdgeClient open() {
        send(VERSION, new PubKey(keys.publicKey()));
        expect(PubKey.class);
        return adopt();
    }

    /** Reads the id of the new session. */
    EdgeClient adopt() {
        id = expect(ClientId.class).id();
        return this;
    }

    /** Resumes the session, up to the server's Ping. */
    EdgeClient resume() {
        send(new ChallengeResponse(answerTo(challenge())), new Ping());
        expect(Ping.class);
        return this;
    }

    /** The first half of a resume: the box of the server's challenge. */
    byte[] challenge() {
        send(VERSION, new ClientId(id));
        expect(PubKey.class);
        return expect(Challenge.class).box();
    }

    byte[] answerTo(byte[] box) {
        byte[] answer = ChallengeAnswer.to(box, sharedKey(), EdgeHarness.RANDOM);
        assertThat(answer).as("the challenge opens").isNotNull();
        return answer;
    }

    /** Seals some text by this client's own key: its answer to a challenge for another client. */
    byte[] sealedByOwnKey() {
        EdgeClient again = again();
        return answerTo(again.challenge());
    }

    byte[] sharedKey() {
        try {
            return SharedKey.derive(keys, harness.serverKey.publicKey());
        } catch (InvalidKeyException e) {
            throw new AssertionError(e);
        }
    }

    /** Sends bytes, and runs the loops. */
    void send(byte[] bytes) {
        channel.receives(records == null ? bytes : records.seals(bytes));
        harness.run();
    }

    void send(HandshakePacket... packets) {
        send(frames(packets));
    }

    static byte[] frames(HandshakePacket... packets) {
        return Bytes.concat(Arrays.stream(packets).map(HandshakeCodec::frame).toArray(byte[][]::new));
    }

    <T extends HandshakePacket> T expect(Class<T> what) {
        look();
        assertThat(unseen.length).as("waited for " + what.getSimpleName()).isPositive();
        int end = Frame.PREFIX_BYTES + Frame.length(unseen, 0);
        byte[] payload = Arrays.copyOfRange(unseen, Frame.PREFIX_BYTES, end);
        unseen = Arrays.copyOfRange(unseen, end, unseen.length);
        try {
            HandshakePacket packet = HandshakeCodec.decode(payload);
            assertThat(packet).isInstanceOf(what);
            return what.cast(packet);
        } catch (MalformedPacketException e) {
            throw new AssertionError(e);
        }
    }

    /** The payloads of all whole frames that came; what is unfinished stays. */
    List<byte[]> data() {
        look();
        List<byte[]> data = new ArrayList<>();
        int index = 0;
        while (index + Frame.PREFIX_BYTES <= unseen.length) {
            int end = index + Frame.PREFIX_BYTES + Frame.length(unseen, index);
            if (end > unseen.length) {
                break;
            }
            data.addAll(Bufs.payloads(Arrays.copyOfRange(unseen, index, end)));
            index = end;
        }
        unseen = Arrays.copyOfRange(unseen, index, unseen.length);
        return data;
    }

    /** Everything that came and was not looked at yet. */
    byte[] rest() {
        look();
        byte[] all = unseen;
        unseen = new byte[0];
        return all;
    }

    /** The server has closed its half of the link, or all of it. */
    boolean isClosed() {
        return channel.isOutputShutdown();
    }

    private void look() {
        byte[] came = channel.taken();
        unseen = Bytes.concat(unseen, records == null ? came : records.opens(came));
    }
}
