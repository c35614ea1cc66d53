package net.voltlane.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import net.voltlane.proof.KeyPair;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.HandshakeCodec;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.ProtocolVersion;
import net.voltlane.protocol.PubKey;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.Ports;
import net.voltlane.testkit.ScriptedClient;
import net.voltlane.testkit.ServerProcess;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * {@code mvn -Pattack verify}: floods that fill what a server in its default configuration keeps for all, from other
 * addresses than the honest client's, who must come back, and whose like must get in. {@code -Dattack.stale} and
 * {@code -Dattack.silent} are how many come.
 */
@Tag("attack")
class FloodAttackTest {
    private static final int STALE = Integer.getInteger("attack.stale", 66_000);
    private static final int SILENT = Integer.getInteger("attack.silent", 17_500);
    private static final int ATTACKERS = 4;
    private static final int NEWCOMERS = 300;
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final SecureRandom random = new SecureRandom();
    private final Path folder = World.newFolder();
    private final InetSocketAddress server = Ports.loopback(Ports.free());
    private ServerProcess echo;
    private ServerProcess process;

    @BeforeEach
    void start() {
        InetSocketAddress backend = Ports.loopback(Ports.free());
        echo = ServerProcess.in(folder)
                .asShipped()
                .arguments("echo", "--listen", Settings.text(backend))
                .start()
                .awaitPort(backend, World.START_LIMIT);
        process = ServerProcess.in(folder)
                .asShipped()
                .arguments("serve", "--listen", Settings.text(server), "--master", Settings.text(backend))
                .start()
                .awaitPort(server, World.START_LIMIT);
    }

    @AfterEach
    void stop() {
        process.close();
        echo.close();
        World.deleteFolder(folder);
    }

    private static InetAddress address(int last) throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
    }

    private static void echoes(ScriptedClient client) {
        byte[] hello = Bytes.utf8("hello");
        client.send(hello);
        assertThat(client.receive()).isEqualTo(hello);
    }

    @Test
    void anOwnerComesBackThroughAFloodOfStaleSessions() throws Exception {
        ScriptedClient owner = ScriptedClient.open(server).timeout(LIMIT);
        echoes(owner);
        owner.cut();
        byte[] ahead = Bytes.concat(
                HandshakeCodec.frame(new ProtocolVersion(Limits.PROTOCOL_VERSION)),
                HandshakeCodec.frame(new PubKey(KeyPair.generate(random).publicKey())),
                Frame.of(new byte[0]));
        AtomicInteger left = new AtomicInteger(STALE);
        long begun = System.nanoTime();
        ExecutorService attackers = Executors.newFixedThreadPool(ATTACKERS);
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < ATTACKERS; i++) {
            all.add(attackers.submit(() -> {
                while (left.getAndDecrement() > 0) {
                    openSpeakAndReset(ahead);
                }
                return null;
            }));
        }
        for (Future<?> one : all) {
            one.get();
        }
        attackers.shutdown();
        double seconds = (System.nanoTime() - begun) / 1e9;
        long asked = System.nanoTime();
        try (ScriptedClient back = ScriptedClient.connect(server).timeout(LIMIT)) {
            back.resume(owner.identity());
            echoes(back);
        }
        System.out.printf(
                "stale flood: %d sessions in %.1f s, %.0f a second; the owner was back in %.1f ms%n",
                STALE, seconds, STALE / seconds, (System.nanoTime() - asked) / 1e6);
        assertThat(process.errorLines()).anyMatch(line -> line.contains("clients.max_stale_clients is reached"));
    }

    private void openSpeakAndReset(byte[] ahead) throws IOException {
        try (Socket socket = new Socket()) {
            socket.bind(new InetSocketAddress(address(2), 0));
            socket.connect(server);
            socket.setTcpNoDelay(true);
            socket.setSoLinger(true, 0);
            socket.getOutputStream().write(ahead);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            for (int frame = 0; frame < 3; frame++) { // its key, the id, the echo
                in.readNBytes(Integer.reverseBytes(in.readInt()));
            }
        }
    }

    @Test
    void newClientsGetInAndOwnersComeBackWhileTheSilentHoldAllHandshakes() throws Exception {
        ScriptedClient owner = ScriptedClient.open(server).timeout(LIMIT);
        echoes(owner);
        owner.cut();
        served("nobody else", owner, NEWCOMERS);
        for (int addresses : new int[] {1, 10}) {
            Deque<SocketChannel> silent = new ArrayDeque<>();
            long begun = System.nanoTime();
            for (int i = 0; i < SILENT; i++) {
                silent.add(silent(2 + i % addresses));
            }
            System.out.printf(
                    "%d silent connections from %d address(es) in %.1f s%n",
                    SILENT, addresses, (System.nanoTime() - begun) / 1e9);
            served("while they stay", owner, NEWCOMERS);
            Thread more = new Thread(() -> {
                try {
                    for (int i = 0; !Thread.interrupted(); i++) {
                        silent.remove().close();
                        silent.add(silent(2 + i % addresses));
                    }
                } catch (IOException e) {
                    // interrupted
                }
            });
            more.start();
            served("while more come", owner, NEWCOMERS);
            more.interrupt();
            more.join();
            for (SocketChannel one : silent) {
                one.close();
            }
        }
    }

    private SocketChannel silent(int last) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.bind(new InetSocketAddress(address(last), 0));
        channel.connect(server);
        return channel;
    }

    /** New clients come and are served, and now and then the owner comes back. */
    private void served(String when, ScriptedClient owner, int newcomers) {
        Histogram nanos = new Histogram(3);
        for (int i = 0; i < newcomers; i++) {
            long asked = System.nanoTime();
            try (ScriptedClient client = ScriptedClient.connect(server).timeout(LIMIT)) {
                if (i % 10 == 0) {
                    client.resume(owner.identity());
                } else {
                    client.openSession();
                }
                echoes(client);
                nanos.recordValue(System.nanoTime() - asked);
                client.cut();
            }
        }
        System.out.printf(
                "%s: %d of %d got in and were answered, p50 %.1f ms, p99 %.1f ms, max %.1f ms%n",
                when,
                nanos.getTotalCount(),
                newcomers,
                nanos.getValueAtPercentile(50) / 1e6,
                nanos.getValueAtPercentile(99) / 1e6,
                nanos.getMaxValue() / 1e6);
    }
}
