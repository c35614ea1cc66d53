package net.voltlane.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.OwnNetwork;
import org.jspecify.annotations.Nullable;

/**
 * The program that {@link VanishedServersTest} runs in a network namespace of its own, whose routes it may change. A
 * server vanishes when packets from its port are no longer routed: its kernel still gets what is sent to it, but the
 * client gets nothing back. The program exits with an error if a case fails. All cases run concurrently, as they mostly
 * wait.
 */
final class VanishedServers {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final long LIMIT_SECS = 30;
    private static final int PACKET_BYTES = 64 * 1024;

    private VanishedServers() {}

    @FunctionalInterface
    private interface Case {
        void run() throws Exception;
    }

    public static void main(String[] args) throws Exception {
        OwnNetwork.openLoopback();
        List<Thread> threads = new ArrayList<>();
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        for (Case one : List.<Case>of(
                VanishedServers::onePacketAndThenAWait,
                VanishedServers::aClientThatGoesOnSending,
                VanishedServers::anIdleClient,
                VanishedServers::aServerThatDoesNotRead,
                VanishedServers::aServerThatVanishesWhileItDoesNotRead)) {
            Thread thread = new Thread(() -> {
                try {
                    one.run();
                } catch (Throwable e) {
                    failure.set(e);
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        Throwable failed = failure.get();
        if (failed != null) {
            failed.printStackTrace();
            System.exit(1);
        }
        aPortOfTheEphemeralRange();
        System.out.println("all held");
        System.exit(0);
    }

    /** A server and one client, which have exchanged packets. */
    private static final class World implements AutoCloseable {
        final BlockingQueue<IOException> suspended = new LinkedBlockingQueue<>();
        final CountDownLatch resumed = new CountDownLatch(1);
        final CountDownLatch readOn = new CountDownLatch(1);
        final ScriptedServer server;
        final VoltlaneClient client;
        private volatile Peer.@Nullable Session session;

        World() throws Exception {
            ScriptedServer.Script opens = peer -> {
                session = peer.open(1);
                peer.data(peer.receive());
                readOn.await();
                while (true) {
                    peer.receive();
                }
            };
            ScriptedServer.Script resumes = peer -> {
                Peer.Session it = session;
                assertThat(it).isNotNull();
                peer.resume(it);
                while (true) {
                    peer.data(peer.receive());
                }
            };
            server = ScriptedServer.of(opens, resumes);
            client = server.client()
                    .peerTimeout(TIMEOUT)
                    .handshakeTimeout(Duration.ofSeconds(2))
                    .backoff(Duration.ofMillis(10), Duration.ofMillis(100))
                    .sendBuffer(10, 10L * PACKET_BYTES, SendPolicy.DROP_OLDEST)
                    .listener(new ClientListener() {
                        @Override
                        public void suspended(VoltlaneClient it, IOException cause) {
                            suspended.add(cause);
                        }

                        @Override
                        public void resumed(VoltlaneClient it) {
                            resumed.countDown();
                        }
                    })
                    .connect();
            client.send(Bytes.utf8("x"));
            assertThat(client.receive(Duration.ofSeconds(LIMIT_SECS))).isEqualTo(Bytes.utf8("x"));
            client.send(Bytes.utf8("acknowledges what came"));
        }

        World reading() {
            readOn.countDown();
            return this;
        }

        IOException suspension() throws InterruptedException {
            IOException cause = suspended.poll(LIMIT_SECS, TimeUnit.SECONDS);
            assertThat(cause).as("how the link was lost").isNotNull();
            return cause;
        }

        /** Lets the server come back, and checks that the client resumes and that the new link stays up. */
        void comesBack() throws Exception {
            OwnNetwork.comeBack(server.port());
            assertThat(resumed.await(LIMIT_SECS, TimeUnit.SECONDS)).isTrue();
            client.send(Bytes.utf8("again"));
            byte[] got = client.receive(Duration.ofSeconds(LIMIT_SECS));
            while (got != null && !"again".equals(Bytes.text(got))) {
                got = client.receive(Duration.ofSeconds(LIMIT_SECS));
            }
            assertThat(got).isNotNull();
            assertThat(suspended.poll(TIMEOUT.toMillis() * 3 / 2, TimeUnit.MILLISECONDS))
                    .isNull();
        }

        @Override
        public void close() throws IOException {
            readOn.countDown();
            client.close();
            server.close();
        }
    }

    private static void onePacketAndThenAWait() throws Exception {
        try (World world = new World().reading()) {
            OwnNetwork.vanish(world.server.port());
            world.client.send(Bytes.utf8("is anybody there"));
            assertThat(world.suspension()).hasMessage("the server has not acknowledged anything for 1 s");
            world.comesBack();
        }
    }

    private static void aClientThatGoesOnSending() throws Exception {
        try (World world = new World().reading()) {
            OwnNetwork.vanish(world.server.port());
            IOException cause = null;
            for (int i = 0; i < 10 * LIMIT_SECS && cause == null; i++) {
                world.client.send(new byte[PACKET_BYTES]);
                cause = world.suspended.poll(100, TimeUnit.MILLISECONDS);
            }
            assertThat(cause).isNotNull().hasMessage("the server has not acknowledged anything for 1 s");
            world.comesBack();
        }
    }

    private static void anIdleClient() throws Exception {
        try (World world = new World().reading()) {
            // by then the last packet is acknowledged, so the link is idle
            assertThat(world.suspended.poll(1, TimeUnit.SECONDS)).isNull();
            OwnNetwork.vanish(world.server.port());
            assertThat(world.suspension()).isNotInstanceOf(EOFException.class);
            world.comesBack();
        }
    }

    /** Sends far more than the kernels on both sides can hold, for several timeouts. */
    private static void aServerThatDoesNotRead() throws Exception {
        try (World world = new World()) {
            for (int i = 0; i < 50; i++) {
                for (int k = 0; k < 20; k++) {
                    world.client.send(new byte[PACKET_BYTES]);
                }
                assertThat(world.suspended.poll(100, TimeUnit.MILLISECONDS)).isNull();
            }
            assertThat(world.client.isConnected()).isTrue();
        }
    }

    private static void aServerThatVanishesWhileItDoesNotRead() throws Exception {
        try (World world = new World()) {
            for (int k = 0; k < 400; k++) {
                world.client.send(new byte[PACKET_BYTES]);
            }
            OwnNetwork.vanish(world.server.port());
            assertThat(world.suspension()).hasMessage("the server has not acknowledged anything for 1 s");
        }
    }

    /**
     * The only free port for the client's end is the one that it dials, so the kernel connects the socket to itself.
     */
    private static void aPortOfTheEphemeralRange() throws Exception {
        Path range = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
        Files.writeString(range, "40000 40001");
        for (int port = 40_000; port <= 40_001; port++) {
            int dialled = port;
            assertThatThrownBy(() -> VoltlaneClient.builder("127.0.0.1", dialled)
                            .handshakeTimeout(Duration.ofSeconds(2))
                            .connect())
                    .isInstanceOf(UnreachableException.class);
            try (ServerSocket server = new ServerSocket()) {
                server.setReuseAddress(false);
                server.bind(new InetSocketAddress("127.0.0.1", dialled)); // the port is free again at once
            }
        }
    }
}
