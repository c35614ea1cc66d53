package net.voltlane.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import net.voltlane.proof.SessionKey;
import net.voltlane.proof.X25519KeyPair;
import net.voltlane.protocol.CloseCode;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.MalformedPacketException;
import net.voltlane.protocol.link3.Ack;
import net.voltlane.protocol.link3.Answer;
import net.voltlane.protocol.link3.Challenge;
import net.voltlane.protocol.link3.Close;
import net.voltlane.protocol.link3.Data;
import net.voltlane.protocol.link3.LinkCodec;
import net.voltlane.protocol.link3.LinkFrame;
import net.voltlane.protocol.link3.Open;
import net.voltlane.protocol.link3.Opened;
import net.voltlane.protocol.link3.Resume;
import net.voltlane.protocol.link3.Resumed;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.server.link.WireForm;
import net.voltlane.testkit.Bytes;
import org.jspecify.annotations.Nullable;

/** A client of version 3 on an {@link EdgeHarness}, of which a test says every step. */
final class EdgeClient3 {
    static final byte[] VERSION = Frame.of(new byte[] {1, 3});
    private static final byte[] NONCE = Bytes.utf8("thirty-two bytes of some client.");

    final EdgeHarness harness;
    final FakeChannel channel;
    final X25519KeyPair keys;
    final String from;
    /** The other side of this link's codec; null where its transport has none. */
    final @Nullable WireForm wire;

    long id;
    byte[] serverKey = {};
    /** The terms that the server has told last. */
    int heartbeatSecs;
    /** Bytes that came and that the test has not looked at yet. */
    private byte[] unseen = new byte[0];

    private EdgeClient3(EdgeHarness harness, X25519KeyPair keys, String from) {
        this.harness = harness;
        this.keys = keys;
        this.from = from;
        channel = harness.accept(from);
        wire = harness.wireForm();
        harness.run();
    }

    static EdgeClient3 connect(EdgeHarness harness) {
        return connect(harness, EdgeClient.HOME);
    }

    static EdgeClient3 connect(EdgeHarness harness, String from) {
        return new EdgeClient3(harness, X25519KeyPair.generate(EdgeHarness.RANDOM), from);
    }

    /** A client with a new session. */
    static EdgeClient3 open(EdgeHarness harness) {
        return connect(harness).open();
    }

    static EdgeClient3 open(EdgeHarness harness, String from) {
        return connect(harness, from).open();
    }

    /** Another link of the same client. */
    EdgeClient3 again() {
        return again(from);
    }

    EdgeClient3 again(String address) {
        EdgeClient3 link = new EdgeClient3(harness, keys, address);
        link.id = id;
        link.serverKey = serverKey;
        return link;
    }

    Open openFrame() {
        return new Open(keys.publicKey(), 0, new byte[0]);
    }

    EdgeClient3 open() {
        send(VERSION, LinkCodec.frame(openFrame()));
        return adopt();
    }

    /** Reads the server's Opened. */
    EdgeClient3 adopt() {
        Opened opened = expect(Opened.class);
        id = opened.id();
        serverKey = opened.serverKey();
        heartbeatSecs = opened.parameters().heartbeatSecs();
        return this;
    }

    Resume resumeFrame(long received, long kept) {
        return new Resume(id, received, kept, NONCE, 0);
    }

    /** The first half of a resume: sends Resume, and returns the right answer to the server's challenge. */
    Answer challenged(long received, long kept) {
        Resume resume = resumeFrame(received, kept);
        send(VERSION, LinkCodec.frame(resume));
        return answerTo(resume, expect(Challenge.class));
    }

    Answer answerTo(Resume resume, Challenge challenge) {
        return new Answer(key().clientProof(transcript(resume, challenge)));
    }

    static byte[] transcript(Resume resume, Challenge challenge) {
        return SessionKey.transcript(LinkCodec.encode(resume), LinkCodec.encode(challenge));
    }

    /** Resumes the session as a client that keeps nothing and has had nothing. */
    EdgeClient3 resume() {
        return resume(0, 1);
    }

