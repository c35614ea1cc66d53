package net.voltlane.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import net.voltlane.client.ScriptedServer.Script;
import net.voltlane.proof.KeyPair;
import net.voltlane.proof.X25519KeyPair;
import net.voltlane.protocol.ProtocolVersion;
import net.voltlane.testkit.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests of which version of the protocol a client speaks with which server. */
@Timeout(60)
@ExtendWith({ThreadsLeft.class, SocketsLeft.class})
final class VersionChoiceTest extends Version3Client {

    /** A server of version 2: it hangs up at any other. */
    private static Script only2(long id) {
        return peer -> {
            if (peer.expect(ProtocolVersion.class).version() != 2) {
                peer.reset();
                return;
            }
            peer.send(new net.voltlane.protocol.PubKey(peer.keys.publicKey()));
            peer.expect(net.voltlane.protocol.PubKey.class);
            peer.send(new net.voltlane.protocol.ClientId(id));
            peer.stall();
        };
    }

    private ClientBuilder auto(ScriptedServer server) {
        return client(server).protocol(Protocol.AUTO);
    }

    @Test
    void version3ComesFirst() throws Exception {
        try (ScriptedServer server = ScriptedServer.of(opens(Version3Client::serve));
                VoltlaneClient client = auto(server).connect()) {
            assertThat(client.protocol()).isEqualTo(Protocol.V3);
            assertThat(server.links()).isEqualTo(1);
        }
    }

    @Test
    void aServerThatHangsUpIsAskedForVersion2AndRemembered() throws Exception {
        try (ScriptedServer server = ScriptedServer.of(only2(1))) {
            try (VoltlaneClient client = auto(server).connect()) {
                assertThat(client.protocol()).isEqualTo(Protocol.V2);
                assertThatThrownBy(() -> client.sendAcknowledged(new byte[1]))
                        .isInstanceOf(IllegalStateException.class);
                assertThat(client.unacknowledged()).isZero();
            }
            assertThat(server.links()).isEqualTo(2);
            auto(server).connect().close();
            assertThat(server.links()).isEqualTo(3);
            time.advance(Duration.ofHours(1));
            auto(server).connect().close();
            assertThat(server.links()).isEqualTo(5);
        }
    }

    @Test
    void aServerThatDoesNotServeVersion3IsAskedForVersion2() throws Exception {
        Script refuses = version3((link, peer) -> {
            link.askedToOpen(1);
            link.close(14, 0, "");
            peer.finish();
        });
        try (ScriptedServer server = ScriptedServer.of(refuses, only2(1));
                VoltlaneClient client = auto(server).connect()) {
            assertThat(client.protocol()).isEqualTo(Protocol.V2);
        }
    }

    @Test
    void version3AloneIsNotGivenUp() throws Exception {
        Script refuses = version3((link, peer) -> {
            link.askedToOpen(1);
            link.close(14, 0, "");
            peer.finish();
        });
        try (ScriptedServer server = ScriptedServer.of(refuses, only2(1))) {
            ClientException thrown =
                    (ClientException) catchThrowable(() -> client(server).connect());
            assertThat(thrown.reason()).isEqualTo(CloseReason.VERSION);
            assertThatThrownBy(() -> client(server).connect()).isInstanceOf(HungUpException.class);
        }
    }

    /** Neither a server that is silent nor one that has answered is asked for version 2. */
    @Test
    void otherFailuresAreNoReasonForVersion2() throws Exception {
        Script silent = version3((link, peer) -> peer.stall());
        Script hangsUpLate = version3((link, peer) -> {
            link.askedToOpen(1);
            link.raw(Bytes.hex("33"));
            peer.finish();
        });
        try (ScriptedServer server = ScriptedServer.of(silent, hangsUpLate)) {
            ClientBuilder client = auto(server).handshakeTimeout(Duration.ofMillis(100));
            assertThatThrownBy(client::connect).isInstanceOf(HandshakeTimeoutException.class);
            assertThatThrownBy(() -> auto(server).connect()).isInstanceOf(HungUpException.class);
            assertThat(server.links()).isEqualTo(2);
        }
    }

    /** An overloaded server hangs up too. One that has spoken version 3 is not taken for an old one at once. */
    @Test
    void aServerThatHasSpokenVersion3IsAskedForVersion2OnlyAfterAFewTimes() throws Exception {
        try (ScriptedServer server = ScriptedServer.of(opens(Version3Client::serve), only2(2))) {
            auto(server).connect().close();
            for (int i = 1; i < VersionMemory.HANG_UPS; i++) {
                assertThatThrownBy(() -> auto(server).connect()).isInstanceOf(HungUpException.class);
            }
            assertThat(server.links()).isEqualTo(VersionMemory.HANG_UPS);
            try (VoltlaneClient client = auto(server).connect()) {
                assertThat(client.protocol()).isEqualTo(Protocol.V2);
            }
        }
    }

