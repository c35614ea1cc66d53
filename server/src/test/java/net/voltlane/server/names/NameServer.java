package net.voltlane.server.names;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A name server on loopback, over UDP and TCP, whose answers a test sets. */
final class NameServer implements AutoCloseable {
    private static final int A = 1;
    private static final int AAAA = 28;
    private static final int MOST_DATAGRAM_BYTES = 512;
    private static final int TIME_TO_LIVE_SECS = 3600;

    private static final int MOST_ATTEMPTS = 20;

    private final DatagramSocket datagrams;
    private final ServerSocket streams;
    private final Map<String, List<InetAddress>> answers = new ConcurrentHashMap<>();
    /** The names that were asked for, one for each question. */
    final List<String> asked = new CopyOnWriteArrayList<>();

    /** The number of questions that get no answer. */
    final AtomicInteger ignores = new AtomicInteger();

    NameServer() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        DatagramSocket udp = new DatagramSocket(0, loopback);
        ServerSocket tcp = onSamePort(udp);
        for (int attempt = 1; tcp == null && attempt < MOST_ATTEMPTS; attempt++) {
            udp.close();
            udp = new DatagramSocket(0, loopback);
            tcp = onSamePort(udp);
        }
        if (tcp == null) {
            throw new IOException("no port is free for both UDP and TCP");
        }
        datagrams = udp;
        streams = tcp;
        start("name-server", this::serveDatagrams);
        start("name-server-tcp", this::serveStreams);
    }

    /** Null if another socket has the port for TCP. */
    private static @Nullable ServerSocket onSamePort(DatagramSocket udp) throws IOException {
        try {
            return new ServerSocket(udp.getLocalPort(), 10, udp.getLocalAddress());
        } catch (BindException taken) {
            return null;
        }
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    InetSocketAddress address() {
        return (InetSocketAddress) datagrams.getLocalSocketAddress();
    }

    /** Sets the addresses of a name, from now on. */
    void answer(String name, InetAddress... addresses) {
        answers.put(name, List.of(addresses));
    }

    private void serveDatagrams() {
        byte[] question = new byte[MOST_DATAGRAM_BYTES];
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(question, question.length);
                datagrams.receive(packet);
                byte[] answer = reply(ByteBuffer.wrap(question, 0, packet.getLength()), true);
                if (ignores.getAndUpdate(left -> Math.max(0, left - 1)) == 0) {
                    datagrams.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private void serveStreams() {
        while (true) {
            try (Socket socket = streams.accept()) {
                DataInputStream in = new DataInputStream(socket.getInputStream());
                byte[] question = new byte[in.readUnsignedShort()];
                in.readFully(question);
                byte[] answer = reply(ByteBuffer.wrap(question), false);
                DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                out.writeShort(answer.length);
                out.write(answer);
                out.flush();
            } catch (IOException e) {
                if (streams.isClosed()) {
                    return;
                }
            }
        }
    }

    private byte[] reply(ByteBuffer question, boolean isDatagram) {
        int id = question.getShort();
        question.position(12);
        StringBuilder name = new StringBuilder();
        for (int length = question.get(); length > 0; length = question.get()) {
            byte[] label = new byte[length];
            question.get(label);
            name.append(name.isEmpty() ? "" : ".").append(new String(label, StandardCharsets.US_ASCII));
        }
        int type = question.getShort();
        int end = question.position() + Short.BYTES; // behind the class
        String asksFor = name.toString().toLowerCase(Locale.ROOT);
        asked.add(asksFor);
        List<byte[]> found = new ArrayList<>();
        for (InetAddress address : answers.getOrDefault(asksFor, List.of())) {
            byte[] bytes = address.getAddress();
            if (type == (bytes.length == 4 ? A : bytes.length == 16 ? AAAA : -1)) {
                found.add(bytes);
            }
        }
        byte[] whole = message(id, question.array(), end, answers.containsKey(asksFor) ? 0 : 3, false, type, found);
        return isDatagram && whole.length > MOST_DATAGRAM_BYTES
                ? message(id, question.array(), end, 0, true, type, List.of())
                : whole;
    }

    private static byte[] message(
            int id, byte[] question, int end, int code, boolean truncated, int type, List<byte[]> addresses) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        try {
            out.writeShort(id);
            out.writeShort(0x8180 | code | (truncated ? 0x200 : 0)); // an answer, recursion as wished
            out.writeShort(1);
            out.writeShort(addresses.size());
            out.writeInt(0);
            out.write(question, 12, end - 12);
            for (byte[] address : addresses) {
                out.writeShort(0xC00C); // the name of the question
                out.writeShort(type);
                out.writeShort(1);
                out.writeInt(TIME_TO_LIVE_SECS);
                out.writeShort(address.length);
                out.write(address);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    @Override
    public void close() throws IOException {
        datagrams.close();
        streams.close();
    }
}
