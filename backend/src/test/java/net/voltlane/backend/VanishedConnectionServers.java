package net.voltlane.backend;

import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import net.voltlane.testkit.OwnNetwork;
import net.voltlane.testkit.Ports;
import net.voltlane.testkit.ScriptedConnectionServer;
import org.jspecify.annotations.Nullable;

/**
 * The program that {@link VanishedConnectionServersTest} runs in a network namespace of its own, whose routes it may
 * change. A connection server vanishes when packets from its port are no longer routed: its kernel still gets what is
 * sent to it, but the backend gets nothing back. The program exits with an error if a case fails. All servers run at
 * the same time.
 */
final class VanishedConnectionServers {
    private static final long LIMIT_SECS = 30;
    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final byte[] MUCH = new byte[64 * 1024];

    private VanishedConnectionServers() {}

    /** A server with one session on its firehose. */
    private record Dialled(ScriptedConnectionServer server, Session session, int port) {
        void vanish() throws Exception {
            OwnNetwork.vanish(port);
        }

        boolean isLost() {
            return !session.firehose().isOpen();
        }
    }

    private record Lost(Firehose firehose, String reason) {}

    public static void main(String[] args) throws Exception {
        OwnNetwork.openLoopback();
        BlockingQueue<Session> started = new LinkedBlockingQueue<>();
        BlockingQueue<Lost> lost = new LinkedBlockingQueue<>();
        Handler handler = new Handler() {
            @Override
            public void started(Session session) {
                started.add(session);
            }

            @Override
            public void detached(Firehose firehose, String reason) {
                lost.add(new Lost(firehose, reason));
            }
        };
        BackendOptions options = BackendOptions.DEFAULT.withPeerTimeout(TIMEOUT);
        try (VoltlaneBackend backend = VoltlaneBackend.listen(Ports.loopback(0), handler, options)) {
            Dialled little = dial(backend, started, 1, 0);
            Dialled busy = dial(backend, started, 2, 0);
            Dialled idle = dial(backend, started, 3, 0);
            Dialled slow = dial(backend, started, 4, 8 * 1024);
            Dialled slowThenGone = dial(backend, started, 5, 8 * 1024);
            for (int i = 0; i < 200; i++) {
                slow.session.send(MUCH);
                slowThenGone.session.send(MUCH);
            }
            little.vanish();
            busy.vanish();
            idle.vanish();
            slowThenGone.vanish();
            little.session.send(utf8("is anybody there"));
            List<Lost> gone = new ArrayList<>();
            for (int i = 0; i < 10 * LIMIT_SECS && gone.size() < 4; i++) {
                busy.session.send(MUCH); // sends until the firehose is lost; after that the packets are kept
                Lost one = lost.poll(100, TimeUnit.MILLISECONDS);
                if (one != null) {
                    gone.add(one);
                }
            }
            assertThat(gone)
                    .hasSize(4)
                    .allSatisfy(
                            one -> assertThat(one.reason).isEqualTo(reason(one.firehose, little, busy, slowThenGone)));
            assertThat(slow.isLost()).as("one that lives and does not read").isFalse();
            assertThat(lost.poll(3 * TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)).isNull();
            for (int i = 0; i < 200; i++) {
                assertThat(slow.server.timeout(Duration.ofSeconds(LIMIT_SECS)).dataFor(4))
                        .hasSize(MUCH.length);
            }
        }
        System.out.println("all held");
        System.exit(0);
    }

    /** Returns the expected reason of a loss. That of a keepalive failure is a text of the operating system. */
    private static @Nullable String reason(Firehose lost, Dialled... unacknowledged) {
        for (Dialled one : unacknowledged) {
            if (one.session.firehose() == lost) {
                return "acknowledged nothing for 1 s";
            }
        }
        return "Connection timed out";
    }

    private static Dialled dial(VoltlaneBackend backend, BlockingQueue<Session> started, long id, int bufferBytes)
            throws Exception {
        ScriptedConnectionServer server = ScriptedConnectionServer.dial(backend.address(), bufferBytes);
        server.data(id, utf8("hello"));
        Session session = started.poll(LIMIT_SECS, TimeUnit.SECONDS);
        assertThat(session).isNotNull();
        assertThat(session.id()).isEqualTo(id);
        InetSocketAddress peer = session.firehose().peer();
        return new Dialled(server, session, peer.getPort());
    }
}
