package net.voltlane.backend;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Tag;
import net.voltlane.testkit.Bytes;

/**
 * A benchmark of an echo on this SDK: packets of 64 bytes per second on one core, with many packets waiting, and with a
 * write for each packet. Run it with {@code mvn -q -B -ntp -Pbench -DskipTests verify -pl backend -am}.
 *
 * <p>The backend is a process of its own, limited to one processor. The benchmark counts its processor time, including
 * garbage collector and compiler, so the result depends little on other load. This process plays the connection server,
 * and sends as fast as the backend reads.
 */
final class EchoBenchmark {
    private static final int DATA_BYTES = 64;
    private static final int FRAME_BYTES = Tag.FRAME_HEADER_BYTES + DATA_BYTES;
    private static final int SESSIONS = 1000;
    private static final int ROUNDS = 3;
    private static final long WARM_UP_MILLIS = 4000;
    private static final long ROUND_MILLIS = 3000;

    private EchoBenchmark() {}

    /** Runs the benchmark if there are no arguments, and its backend for {@code backend CHUNK_BYTES}. */
    public static void main(String[] args) throws Exception {
        if (args.length == 0) {
            System.out.println("Echo of packets of " + DATA_BYTES + " bytes, " + SESSIONS + " sessions, one firehose; "
                    + "packets per second of one core's time:");
            measure("one write per burst", Outbox.CHUNK_BYTES);
            measure("one write per packet", 1);
        } else {
            serve(Integer.parseInt(args[1]));
        }
    }

    // ---- the backend

    private static void serve(int chunkBytes) throws IOException {
        Handler echo = new Handler() {
            @Override
            public void data(Session session, byte[] data) {
                session.send(data);
            }
        };
        Environment real = Environment.SYSTEM;
        Environment environment = new Environment(
                real.nanoClock(), true, chunkBytes, real.replacedGrace(), real.replacedLimit(), real.kernel());
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (VoltlaneBackend backend = VoltlaneBackend.listen(anyPort, echo, BackendOptions.DEFAULT, environment);
                BufferedReader questions =
                        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
            System.out.println(backend.address().getPort());
            while (questions.readLine() != null) {
                System.out.println(processorNanos());
            }
        }
    }

    private static long processorNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    // ---- the connection server

    @SuppressWarnings("try") // closing the firehose stops its threads
    private static void measure(String name, int chunkBytes) throws Exception {
        try (Backend backend = Backend.start(chunkBytes);
                SocketChannel firehose = SocketChannel.open(backend.address)) {
            LongAdder received = new LongAdder();
            Thread sender = start(() -> send(firehose));
            Thread receiver = start(() -> receive(firehose, received));
            Thread.sleep(WARM_UP_MILLIS);
            for (int round = 0; round < ROUNDS; round++) {
                long packets = received.sum();
                long processor = backend.processorNanos();
                long start = System.nanoTime();
                Thread.sleep(ROUND_MILLIS);
                packets = received.sum() - packets;
                processor = backend.processorNanos() - processor;
                long wall = System.nanoTime() - start;
                System.out.printf(
                        "  %-20s  %,10.0f  (it had %3.0f %% of a core, and did %,.0f a second)%n",
                        name, packets * 1e9 / processor, 100.0 * processor / wall, packets * 1e9 / wall);
            }
            firehose.close();
            sender.join();
            receiver.join();
        }
    }

    private static Thread start(Runnable task) {
        Thread thread = new Thread(task);
        thread.start();
        return thread;
    }

    private static void send(SocketChannel firehose) {
        ByteBuffer burst = ByteBuffer.allocateDirect(SESSIONS * FRAME_BYTES);
        for (int i = 0; i < SESSIONS; i++) {
            burst.put(Tag.frame(i * 0x1F3D5B79ACEL + 1, Flag.DATA, Bytes.numbered(i, DATA_BYTES)));
        }
        try {
            while (true) {
                burst.clear();
                while (burst.hasRemaining()) {
                    firehose.write(burst);
                }
            }
        } catch (IOException e) {
            // the firehose was closed
        }
    }

    private static void receive(SocketChannel firehose, LongAdder received) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
        long bytes = 0;
        try {
            for (int n = firehose.read(buffer); n >= 0; n = firehose.read(buffer.clear())) {
                received.add((bytes + n) / FRAME_BYTES - bytes / FRAME_BYTES);
                bytes += n;
            }
        } catch (IOException e) {
            // the firehose was closed
        }
    }

    /** The backend's process. A line on its input asks for its processor time. */
    private record Backend(Process process, BufferedReader answers, PrintWriter questions, InetSocketAddress address)
            implements AutoCloseable {

        static Backend start(int chunkBytes) throws IOException {
            Process process = new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:ActiveProcessorCount=1",
                            "-Xmx256m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            EchoBenchmark.class.getName(),
                            "backend",
                            Integer.toString(chunkBytes)))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            BufferedReader answers = process.inputReader(StandardCharsets.US_ASCII);
            PrintWriter questions =
                    new PrintWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.US_ASCII), true);
            int port = Integer.parseInt(answers.readLine());
            return new Backend(
                    process, answers, questions, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        }

        long processorNanos() {
            questions.println();
            try {
                return Long.parseLong(answers.readLine());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            process.destroy();
        }
    }
}
