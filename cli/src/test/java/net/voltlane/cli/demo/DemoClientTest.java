package net.voltlane.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.Selector;
import java.security.SecureRandom;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import net.voltlane.protocol.ClientId;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.HandshakeCodec;
import net.voltlane.protocol.PubKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a server that misbehaves: a demo that can't fail shows nothing. The client's clock is moved by hand. */
@Timeout(30)
class DemoClientTest {

    private static final int NUMBER = 5;
    private static final long END = 1_000_000_000_000L;

    private final Tally tally = new Tally();
    private ServerSocket listener;
    private Selector selector;
    private DemoClient client;
    private Socket server;
    private long nowNanos;

    @BeforeEach
    void connect() throws IOException {
        listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        selector = Selector.open();
        Plan plan = new Plan(0, Long.MAX_VALUE, 1, 1, END);
        client = new DemoClient(
                NUMBER,
                plan,
                new Stage(
                        (InetSocketAddress) listener.getLocalSocketAddress(),
                        selector,
                        (id, data) -> false,
                        tally,
                        new SecureRandom(),
                        new SplittableRandom(1)));
        client.tick(nowNanos++);
        server = listener.accept();
        write(HandshakeCodec.frame(new PubKey(new byte[33])), HandshakeCodec.frame(new ClientId(9)));
        until(() -> tally.connected == 1);
        readFrame(); // ProtocolVersion
        readFrame(); // PubKey
    }

    @AfterEach
    void close() throws IOException {
        client.leave();
        server.close();
        listener.close();
        selector.close();
    }

    @Test
    void anEchoInOrderIsCounted() throws IOException {
        byte[] message = said();
        write(Frame.of(message));
        until(() -> tally.echoed == 1);

        assertThat(tally.mixedUp).isZero();
        assertThat(tally.latencyNanos(1)).isPositive();
        assertThat(client.isSettled(nowNanos)).isTrue();
    }

    @Test
    void anEchoThatDoesNotComeIsLost() throws IOException {
        said();
        write(Frame.of(said()));
        until(() -> tally.mixedUp == 1);

        assertThat(client.isSettled(nowNanos)).isFalse();
        client.leave();
        assertThat(tally.lost).isEqualTo(2);
    }

    @Test
    void anEchoThatComesTwiceIsMixedUp() throws IOException {
        byte[] message = said();
        write(Frame.of(message), Frame.of(message));
        until(() -> tally.mixedUp == 1);

        assertThat(tally.echoed).isEqualTo(1);
    }

    @Test
    void anotherClientsMessageIsMixedUp() throws IOException {
        said();
        write(Frame.of(new Message(Message.Kind.ECHO, NUMBER + 1, 0, 0).encode(3)));
        until(() -> tally.mixedUp == 1);

        assertThat(tally.echoed).isZero();
    }

    @Test
    void aDamagedMessageIsMixedUp() throws IOException {
        byte[] message = new Message(Message.Kind.ECHO, NUMBER, 0, 0).encode(3);
        message[message.length - 1]++;
        said();
        write(Frame.of(message));
        until(() -> tally.mixedUp == 1);

        assertThat(tally.echoed).isZero();
    }

    @Test
    void newsOutOfOrderIsMixedUp() throws IOException {
        write(Frame.of(new Message(Message.Kind.NEWS, NUMBER, 1, 0).encode(0)));
        until(() -> tally.mixedUp == 1);

        assertThat(tally.newsReceived).isZero();
    }

    @Test
    void aConnectionThatTheServerClosesIsAFailure() throws IOException {
        server.close();
        until(() -> tally.failures() == 1);

        assertThat(tally.firstFailure()).startsWith("client 5, talking: ");
        assertThat(client.isSettled(nowNanos)).isTrue();
    }

    /** Lets the client say something, and returns it. */
    private byte[] said() throws IOException {
        long before = tally.sent;
        nowNanos += 10;
        client.tick(nowNanos);
        assertThat(tally.sent).isEqualTo(before + 1);
        return readFrame();
    }

    private byte[] readFrame() throws IOException {
        DataInputStream in = new DataInputStream(server.getInputStream());
        byte[] prefix = new byte[Frame.PREFIX_BYTES];
        in.readFully(prefix);
        byte[] payload = new byte[Frame.length(prefix, 0)];
        in.readFully(payload);
        return payload;
    }

    private void write(byte[]... frames) throws IOException {
        for (byte[] frame : frames) {
            server.getOutputStream().write(frame);
        }
    }

    private void until(BooleanSupplier condition) throws IOException {
        while (!condition.getAsBoolean()) {
            nowNanos++;
            selector.select(key -> client.ready(nowNanos));
        }
    }
}