    @Test
    void aServerThatHangsUpAtBothVersionsIsNotRemembered() throws Exception {
        Script hangsUp = peer -> {
            peer.expect(ProtocolVersion.class);
            peer.reset();
        };
        try (ScriptedServer server = ScriptedServer.of(hangsUp, hangsUp, opens(Version3Client::serve))) {
            assertThatThrownBy(() -> auto(server).connect()).isInstanceOf(HungUpException.class);
            assertThat(server.links()).isEqualTo(2);
            try (VoltlaneClient client = auto(server).connect()) {
                assertThat(client.protocol()).isEqualTo(Protocol.V3);
            }
        }
    }

    @Test
    void aPinnedKeyOfOneVersionRulesTheOtherOut() throws Exception {
        byte[] key3 = X25519KeyPair.generate(ScriptedServer.RANDOM).publicKey();
        try (ScriptedServer server = ScriptedServer.of(only2(1))) {
            assertThatThrownBy(() -> auto(server).serverKey(key3).connect()).isInstanceOf(HungUpException.class);
            assertThat(server.links()).isEqualTo(1);
            try (VoltlaneClient client =
                    auto(server).serverKey(server.keys.publicKey()).connect()) {
                assertThat(client.protocol()).isEqualTo(Protocol.V2);
            }
            assertThat(server.links()).isEqualTo(2);
            try (VoltlaneClient client = auto(server)
                    .serverKey(server.keys.publicKey())
                    .serverKey(key3)
                    .connect()) {
                assertThat(client.protocol()).isEqualTo(Protocol.V2);
            }
        }
    }

    @Test
    void credentialsRuleVersion2Out() throws Exception {
        try (ScriptedServer server = ScriptedServer.of(only2(1))) {
            assertThatThrownBy(
                            () -> auto(server).credentials(Bytes.utf8("token")).connect())
                    .isInstanceOf(HungUpException.class);
            assertThat(server.links()).isEqualTo(1);
        }
    }

    @Test
    void settingsThatContradictEachOtherAreNamed() {
        byte[] key2 = KeyPair.generate(ScriptedServer.RANDOM).publicKey();
        byte[] key3 = X25519KeyPair.generate(ScriptedServer.RANDOM).publicKey();
        ClientBuilder builder = VoltlaneClient.builder("localhost", 1).protocol(Protocol.V2);
        assertThatThrownBy(() -> builder.credentials(new byte[1]).connect())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("credentials:");
        assertThatThrownBy(() -> VoltlaneClient.builder("localhost", 1)
                        .protocol(Protocol.V3)
                        .serverKey(key2)
                        .connect())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("serverKey:");
        assertThatThrownBy(() -> VoltlaneClient.builder("localhost", 1)
                        .protocol(Protocol.V2)
                        .serverKey(key3)
                        .connect())
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> VoltlaneClient.builder("localhost", 1)
                        .protocol(Protocol.AUTO)
                        .serverKey(key2)
                        .credentials(new byte[1])
                        .connect())
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> builder.credentials(new byte[4097])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.heartbeat(Duration.ofMillis(1500)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("heartbeat: PT1.5S (expected: 0 to 65535 whole seconds)");
    }

    /** A server that went back to version 2: the old session is gone, and the new one is of version 2. */
    @Test
    void aNewSessionMayBeOfAnotherVersion() throws Exception {
        Script hangsUp = asked((link, peer) -> peer.finish());
        Script first = opens((link, peer) -> {
            link.nextData();
            peer.reset();
        });
        Script second = peer -> {
            Peer.Session opened = peer.open(2);
            assertThat(opened.id()).isEqualTo(2);
            peer.data(peer.receive());
            peer.stall();
        };
        Script refuses14 = version3((link, peer) -> {
            link.askedToOpen(1);
            link.close(14, 0, "");
            peer.finish();
        });
        Script refuses2 = asked((link, peer) -> {
            link.close(14, 0, "");
            peer.finish();
        });
        try (ScriptedServer server = ScriptedServer.of(
                        first, hangsUp, refuses2, refuses2, refuses2, refuses2, refuses2, refuses14, second);
                VoltlaneClient client = auto(server).newSessionWhenGone(true).connect()) {
            client.send(Bytes.utf8("1"));
            events.until("gone 1");
            events.until("connected new");
            assertThat(client.protocol()).isEqualTo(Protocol.V2);
            client.send(Bytes.utf8("2"));
            assertThat(client.receive(LONG)).isEqualTo(Bytes.utf8("2"));
        }
    }
}
