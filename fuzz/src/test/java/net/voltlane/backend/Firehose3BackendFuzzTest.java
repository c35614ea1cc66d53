package net.voltlane.backend;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import net.voltlane.fuzz.Frames;
import net.voltlane.protocol.firehose3.Ack;
import net.voltlane.protocol.firehose3.Attributes;
import net.voltlane.protocol.firehose3.FirehoseMessage;
import net.voltlane.protocol.firehose3.Hello;
import net.voltlane.protocol.firehose3.MessageCodec;
import net.voltlane.protocol.firehose3.Welcome;
import org.jspecify.annotations.Nullable;

/**
 * Fuzzes the backend SDK's end of a firehose 3: any bytes behind an honest Hello, up to the server's FIN, on a real
 * socket. {@link Firehose3Oracle} says which calls the handler gets, and whether the backend cuts the link.
 *
 * <p>An input: what the server sends behind its Hello.
 */
final class Firehose3BackendFuzzTest {
    private static final int MAX_FRAME_BYTES = 100_000;
    private static final int READ_TIMEOUT_MILLIS = 20_000;

    @FuzzTest
    void anyServer(byte[] input) throws Exception {
        Firehose3Oracle expected = new Firehose3Oracle(input, MAX_FRAME_BYTES);
        Recorder recorder = new Recorder();
        BackendOptions options = BackendOptions.DEFAULT.withMaxFrameBytes(MAX_FRAME_BYTES);
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (VoltlaneBackend backend = VoltlaneBackend.listen(any, recorder, options)) {
            List<byte[]> answers = talk(backend.address(), input);
            assertThat(recorder.detached.await(READ_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS))
                    .isTrue();
            assertThat(recorder.calls).containsExactlyElementsOf(expected.calls());
            assertThat(recorder.failures).isEmpty();
            long more = expected.isCut() ? 1 : 0; // what came in the same read may be counted too
            assertThat(backend.stats().malformed()).isBetween(expected.malformed(), expected.malformed() + more);
            assertThat(backend.sessions())
                    .extracting(Session::id)
                    .containsExactlyInAnyOrderElementsOf(expected.sessions());
            check(answers, expected);
        }
    }

    /** Sends a Hello and the bytes, and reads all that the backend says, as far as it comes. */
    private static List<byte[]> talk(InetSocketAddress address, byte[] bytes) throws IOException {
        byte[] name = new byte[FirehoseMessage.INSTANCE_BYTES];
        name[0] = 1;
        Hello hello = new Hello(3, name, new byte[FirehoseMessage.INSTANCE_BYTES], 0, Attributes.EMPTY);
        try (Socket server = new Socket(address.getAddress(), address.getPort())) {
            server.setSoTimeout(READ_TIMEOUT_MILLIS);
            server.getOutputStream().write(MessageCodec.frame(FirehoseMessage.LINK_ID, hello));
            try {
                server.getOutputStream().write(bytes);
                server.shutdownOutput();
                return Frames.of(server.getInputStream().readAllBytes(), MAX_FRAME_BYTES)
                        .payloads();
            } catch (IOException cut) {
                return List.of(); // a reset, as the backend did not read all
            }
        }
    }

    /** A backend whose handler sends nothing has little to say. */
    private static void check(List<byte[]> answers, Firehose3Oracle expected) throws Exception {
        long acknowledged = 0;
        for (int i = 0; i < answers.size(); i++) {
            ByteBuffer packet = ByteBuffer.wrap(answers.get(i)).order(ByteOrder.LITTLE_ENDIAN);
            assertThat(packet.getLong()).as("no packet for a session").isZero();
            FirehoseMessage message = MessageCodec.decode(0, packet.get() & 0xFF, packet, false);
            assertThat(message).isNotNull();
            assertThat(message instanceof Welcome)
                    .as("packet %d: %s", i, message)
                    .isEqualTo(i == 0);
            if (message instanceof Ack ack) {
                assertThat(ack.count()).isBetween(acknowledged, expected.numbered());
                acknowledged = ack.count();
            }
        }
    }

    /** Notes the calls in the words of the oracle. */
    private static final class Recorder implements Handler {
        private final List<String> calls = new ArrayList<>();
        private final List<Throwable> failures = new ArrayList<>();
        private final CountDownLatch detached = new CountDownLatch(1);

        private void note(Session session, String what) {
            if (detached.getCount() > 0) { // else the backend is being closed
                calls.add(Long.toUnsignedString(session.id()) + " " + what);
            }
        }

        @Override
        public void opened(Session session, ClientInfo client) {
            note(session, "opened " + client.existing() + " " + client.suspended());
        }

        @Override
        public void data(Session session, byte[] data) {
            note(session, "data " + HexFormat.of().formatHex(data));
        }

        @Override
        public void suspended(Session session, String cause) {
            note(session, "suspended " + cause);
        }

        @Override
        public void resumed(Session session, String remote, boolean takeover) {
            note(session, "resumed " + takeover + " " + remote);
        }

        @Override
        public void delivered(Session session, long count) {
            note(session, "delivered " + count);
        }

        @Override
        public void slow(Session session, long bytes) {
            note(session, "slow " + bytes);
        }

        @Override
        public void ready(Session session, long bytes) {
            note(session, "ready " + bytes);
        }

        @Override
        public void ended(Session session, EndReason reason) {
            note(
                    session,
                    "ended " + reason.code() + " " + reason.taken() + " " + reason.delivered() + " " + reason.text());
        }

        @Override
        public void detached(Firehose firehose, String reason) {
            detached.countDown();
        }

        @Override
        public void failed(@Nullable Session session, Throwable error) {
            failures.add(error);
        }
    }
}
