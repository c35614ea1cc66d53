package net.voltlane.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.voltlane.client.Connector.Connected;
import net.voltlane.client.SendStore.Packet;
import net.voltlane.client.Server3Oracle.Outcome;
import net.voltlane.client.Server3Oracle.Progress;
import net.voltlane.fuzz.Script;
import net.voltlane.proof.X25519KeyPair;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.QueueBounds;
import net.voltlane.protocol.link3.Parameters;
import org.jspecify.annotations.Nullable;

/**
 * Fuzzes the client's end of a link of version 3: any bytes from the server, up to its FIN, on a real socket.
 * {@link Server3Oracle} says which packets the program gets, which of its own are acknowledged, and how the link ends.
 *
 * <p>An input: how far the client got, and what the server says.
 */
final class Server3FuzzTest {
    private static final int SENT_PACKETS = 3;
    private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(20);
    /** More would not fit into the buffers of a socket that nobody reads meanwhile. */
    private static final int MAX_BYTES = 60_000;

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Parameters TERMS = new Parameters(20, 1000, 300);
    private static final SessionState STATE = new SessionState(
            7,
            Version3State.fresh(X25519KeyPair.generate(RANDOM)),
            X25519KeyPair.generate(RANDOM).publicKey());

    @FuzzTest
    void anyServer(byte[] input) throws Exception {
        Script script = new Script(input);
        Progress progress = script.choice(Progress.class);
        byte[] bytes = script.rest();
        if (bytes.length > MAX_BYTES) {
            return;
        }
        Server3Oracle expected = new Server3Oracle(progress, bytes, SENT_PACKETS);
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Link link = Link.unconnected(
                    List.of(new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort())), TIMEOUT_NANOS);
            link.connect(TIMEOUT_NANOS);
            try (Socket server = listener.accept()) {
                server.getOutputStream().write(bytes);
                server.shutdownOutput();
                new Run(progress, link).check(expected);
            } finally {
                link.close();
            }
        }
    }

    /** A client on one link. */
    private static final class Run {
        private final Progress progress;
        private final Link link;
        private final List<byte[]> data = new ArrayList<>();
        private @Nullable Version3Session session;

        Run(Progress progress, Link link) {
            this.progress = progress;
            this.link = link;
        }

        void check(Server3Oracle expected) {
            Outcome outcome = outcome();
            assertThat(data).containsExactlyElementsOf(expected.data());
            assertThat(outcome).isEqualTo(expected.outcome());
            if (session != null) {
                long sent = progress == Progress.LIVE ? SENT_PACKETS : 0;
                assertThat(session.unacknowledged()).isEqualTo((int) (sent - expected.acknowledged()));
            }
        }

        private Outcome outcome() {
            try {
                Version3Session live = begin();
                session = live;
                for (byte[] packet = live.next(link); packet != null; packet = live.next(link)) {
                    data.add(packet);
                }
                return Outcome.END;
            } catch (ProtocolViolationException e) {
                return Outcome.VIOLATION;
            } catch (HungUpException e) {
                assertThat(e.getMessage()).contains("closed the link instead of giving");
                return Outcome.END;
            } catch (CloseReceived e) {
                return closed(CloseCodes.exception(e.close()));
            } catch (ClientException e) {
                return closed(e);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** The texts of a Close may be shown on a terminal. */
        private static Outcome closed(ClientException e) {
            assertThat(e.getMessage()).contains("(code ").doesNotContainPattern("\\p{Cntrl}");
            return Outcome.CLOSED;
        }

        private Version3Session begin() throws ClientException {
            if (progress == Progress.LIVE) {
                Version3Session live = attached(new Connected(link, STATE, true, new Terms(TERMS, 0, 0)));
                for (int i = 0; i < SENT_PACKETS; i++) {
                    live.store().add(new Packet(Frame.of(new byte[i]), null));
                }
                live.store().fill(ByteBuffer.allocate(1000), 0);
                return live;
            }
            link.startTimeout(TIMEOUT_NANOS);
            Version3Handshake handshake = new Version3Handshake(link, RANDOM, 0);
            return attached(
                    progress == Progress.OPENING
                            ? handshake.open(null, new byte[0])
                            : handshake.resume(STATE, ResumeCounts.of(STATE)));
        }

        private static Version3Session attached(Connected connected) {
            QueueBounds bounds = new QueueBounds(100, 10_000);
            SendQueue sends = new SendQueue(bounds, SendPolicy.FAIL);
            Version3Session.Parts parts = new Version3Session.Parts(
                    sends, new ReceiveQueue(bounds, sends::wakeWriter), Time.SYSTEM, () -> 0.5);
            Terms terms = connected.terms();
            assertThat(terms).isNotNull();
            Version3Session session = new Version3Session(connected.state(), terms.parameters(), bounds, 1000, parts);
            session.attach(connected);
            return session;
        }
    }
}
