package net.voltlane.server.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The time since a peer's last data, asked of this machine's kernel on each transport. */
@ExtendWith(LeakCheck.class)
final class PeerSilenceTest {
    static List<SocketKinds> all() {
        return SocketKinds.here();
    }

    @ParameterizedTest
    @MethodSource("all")
    void anOpenChannelHasOneWhereTheTransportCanTell(SocketKinds transport) throws Exception {
        try (AcceptedSocket socket = AcceptedSocket.open(transport)) {
            Duration silence = socket.onLoop(() -> PeerSilence.of(socket.channel));
            if (transport.name().equals("nio")) {
                assertThat(silence).isNull();
            } else {
                assertThat(silence).isBetween(Duration.ZERO, Duration.ofMinutes(1));
            }
        }
    }

    /** The kernel gives the next connection the lowest descriptor that is free. */
    @ParameterizedTest
    @MethodSource("all")
    void aClosedChannelHasNotThatOfTheNextConnection(SocketKinds transport) throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                AcceptedSocket closed = AcceptedSocket.open(transport)) {
            closed.channel.close().sync();
            try (Socket next = new Socket(listener.getInetAddress(), listener.getLocalPort())) {
                assertThat(next.isConnected()).isTrue();
                assertThat(PeerSilence.of(closed.channel)).isNull();
            }
        }
    }
}