    EdgeClient3 resume(long received, long kept) {
        Resume resume = resumeFrame(received, kept);
        send(VERSION, LinkCodec.frame(resume));
        Challenge challenge = expect(Challenge.class);
        Answer answer = answerTo(resume, challenge);
        send(answer);
        resumed(resume, challenge, answer);
        return this;
    }

    /** Reads the server's Resumed, and verifies its proof. */
    Resumed resumed(Resume resume, Challenge challenge, Answer answer) {
        Resumed resumed = expect(Resumed.class);
        byte[] behindProof = LinkCodec.behindProof(resumed.accepted(), resumed.parameters());
        assertThat(key().verifiesServer(transcript(resume, challenge), answer.proof(), behindProof, resumed.proof()))
                .as("the server proves itself")
                .isTrue();
        heartbeatSecs = resumed.parameters().heartbeatSecs();
        return resumed;
    }

    SessionKey key() {
        byte[] shared = keys.shared(serverKey);
        assertThat(shared).isNotNull();
        return SessionKey.derive(shared, id, keys.publicKey(), serverKey);
    }

    /** Sends bytes, and runs the loops. */
    void send(byte[]... parts) {
        byte[] frames = Bytes.concat(parts);
        channel.receives(wire == null ? frames : wire.seals(frames));
        harness.run();
    }

    void send(LinkFrame... frames) {
        send(Stream.of(frames).map(LinkCodec::frame).toArray(byte[][]::new));
    }

    /** The next frame; null if there is no whole one. */
    @Nullable
    LinkFrame next() {
        look();
        if (unseen.length < Frame.PREFIX_BYTES) {
            return null;
        }
        int end = Frame.PREFIX_BYTES + Frame.length(unseen, 0);
        if (end > unseen.length) {
            return null;
        }
        byte[] payload = Arrays.copyOfRange(unseen, Frame.PREFIX_BYTES, end);
        unseen = Arrays.copyOfRange(unseen, end, unseen.length);
        try {
            LinkFrame frame = LinkCodec.decode(payload);
            assertThat(frame).as("of a known type").isNotNull();
            return frame;
        } catch (MalformedPacketException e) {
            throw new AssertionError(e);
        }
    }

    <T extends LinkFrame> T expect(Class<T> what) {
        LinkFrame frame = next();
        assertThat(frame).as("waited for " + what.getSimpleName()).isInstanceOf(what);
        return what.cast(frame);
    }

    /** Close comes with this code, nothing comes behind it, and the link is closed. Frames before it are skipped. */
    Close expectClose(CloseCode code) {
        List<LinkFrame> before = new ArrayList<>();
        for (LinkFrame frame = next(); frame != null; frame = next()) {
            if (frame instanceof Close close) {
                assertThat(close.code()).as("Close, after %s", before).isEqualTo(code.code());
                assertThat(unseen).as("behind Close").isEmpty();
                assertThat(isClosed()).as("closed").isTrue();
                return close;
            }
            before.add(frame);
        }
        throw new AssertionError("no Close(" + code + "), but " + before);
    }

    /** The link is closed without another byte. */
    void expectBareClose() {
        assertThat(rest()).isEmpty();
        assertThat(isClosed()).isTrue();
    }

    /** The payloads of the Data frames that came. Acks among them are skipped. */
    List<byte[]> data() {
        List<byte[]> data = new ArrayList<>();
        for (LinkFrame frame = next(); frame != null; frame = next()) {
            if (frame instanceof Data one) {
                data.add(one.payload());
            } else {
                assertThat(frame).isInstanceOf(Ack.class);
            }
        }
        return data;
    }

    /** Everything that came and was not looked at yet. */
    byte[] rest() {
        look();
        byte[] all = unseen;
        unseen = new byte[0];
        return all;
    }

    private void look() {
        byte[] came = channel.taken();
        unseen = Bytes.concat(unseen, wire == null ? came : wire.opens(came));
    }

    /** The server has closed its half of the link, or all of it. */
    boolean isClosed() {
        return channel.isOutputShutdown();
    }
}
