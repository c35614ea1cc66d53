package net.voltlane.backend;

import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.util.List;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.Reason;
import net.voltlane.protocol.Tag;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.ScriptedConnectionServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests of the packets on the firehose of one connection server. */
@Timeout(30)
class PacketsTest {

    private static final int MAX_FRAME_BYTES = 1_000_000;

    /**
     * A recorder that also answers. A capital E asks for an exception, and a capital I for an interrupt that stays set.
     */
    private final Recorder recorder = new Recorder() {
        @Override
        public void data(Session session, byte[] data) {
            super.data(session, data);
            switch (Bytes.text(data)) {
                case "E" -> throw new IllegalStateException("on purpose");
                case "I" -> Thread.currentThread().interrupt();
                default -> session.send(data);
            }
        }
    };

    private TestBackend it;
    private ScriptedConnectionServer server;

    @BeforeEach
    void start() throws Exception {
        it = TestBackend.listen(recorder, BackendOptions.DEFAULT.withMaxFrameBytes(MAX_FRAME_BYTES));
        server = it.dial();
        recorder.expect("attached");
    }

    @AfterEach
    void close() {
        it.close();
    }

    @Test
    void dataReachesItsSessionAndCanBeAnswered() throws Exception {
        server.data(7, utf8("hello"));
        server.data(-1, utf8(""));
        server.data(7, utf8("again"));

        recorder.expect("7 started", "7 data hello", "-1 started", "-1 data ", "7 data again");
        assertThat(server.dataFor(7)).isEqualTo(utf8("hello"));
        assertThat(server.dataFor(-1)).isEmpty();
        assertThat(server.dataFor(7)).isEqualTo(utf8("again"));
    }

    @Test
    void framesMayComeByteByByteOrManyAtOnce() throws Exception {
        byte[] two = Bytes.concat(data(7, "a"), data(8, "b"));
        server.drip(two);
        server.write(two, two);

        recorder.expect("7 started", "7 data a", "8 started", "8 data b");
        recorder.expect("7 data a", "8 data b", "7 data a", "8 data b");
    }

    @Test
    void aPacketMayBeAsLongAsTheLimit() throws Exception {
        byte[] large = Bytes.numbered(1, MAX_FRAME_BYTES - Tag.BYTES);
        server.write(data(7, "a"), Tag.frame(7, Flag.DATA, large), data(7, "b"));

        assertThat(server.dataFor(7)).isEqualTo(utf8("a"));
        assertThat(server.dataFor(7)).isEqualTo(large);
        assertThat(server.dataFor(7)).isEqualTo(utf8("b"));
    }

    @Test
    void manySmallPacketsAfterALargeOneAreStillWhole() {
        byte[] large = Bytes.numbered(1, MAX_FRAME_BYTES - Tag.BYTES);
        server.data(7, large);
        server.dataFor(7);
        for (int i = 0; i < 200; i++) { // more reads than it takes for the buffer to shrink
            server.data(7, Bytes.numbered(i, 100));
            assertThat(Bytes.number(server.dataFor(7))).isEqualTo(i);
        }
    }

    @Test
    void invalidPacketsAreCountedAndSkipped() throws Exception {
        server.write(
                data(7, "a"),
                Frame.of(new byte[0]),
                Frame.of(new byte[8]),
                Frame.of(new byte[] {7, 0, 0, 0, 0, 0, 0, 0, 4, 1}),
                Frame.of(new byte[] {7, 0, 0, 0, 0, 0, 0, 0, -1}),
                Tag.frame(7, Flag.KICK, new byte[0]),
                data(7, "b"));

        recorder.expect("7 started", "7 data a", "7 data b");
        assertThat(it.backend.stats().malformed()).isEqualTo(5);
        assertThat(recorder.firehose().isOpen()).isTrue();
    }

    @Test
    void aFrameOverTheLimitCutsThatFirehoseAlone() throws Exception {
        ScriptedConnectionServer other = it.dial();
        recorder.expect("attached");
        server.write(data(7, "a"), Bytes.hex("41420f00")); // a million and one

        recorder.skipTo("detached: sent a frame over the limit of 1000000 bytes");
        server.readUntilClosed();
        other.data(8, utf8("b"));
        assertThat(other.dataFor(8)).isEqualTo(utf8("b"));
        assertThat(it.backend.stats().malformed()).isEqualTo(1);
    }

    @Test
    void aLengthThatIsNegativeInJavaIsOverTheLimit() throws Exception {
        server.write(new byte[] {-1, -1, -1, -1});
        recorder.expect("detached: sent a frame over the limit of 1000000 bytes");
    }

    @Test
    void aLongerPacketThanServersTakeIsNotSent() throws Exception {
        Session session = begin(7);
        byte[] tooLong = new byte[MAX_FRAME_BYTES - Tag.BYTES + 1];
        assertThatIllegalArgumentException().isThrownBy(() -> session.send(tooLong));
        assertThatIllegalArgumentException().isThrownBy(() -> session.trySend(ByteBuffer.wrap(tooLong)));
        assertThat(session.send(tooLong, 1, tooLong.length - 1)).isTrue();
        assertThat(server.dataFor(7)).hasSize(tooLong.length - 1);
    }

