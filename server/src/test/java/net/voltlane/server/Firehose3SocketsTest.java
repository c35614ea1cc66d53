package net.voltlane.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import net.voltlane.protocol.Frame;
import net.voltlane.server.VoltlaneServerTest.Setup;
import net.voltlane.server.config.Address;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.ScriptedClient;
import net.voltlane.testkit.version3.BackendSession;
import net.voltlane.testkit.version3.CountedBackend;
import net.voltlane.testkit.version3.CountedBackendLink;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Firehose 3 on real sockets, which break again and again amid traffic: a client of version 2 notices nothing. */
@ExtendWith(LeakCheck.class)
final class Firehose3SocketsTest {
    /** A setup of each kind, and no more: redials, which a backoff spaces, take their time. */
    static List<Setup> setups() {
        return VoltlaneServerTest.setups().stream()
                .filter(setup -> setup.threads() == 1)
                .toList();
    }

    private static final int MESSAGES = 300;
    private static final int BURST = 100;
    /** Links are cut after so many packets on average. */
    private static final int CUT_AFTER = 120;

    /** A backend that echoes, and that resets its connection after a random number of packets. */
    private static final class Echo implements CountedBackend.Watch, AutoCloseable {
        private final ServerSocket listener;
        private final CountedBackend backend = new CountedBackend(new byte[] {1}, 0, false, this);
        private final Random random = new Random(7);
        private final Thread thread = new Thread(this::run, "echoing-backend");
        private final AtomicReference<@Nullable Throwable> fault = new AtomicReference<>();
        private volatile boolean isClosed;
        private volatile boolean isCalm;
        private final AtomicInteger cuts = new AtomicInteger();
        private volatile @Nullable Socket socket;

        Echo() throws IOException {
            listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
            thread.start();
        }

        int port() {
            return listener.getLocalPort();
        }

        private void run() {
            try {
                while (!isClosed) {
                    try (Socket next = listener.accept()) {
                        next.setTcpNoDelay(true);
                        socket = next;
                        serve(next);
                    } catch (IOException | UncheckedIOException cut) {
                        // the next link follows
                    }
                }
            } catch (Throwable wrong) {
                fault.set(wrong);
            }
        }

        private void serve(Socket on) throws IOException {
            OutputStream out = on.getOutputStream();
            CountedBackendLink link = backend.accept(bytes -> {
                try {
                    out.write(bytes);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            DataInputStream in = new DataInputStream(on.getInputStream());
            for (int left = 1 + random.nextInt(2 * CUT_AFTER); ; left--) {
                byte[] prefix = new byte[Frame.PREFIX_BYTES];
                in.readFully(prefix);
                byte[] payload = new byte[Frame.length(prefix, 0)];
                in.readFully(payload);
                link.packet(payload);
                if (backend.received() - backend.told() >= 16) {
                    backend.acknowledge();
                }
                if (left <= 0 && !isCalm) {
                    cuts.incrementAndGet();
                    on.setSoLinger(true, 0); // a reset: what lies in both kernels is gone
                    return;
                }
                if (in.available() == 0) {
                    backend.acknowledge();
                }
            }
        }

        @Override
        public void data(BackendSession session, long number, byte[] payload) {
            backend.send(session, payload);
        }

        @Override
        public void close() throws IOException {
            isClosed = true;
            listener.close();
            Socket last = socket;
            if (last != null) {
                last.close();
            }
        }
    }

    private static byte[] message(int number) {
        byte[] message = new byte[4 + (number % 500 == 0 ? 20_000 : number % 50)];
        message[0] = (byte) number;
        message[1] = (byte) (number >> 8);
        return message;
    }

    @ParameterizedTest
    @MethodSource("setups")
    void nothingIsLostAndNothingComesTwice(Setup setup) throws Exception {
        try (Echo echo = new Echo()) {
            ServerConfig config = ServerConfig.defaults();
            config = config.withListener(config.listener()
                            .withAddress(new Address("127.0.0.1", 0))
                            .withKeyFile("")
                            .withThreads(setup.threads())
                            .withTransport(setup.transport()))
                    .withMaster(config.master()
                            .withProtocol(3)
                            .withReconnectTimeoutSecs(Long.MAX_VALUE)
                            .withAddress(new Address("127.0.0.1", echo.port())));
            VoltlaneServer server = VoltlaneServer.start(config);
            InetSocketAddress address = server.listening().toCompletableFuture().get(10, TimeUnit.SECONDS);
            try (ScriptedClient client = ScriptedClient.open(address)) {
                for (int sent = 0; sent < MESSAGES; sent += BURST) {
                    for (int i = sent; i < sent + BURST; i++) {
                        client.send(message(i));
                    }
                    for (int i = sent; i < sent + BURST; i++) {
                        assertThat(client.receive()).isEqualTo(message(i));
                    }
                }
            }
            echo.isCalm = true;
            server.stop();
            server.ended().toCompletableFuture().get(15, TimeUnit.SECONDS);
            assertThat(echo.fault.get()).isNull();
            assertThat(echo.cuts.get()).isPositive();
            assertThat(echo.backend.sessions()).as("every end was told").isEmpty();
        }
    }
}
