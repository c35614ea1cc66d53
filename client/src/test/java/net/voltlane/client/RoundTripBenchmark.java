package net.voltlane.client;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.SynchronousQueue;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.link3.Ack;
import net.voltlane.protocol.link3.FrameType;
import net.voltlane.protocol.link3.LinkCodec;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.version3.ClientKeys;
import net.voltlane.testkit.version3.ScriptedServerLink;
import org.junit.jupiter.api.Test;

/**
 * A benchmark of a round trip of 64 bytes on loopback, with the client in both versions of the protocol, and with a bare
 * socket, against a server that only echoes. It asserts nothing, as machines differ, and runs only when named:
 *
 * <pre>
 * mvn -B -ntp verify -pl client -am -Dtest=RoundTripBenchmark -Dsurefire.failIfNoSpecifiedTests=false
 * </pre>
 */
final class RoundTripBenchmark {

    private static final int PACKET_BYTES = 64;
    private static final int WARM_UP = 20_000;
    private static final int ROUNDS = 50_000;
    private static final int REPEATS = 3;

    @FunctionalInterface
    private interface RoundTrip {
        void run() throws Exception;
    }

    @Test
    void measure() throws Exception {
        byte[] packet = new byte[PACKET_BYTES];
        try (ScriptedServer server = ScriptedServer.of(RoundTripBenchmark::echo);
                ScriptedServer server3 = ScriptedServer.of(RoundTripBenchmark::echo3);
                BareEcho bare = new BareEcho();
                Socket socket = bare.connect();
                VoltlaneClient receiving = server.client().connect();
                VoltlaneClient receiving3 =
                        server3.client().protocol(Protocol.V3).connect()) {
            byte[] frame = Frame.of(packet);
            InputStream in = socket.getInputStream();
            SynchronousQueue<byte[]> handler = new SynchronousQueue<>();
            try (VoltlaneClient handling = server.client()
                            .onData((client, answer) -> handler.put(answer))
                            .connect();
                    VoltlaneClient handling3 = server3.client()
                            .protocol(Protocol.V3)
                            .onData((client, answer) -> handler.put(answer))
                            .connect()) {
                for (int i = 0; i < REPEATS; i++) {
                    double base = report("bare socket", 0, () -> {
                        socket.getOutputStream().write(frame);
                        in.readNBytes(frame.length);
                    });
                    report("client, receive()", base, () -> {
                        receiving.send(packet);
                        receiving.receive();
                    });
                    report("client, onData", base, () -> {
                        handling.send(packet);
                        handler.take();
                    });
                    report("version 3, receive()", base, () -> {
                        receiving3.send(packet);
                        receiving3.receive();
                    });
                    report("version 3, onData", base, () -> {
                        handling3.send(packet);
                        handler.take();
                    });
                }
            }
        }
    }

    private static double report(String what, double baseMicros, RoundTrip roundTrip) throws Exception {
        for (int i = 0; i < WARM_UP; i++) {
            roundTrip.run();
        }
        long[] nanos = new long[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            long start = System.nanoTime();
            roundTrip.run();
            nanos[i] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);
        double median = nanos[ROUNDS / 2] / 1e3;
        System.out.printf(
                Locale.ROOT,
                "%-20s median %6.1f us, 90 %% %6.1f us, 99 %% %7.1f us%s%n",
                what,
                median,
                nanos[ROUNDS * 9 / 10] / 1e3,
                nanos[ROUNDS * 99 / 100] / 1e3,
                baseMicros == 0 ? "" : String.format(Locale.ROOT, "; adds %.1f us", median - baseMicros));
        return median;
    }

    private static void echo(Peer peer) throws Exception {
        peer.open(1);
        while (true) {
            peer.data(peer.receive());
        }
    }

    /** Sends each Data back as it came, and acknowledges it: a server's Acks go out along with data. */
    private static void echo3(Peer peer) throws Exception {
        ScriptedServerLink link = peer.version3(new ClientKeys());
        link.open(1);
        for (long taken = 0; true; ) {
            byte[] payload = peer.receive();
            if (payload[0] == FrameType.DATA) {
                peer.raw(Bytes.concat(Frame.of(payload), LinkCodec.frame(new Ack(++taken))));
            }
        }
    }

    /** An echo server for bare sockets. */
    private static final class BareEcho implements AutoCloseable {
        private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());

        BareEcho() throws Exception {
            Thread thread = new Thread(() -> {
                try (Socket socket = listener.accept()) {
                    socket.setTcpNoDelay(true);
                    Peer peer = new Peer(net.voltlane.proof.KeyPair.generate(ScriptedServer.RANDOM), socket);
                    while (true) {
                        peer.data(peer.receive());
                    }
                } catch (Exception e) {
                    // closed
                }
            });
            thread.setDaemon(true);
            thread.start();
        }

        Socket connect() throws Exception {
            Socket socket = new Socket(listener.getInetAddress(), listener.getLocalPort());
            socket.setTcpNoDelay(true);
            return socket;
        }

        @Override
        public void close() throws java.io.IOException {
            listener.close();
        }
    }
}
