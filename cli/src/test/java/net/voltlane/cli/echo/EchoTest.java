package net.voltlane.cli.echo;

import static org.assertj.core.api.Assertions.assertThat;

import net.voltlane.backend.VoltlaneBackend;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Tag;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.Ports;
import net.voltlane.testkit.ScriptedConnectionServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EchoTest {

    private VoltlaneBackend backend;
    private ScriptedConnectionServer server;

    @BeforeEach
    void start() throws Exception {
        backend = VoltlaneBackend.listen(Ports.loopback(0), new Echo(), Echo.OPTIONS);
        server = ScriptedConnectionServer.dial(backend.address());
    }

    @AfterEach
    void stop() {
        server.close();
        backend.close();
    }

    @Test
    void dataComesBackToWhoeverHasSentItAndNothingElseDoes() {
        byte[] longerThanCommonServersTake = Bytes.numbered(1, 9_000_000);
        server.data(7, Bytes.utf8("hello"));
        server.reconnection(8);
        server.data(8, new byte[0]);
        server.send(8, Flag.KICK, new byte[0]);
        server.failure(8, "Client disconnected");
        assertThat(server.dataFor(7)).isEqualTo(Bytes.utf8("hello"));
        assertThat(server.dataFor(8)).isEmpty();

        server.write(Tag.frame(7, Flag.DATA, longerThanCommonServersTake));
        assertThat(server.dataFor(7)).isEqualTo(longerThanCommonServersTake);
    }
}
