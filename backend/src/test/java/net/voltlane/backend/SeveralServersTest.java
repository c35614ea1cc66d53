package net.voltlane.backend;

import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.voltlane.testkit.ScriptedConnectionServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests with several connection servers at once. */
@Timeout(30)
class SeveralServersTest {

    private final Recorder recorder = new Recorder();
    private TestBackend it;

    @AfterEach
    void close() {
        it.close();
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
