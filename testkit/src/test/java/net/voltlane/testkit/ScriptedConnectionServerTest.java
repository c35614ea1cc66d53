package net.voltlane.testkit;

import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import net.voltlane.protocol.FirehosePacket;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.Reason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Against a scripted master. */
class ScriptedConnectionServerTest {

    private final ScriptedMaster master = ScriptedMaster.listen();
    private final ScriptedConnectionServer server = ScriptedConnectionServer.dial(master.address());

    @AfterEach
    void close() {
        server.close();
        master.close();
    }

    @Test
    void itSaysWhatAServerSays() {
        server.data(7, utf8("a"));
        server.reconnection(7);
        server.failure(7, Reason.CLIENT_KICKED.text());
        assertThat(master.dataOf(7)).isEqualTo(utf8("a"));
        master.expectReconnection(7);
        master.expectFailure(7, Reason.CLIENT_KICKED);
    }

    @Test
    void itHearsWhatABackendSays() {
        master.send(7, utf8("a"));
        master.send(8, Flag.RECONNECTION, utf8("odd"));
        master.kick(7);
        assertThat(server.dataFor(7)).isEqualTo(utf8("a"));
        assertThat(server.next()).isEqualTo(new FirehosePacket(8, Flag.RECONNECTION, utf8("odd")));
        server.expectKick(7);
        server.expectSilence(Duration.ofMillis(10));
    }

    @Test
    void whatItDoesNotExpectIsAFailure() {
        master.send(8, utf8("a"));
        master.send(7, utf8("a"));
        master.write(Frame.of(new byte[3]));
        assertThatThrownBy(() -> server.dataFor(7)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> server.expectKick(7)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(server::next).isInstanceOf(AssertionError.class).hasMessageContaining("3 bytes");
        master.firehose().close();
        assertThatThrownBy(server::next).isInstanceOf(LinkEnded.class);
    }
}