    @ParameterizedTest
    @EnumSource(Reason.class)
    void aFailureEndsTheSessionWhateverTheReason(Reason reason) throws Exception {
        Session session = begin(7);
        server.failure(7, reason.text());

        recorder.expect("7 ended: " + reason.text());
        assertThat(session.isOpen()).isFalse();
        assertThat(session.send(utf8("too late"))).isFalse();
        assertThat(it.backend.sessions()).isEmpty();
    }

    @Test
    void aReasonThatIsNewerThanThisLibraryIsAnEndAsWell() throws Exception {
        begin(7);
        server.failure(7, "Client abducted");
        recorder.expect("7 ended: Client abducted");
    }

    @Test
    void theFailureOfAnUnknownSessionIsIgnored() throws Exception {
        begin(7);
        server.failure(7, "Client kicked");
        server.failure(7, "Client not found");
        server.failure(8, "Client disconnected");
        server.data(9, utf8("a"));
        recorder.expect("7 ended: Client kicked", "9 started", "9 data a");
    }

    @Test
    void anIdThatComesAgainAfterItsEndIsANewSession() throws Exception {
        Session old = begin(7);
        server.failure(7, "Client kicked");
        recorder.expect("7 ended: Client kicked");
        assertThat(begin(7)).isNotSameAs(old);
    }

    @Test
    void aReconnectionIsToldOfWhetherTheSessionIsKnownOrNot() throws Exception {
        Session session = begin(7);
        server.reconnection(7);
        server.reconnection(7);
        server.reconnection(8);
        server.data(8, utf8("a"));
        recorder.expect("7 reconnected", "7 reconnected", "8 started", "8 reconnected", "8 data a");
        assertThat(it.backend.session(7)).isSameAs(session);
    }

    @Test
    void exceptionsOfAHandlerEndNothingAndAreReported() throws Exception {
        Session session = begin(7);
        server.data(7, utf8("E"));
        server.data(7, utf8("after"));
        recorder.expect("7 data E", "failed: on purpose", "7 data after");
        assertThat(session.isOpen()).isTrue();
        assertThat(it.backend.stats().handlerFailures()).isEqualTo(1);
    }

    @Test
    void anInterruptThatAHandlerLeavesBehindEndsNothing() throws Exception {
        begin(7);
        server.data(7, utf8("I"));
        recorder.expect("7 data I");
        server.data(7, utf8("after"));
        recorder.expect("7 data after");
        assertThat(server.dataFor(7)).isEqualTo(utf8("after"));
    }

    @Test
    void aKickIsSentBehindTheDataAndNothingAfterIt() throws Exception {
        Session session = begin(7);
        assertThat(session.send(utf8("bye"))).isTrue();
        assertThat(session.kick()).isTrue();
        assertThat(session.isOpen()).isFalse();
        assertThat(session.kick()).isFalse();
        assertThat(session.send(utf8("too late"))).isFalse();

        assertThat(server.dataFor(7)).isEqualTo(utf8("bye"));
        server.expectKick(7);
        server.data(7, utf8("I")); // was on its way when the session ended
        server.failure(7, "Client kicked");
        recorder.expect("7 data I", "7 ended: Client kicked");
    }

    @Test
    void onePacketGoesToMany() throws Exception {
        Session seven = begin(7);
        Session eight = begin(8);
        Session gone = begin(9);
        server.failure(9, "Client kicked");
        recorder.expect("9 ended: Client kicked");

        assertThat(it.backend.send(List.of(seven, gone, eight), utf8("all"))).isEqualTo(2);
        assertThat(it.backend.trySend(List.of(eight, seven), utf8("all"))).isEqualTo(2);

        assertThat(server.dataFor(7)).isEqualTo(utf8("all"));
        assertThat(server.dataFor(8)).isEqualTo(utf8("all"));
        assertThat(server.dataFor(8)).isEqualTo(utf8("all"));
        assertThat(server.dataFor(7)).isEqualTo(utf8("all"));
    }

    @Test
    void aSessionKeepsWhatTheApplicationAttaches() throws Exception {
        Session session = begin(7);
        assertThat(session.attachment()).isNull();
        assertThat(session.attachment(String.class)).isNull();
        session.attach("Ada");
        assertThat(session.attachment(String.class)).isEqualTo("Ada");
        assertThat(it.backend.session(7)).extracting(Session::attachment).isEqualTo("Ada");
    }

    @Test
    void theBackendCountsWhatComesAndGoes() throws Exception {
        begin(7);
        begin(8);
        server.data(8, utf8("x"));
        server.dataFor(8);
        await().untilAsserted(() ->
                assertThat(it.backend.stats()).isEqualTo(new BackendStats(1, 2, 0, 3, 3 - 2, 0, 0, 0, 0, 0, 0)));
    }

    /** Returns a session whose client has sent {@code I}, which is not answered. */
    private Session begin(long id) throws Exception {
        server.data(id, utf8("I"));
        recorder.expect(id + " started", id + " data I");
        return recorder.session();
    }

    private static byte[] data(long id, String text) {
        return Tag.frame(id, Flag.DATA, utf8(text));
    }
}
