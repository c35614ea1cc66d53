package net.voltlane.backend;

import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Tag;
import net.voltlane.testkit.ScriptedConnectionServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Tests with several connection servers at once. */
@Timeout(30)
class SeveralServersTest {

    private final Recorder recorder = new Recorder();
    private TestBackend it;

    @AfterEach
    void close() {
        if (it != null) {
            it.close();
        }
    }

    @Test
    void theSameIdOnTwoServersIsTwoSessions() throws Exception {
        it = TestBackend.listen(recorder);
        ScriptedConnectionServer one = attach();
        ScriptedConnectionServer two = attach();
        one.data(7, utf8("from one"));
        recorder.expect("7 started", "7 data from one");
        two.data(7, utf8("from two"));
        recorder.expect("7 started", "7 data from two");
        Session ofOne = recorder.session();
        Session ofTwo = recorder.session();

        assertThat(ofOne).isNotSameAs(ofTwo);
        assertThat(ofOne.firehose()).isNotSameAs(ofTwo.firehose());
        assertThat(ofOne.firehose().session(7)).isSameAs(ofOne);
        assertThat(ofTwo.firehose().sessions()).containsExactly(ofTwo);
        assertThat(it.backend.sessions()).containsExactlyInAnyOrder(ofOne, ofTwo);
        assertThat(it.backend.session(7)).isSameAs(ofTwo);

        it.backend.send(List.of(ofOne, ofTwo), utf8("to both"));
        ofOne.send(utf8("to one"));
        ofTwo.send(utf8("to two"));
        assertThat(one.dataFor(7)).isEqualTo(utf8("to both"));
        assertThat(one.dataFor(7)).isEqualTo(utf8("to one"));
        assertThat(two.dataFor(7)).isEqualTo(utf8("to both"));
        assertThat(two.dataFor(7)).isEqualTo(utf8("to two"));

        two.failure(7, "Client kicked");
        recorder.expect("7 ended: Client kicked");
        assertThat(ofOne.isOpen()).isTrue();
        assertThat(ofTwo.isOpen()).isFalse();
    }

    @Test
    void aServerThatAnnouncesAnIdOfAnotherOnTheSameHostDoesNotTakeItsSession() throws Exception {
        it = TestBackend.listen(recorder);
        ScriptedConnectionServer one = attach();
        one.data(7, utf8("a"));
        recorder.expect("7 started", "7 data a");
        Session ofOne = recorder.session();
        ScriptedConnectionServer two = attach();
        one.data(7, utf8("b"));
        recorder.expect("7 data b");

        two.failure(7, "Client not found");
        two.reconnection(7);

        recorder.expect("7 started", "7 reconnected");
        assertThat(recorder.session()).isNotSameAs(ofOne);
        assertThat(it.backend.firehoses()).hasSize(2);
        one.data(7, utf8("c"));
        recorder.expect("7 data c");
        assertThat(ofOne.isOpen()).isTrue();
        assertThat(ofOne.send(utf8("to one"))).isTrue();
        assertThat(one.dataFor(7)).isEqualTo(utf8("to one"));
    }

    @Test
    void theLossOfOneIsNotFeltByTheOther() throws Exception {
        it = TestBackend.listen(recorder);
        ScriptedConnectionServer one = attach();
        ScriptedConnectionServer two = attach();
        two.data(8, utf8("a"));
        recorder.expect("8 started", "8 data a");
        one.cut();
        assertThat(recorder.next()).startsWith("detached: ");
        assertThat(recorder.session().isAway()).isFalse();
        assertThat(it.backend.firehoses()).hasSize(1);
        two.data(8, utf8("b"));
        recorder.expect("8 data b");
    }

    @Test
    void moreThanAreAllowedAreRefused() throws Exception {
        it = TestBackend.listen(recorder, BackendOptions.DEFAULT.withMaxFirehoses(1));
        ScriptedConnectionServer one = attach();
        one.data(8, utf8("a"));
        recorder.expect("8 started", "8 data a");
        assertThat(it.dial().readUntilClosed().rest()).isEmpty();
        one.data(8, utf8("b"));
        recorder.expect("8 data b");
        assertThat(it.backend.stats().refusedFirehoses()).isEqualTo(1);
        assertThat(it.backend.stats().displacedFirehoses()).isZero();
    }

    /** The socket has no address of its own, and the limits treat it as one of loopback. */
    @Test
    void aRefusedServerOnAUnixSocketIsNamedAsThatInTheLog(@TempDir Path folder) throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger(VoltlaneBackend.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.setLevel(Level.WARN);
        logger.setAdditive(false);
        logger.addAppender(lines);
        Path file = folder.resolve("it.sock");
        try (VoltlaneBackend backend =
                        VoltlaneBackend.listen("unix:" + file, recorder, BackendOptions.DEFAULT.withMaxFirehoses(1));
                SocketChannel one = SocketChannel.open(UnixDomainSocketAddress.of(file))) {
            one.write(ByteBuffer.wrap(Tag.frame(8, Flag.DATA, utf8("a"))));
            recorder.expect("attached", "8 started", "8 data a");
            try (SocketChannel two = SocketChannel.open(UnixDomainSocketAddress.of(file))) {
                assertThat(two.read(ByteBuffer.allocate(1))).isEqualTo(-1);
            }
            assertThat(backend.stats().refusedFirehoses()).isEqualTo(1);
        } finally {
            logger.detachAppender(lines);
            logger.setAdditive(true);
            logger.setLevel(null);
        }
        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("Connections or sessions found no room: 1; the last: a connection from a Unix socket"
                        + " was refused: there are 1 (maxFirehoses)");
    }

    @Test
    void theApplicationMayCutAFirehose() throws Exception {
        it = TestBackend.listen(recorder);
        ScriptedConnectionServer one = attach();
        Firehose firehose = recorder.firehose();
        assertThat(firehose.peer().getAddress().isLoopbackAddress()).isTrue();
        assertThat(firehose.number()).isEqualTo(1);

        firehose.close();

        one.readUntilClosed();
        recorder.expect("detached: closed by the application");
    }

    private ScriptedConnectionServer attach() throws Exception {
        ScriptedConnectionServer server = it.dial();
        recorder.expect("attached");
        return server;
    }
}
