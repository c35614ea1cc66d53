package net.voltlane.cli.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import net.voltlane.protocol.HandshakeCodec;
import net.voltlane.protocol.ProtocolVersion;
import net.voltlane.protocol.PubKey;
import net.voltlane.protocol.firehose3.Attributes;
import net.voltlane.protocol.firehose3.FirehoseMessage;
import net.voltlane.protocol.firehose3.Hello;
import net.voltlane.protocol.firehose3.MessageCodec;
import net.voltlane.protocol.firehose3.Suspended;
import net.voltlane.protocol.firehose3.Welcome;
import net.voltlane.protocol.link3.Ack;
import net.voltlane.protocol.link3.Data;
import net.voltlane.protocol.link3.LinkCodec;
import net.voltlane.protocol.link3.LinkFrame;
import net.voltlane.protocol.link3.Open;
import net.voltlane.protocol.link3.Opened;
import net.voltlane.protocol.link3.Parameters;
import net.voltlane.protocol.link3.Resume;
import net.voltlane.protocol.link3.Resumed;
import org.junit.jupiter.api.Test;

/** The counting of messages that lay in dead buffers. */
class TapsTest {

    private static final byte[] KEY = new byte[32];
    private static final Parameters PARAMETERS = new Parameters(20, 1000, 300);
    private static final byte[] SERVER = {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    private static final byte[] BACKEND = {2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    private static final byte[] NONE = new byte[16];

    private final Map<Long, LinkTap.Session> sessions = new HashMap<>();
    private final FirehoseTap.Directions directions = new FirehoseTap.Directions();
    private long toDialled;
    private long toDialler;
    private int resumed;

    private final Losses losses = new Losses() {
        @Override
        public void cut() {}

        @Override
        public void resumed() {
            resumed++;
        }

        @Override
        public void lay(long more, long alsoMore) {
            toDialled += more;
            toDialler += alsoMore;
        }
    };

    private Tap tap = new LinkTap(sessions, losses);

    private void up(LinkFrame... frames) {
        for (LinkFrame frame : frames) {
            tap.fromDialler(ByteBuffer.wrap(LinkCodec.frame(frame)));
        }
    }

    private void down(LinkFrame... frames) {
        for (LinkFrame frame : frames) {
            tap.fromDialled(ByteBuffer.wrap(LinkCodec.frame(frame)));
        }
    }

    private void version(int version) {
        tap.fromDialler(ByteBuffer.wrap(HandshakeCodec.frame(new ProtocolVersion(version))));
    }

    private static Data data() {
        return new Data(new byte[100]);
    }

    private void opened() {
        version(3);
        up(new Open(KEY, 0, new byte[0]));
        down(new Opened(KEY, 9, PARAMETERS));
    }

    private void resume(long received, long accepted) {
        tap = new LinkTap(sessions, losses);
        version(3);
        up(new Resume(9, received, 1, KEY, 0));
        down(new Resumed(KEY, accepted, PARAMETERS));
    }

    @Test
    void aResumeTellsWhatLayInTheBuffersOfTheLinkBefore() {
        opened();
        up(data(), data(), data(), new Ack(1));
        down(data(), new Ack(2), data());

        resume(1, 2);

        assertThat(toDialled).isEqualTo(1);
        assertThat(toDialler).isEqualTo(1);
        assertThat(resumed).isEqualTo(1);

        up(data(), data());
        down(data());
        resume(2, 4);

        assertThat(toDialled).isEqualTo(1);
        assertThat(toDialler).isEqualTo(1);
    }

    @Test
    void anAttemptThatFailsLosesNoCount() {
        opened();
        up(data());
        down(data(), data(), data());
        tap = new LinkTap(sessions, losses);
        version(3);
        up(new Resume(9, 1, 1, KEY, 0));

        resume(1, 0);

        assertThat(toDialled).isEqualTo(1);
        assertThat(toDialler).isEqualTo(2);
        assertThat(resumed).isEqualTo(1);
    }

    @Test
    void aLinkIsLiveWhenTheClientSpeaksAfterTheServerHasAnswered() {
        version(3);
        up(new Open(KEY, 0, new byte[0]), data());
        assertThat(tap.isLive()).isFalse();
        down(new Opened(KEY, 9, PARAMETERS));
        assertThat(tap.isLive()).isFalse();
        up(data());
        assertThat(tap.isLive()).isTrue();
    }

    @Test
    void aLinkOfVersion2IsLiveWithTheFirstMessage() {
        version(2);
        tap.fromDialler(ByteBuffer.wrap(HandshakeCodec.frame(new PubKey(new byte[33]))));
        down(data(), data());
        assertThat(tap.isLive()).isFalse();
        up(data());
        assertThat(tap.isLive()).isTrue();
        assertThat(sessions).isEmpty();
    }

    // ---- firehose

    private void fromServer(long id, FirehoseMessage message) {
        tap.fromDialler(ByteBuffer.wrap(MessageCodec.frame(id, message)));
    }

    private void fromBackend(long id, FirehoseMessage message) {
        tap.fromDialled(ByteBuffer.wrap(MessageCodec.frame(id, message)));
    }

    private void hello(byte[] backend, long receivedByServer, long receivedByBackend) {
        tap = new FirehoseTap(directions, losses);
        fromServer(0, new Hello(3, SERVER, backend, receivedByServer, Attributes.EMPTY));
        assertThat(tap.isLive()).isFalse();
        fromBackend(0, new Welcome(3, BACKEND, receivedByBackend, 0, Attributes.EMPTY));
    }

    private static FirehoseMessage message() {
        return new net.voltlane.protocol.firehose3.Data(new byte[100]);
    }

    @Test
    void helloAndWelcomeTellWhatLayInTheBuffersOfTheFirehoseBefore() {
        hello(NONE, 0, 0);
        fromServer(7, message());
        fromServer(7, new Suspended("link lost"));
        fromServer(8, message());
        fromServer(8, message());
        fromBackend(7, message());
        fromBackend(0, new net.voltlane.protocol.firehose3.Ack(1));
        fromBackend(8, message());

        hello(BACKEND, 1, 1);

        assertThat(toDialled).as("the second packet is no message").isEqualTo(2);
        assertThat(toDialler).isEqualTo(1);
        assertThat(resumed).isEqualTo(1);
    }

    @Test
    void theFirstFirehoseResumesNothing() {
        hello(NONE, 0, 0);
        assertThat(resumed).isZero();
        assertThat(toDialled + toDialler).isZero();
    }

    @Test
    void aFirehoseIsLiveWhenTheServerSpeaksAfterTheWelcome() {
        hello(NONE, 0, 0);
        assertThat(tap.isLive()).isFalse();
        fromServer(7, message());
        assertThat(tap.isLive()).isTrue();
    }

    @Test
    void aFirehoseOfVersion2IsLiveWithTheFirstPacket() {
        tap = new FirehoseTap(directions, losses);
        fromServer(7, message());
        assertThat(tap.isLive()).isTrue();
    }
}
