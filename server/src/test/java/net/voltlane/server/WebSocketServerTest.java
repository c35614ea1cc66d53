package net.voltlane.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import net.voltlane.server.config.Address;
import net.voltlane.server.config.ProxyProtocol;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.server.guard.CidrSet;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.Firehose;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.ScriptedMaster;
import net.voltlane.testkit.certificates.TestAuthority;
import net.voltlane.testkit.certificates.TestCertificate;
import net.voltlane.testkit.websocket.ClientFrames;
import net.voltlane.testkit.websocket.ServerBytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole server in this process, and a WebSocket client that others wrote: the JDK's. */
@ExtendWith(LeakCheck.class)
final class WebSocketServerTest {
    private static final int LARGE = 1_000_000;
    private static final TestAuthority AUTHORITY = TestAuthority.create("voltlane tests");

    @TempDir
    Path folder;

    private ScriptedMaster master;
    private VoltlaneServer server;
    private InetSocketAddress address;
    private Firehose firehose;

    /** A client whose messages are put together, as the JDK hands them over in parts. */
    private static final class Messages implements WebSocket.Listener {
        private final BlockingQueue<byte[]> whole = new LinkedBlockingQueue<>();
        private final CompletableFuture<Integer> closed = new CompletableFuture<>();
        private byte[] part = new byte[0];

        @Override
        public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            byte[] next = new byte[data.remaining()];
            data.get(next);
            part = Bytes.concat(part, next);
            if (last) {
                whole.add(part);
                part = new byte[0];
            }
            socket.request(1);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            closed.complete(status);
            return CompletableFuture.completedFuture(null);
        }

        byte[] next() throws InterruptedException {
            byte[] message = whole.poll(10, TimeUnit.SECONDS);
            assertThat(message).as("a message within 10 s").isNotNull();
            return message;
        }
    }

    private void start(boolean overTls) throws Exception {
        start(overTls, UnaryOperator.identity());
    }

    private void start(boolean overTls, UnaryOperator<ServerConfig> more) throws Exception {
        master = ScriptedMaster.listen();
        TestCertificate.Pair files = AUTHORITY.server("localhost", "127.0.0.1").write(folder, "server");
        ServerConfig config = ServerConfig.defaults();
        config = config.withListener(
                        config.listener().withoutAddress().withKeyFile("").withThreads(2))
                .withWebSocket(config.webSocket()
                        .withAddress(new Address("127.0.0.1", 0))
                        .withTls(overTls))
                .withTls(config.tls()
                        .withCertificate(files.chain().toString())
                        .withKey(files.key().toString()))
                .withMaster(config.master()
                        .withAddress(new Address("127.0.0.1", master.address().getPort())));
        server = VoltlaneServer.start(more.apply(config));
        address = server.listening().toCompletableFuture().get(10, TimeUnit.SECONDS);
        firehose = master.accept();
    }

    @AfterEach
    void stop() {
        server.stop();
        server.ended().toCompletableFuture().orTimeout(15, TimeUnit.SECONDS).join();
        master.close();
    }

    private WebSocket connect(boolean overTls, Messages listener, String... subprotocols) {
        WebSocket.Builder builder = HttpClient.newBuilder()
                .sslContext(TlsClient.context(AUTHORITY, null))
                .build()
                .newWebSocketBuilder();
        if (subprotocols.length > 0) {
            builder.subprotocols(subprotocols[0]);
        }
        return builder.buildAsync(
                        URI.create((overTls ? "wss" : "ws") + "://127.0.0.1:" + address.getPort() + "/"), listener)
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    private static void send(WebSocket socket, byte[] message) {
        socket.sendBinary(ByteBuffer.wrap(message), true).join();
    }

    /** Opens a session of version 3. Returns the server's answer. */
    private static byte[] open(WebSocket socket, Messages messages) throws InterruptedException {
        send(socket, new byte[] {1, 3});
        byte[] open = new byte[37];
        open[0] = 0x10;
        open[1] = 9; // a point of Curve25519
        send(socket, open);
        return messages.next();
    }

    @Test
    void theListenerIsNamedAfterItsSection() throws Exception {
        start(false);
        assertThat(server.addresses()).containsOnlyKeys("websocket");
        assertThat(server.listeners()).singleElement().asString().startsWith("ws 127.0.0.1:");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aClientOfAnotherAuthorSendsAndReceivesEveryKindOfLength(boolean overTls) throws Exception {
        start(overTls);
        Messages messages = new Messages();
        WebSocket socket = connect(overTls, messages, "voltlane.3");
        assertThat(socket.getSubprotocol()).isEqualTo("voltlane.3");
        byte[] opened = open(socket, messages);
        assertThat(opened[0]).isEqualTo((byte) 0x11);
        long id = ByteBuffer.wrap(opened).order(ByteOrder.LITTLE_ENDIAN).getLong(33);
        for (int length : new int[] {0, 1, 124, 125, 126, 127, 65_533, 65_534, 65_535, 65_536, LARGE}) {
            byte[] payload = new byte[length];
            Arrays.fill(payload, (byte) length);
            send(socket, Bytes.concat(new byte[1], payload));
            assertThat(firehose.dataOf(id)).isEqualTo(payload);
            firehose.send(id, payload);
            byte[] came = messages.next();
            while (came[0] == 1) { // an acknowledgement
                came = messages.next();
            }
            assertThat(came).isEqualTo(Bytes.concat(new byte[1], payload));
        }
        firehose.kick(id);
        assertThat(messages.closed.get(10, TimeUnit.SECONDS)).isEqualTo(4001);
    }

    /** A socket takes parts of messages: each goes on where it stopped, and a Pong stands between messages. */
    @Test
    void aClientThatReadsSlowlyGetsEveryMessageWhole() throws Exception {
        start(false);
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(4_096);
            socket.connect(address);
            socket.setSoTimeout(10_000);
            OutputStream out = socket.getOutputStream();
            byte[] open = new byte[37];
            open[0] = 0x10;
            open[1] = 9;
            out.write(Bytes.concat(
                    ClientFrames.upgrade(), ClientFrames.message(new byte[] {1, 3}), ClientFrames.message(open)));
            out.write(ClientFrames.message(Bytes.utf8("\0here")));
            long id = firehose.next().id();
            int messages = 4_000;
            for (int i = 0; i < messages; i++) {
                firehose.send(id, Bytes.numbered(i, 4 + i * 7 % 900));
                if (i % 500 == 0) {
                    out.write(ClientFrames.frame(ClientFrames.FIN | ClientFrames.PING, new byte[3]));
                }
            }
            ServerBytes came = new ServerBytes();
            InputStream in = socket.getInputStream();
            byte[] buffer = new byte[16 * 1024];
            int next = 0;
            while (next < messages) {
                int n = in.read(buffer);
                assertThat(n).as("closed behind message " + next).isPositive();
                for (byte[] message : came.add(Arrays.copyOf(buffer, n)).messages()) {
                    if (message[0] == 0) {
                        byte[] data = Arrays.copyOfRange(message, 1, message.length);
                        assertThat(data).isEqualTo(Bytes.numbered(next, 4 + next * 7 % 900));
                        next++;
                    }
                }
            }
        }
    }

    /** The header stands before the request, and before TLS. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aProxysHeaderNamesTheClient(boolean overTls) throws Exception {
        start(
                overTls,
                config -> config.withListener(config.listener().withProxyProtocol(ProxyProtocol.ON))
                        .withLimits(config.limits().withTrustedProxies(CidrSet.of(List.of("127.0.0.0/8")))));
        try (Socket plain = new Socket(address.getAddress(), address.getPort())) {
            plain.getOutputStream().write(Bytes.utf8("PROXY TCP4 203.0.113.9 192.0.2.1 4711 443\r\n"));
            Socket socket =
                    overTls ? TlsClient.over(plain, TlsClient.context(AUTHORITY, null), "localhost").socket : plain;
            byte[] open = new byte[37];
            open[0] = 0x10;
            open[1] = 9; // a point of Curve25519
            socket.getOutputStream()
                    .write(Bytes.concat(
                            ClientFrames.upgrade(),
                            ClientFrames.message(new byte[] {1, 3}),
                            ClientFrames.message(open),
                            ClientFrames.message(Bytes.utf8("\0here"))));
            long id = firehose.next().id();
            assertThat(server.session(id).toCompletableFuture().join().orElseThrow())
                    .asString()
                    .contains("203.0.113.9");
        }
    }

    @Test
    void aRequestWithoutAnUpgradeGetsAnAnswerAndAnEnd() throws Exception {
        start(false);
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.getOutputStream().write(ClientFrames.request("GET / HTTP/1.1", "Host: x"));
            assertThat(readAll(socket)).startsWith("HTTP/1.1 426 Upgrade Required\r\n");
        }
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.getOutputStream().write(ClientFrames.request("GET /other HTTP/1.1", "Host: x"));
            assertThat(readAll(socket)).startsWith("HTTP/1.1 404 Not Found\r\n").endsWith("no such path\n");
        }
    }

    private static String readAll(Socket socket) throws IOException {
        socket.setSoTimeout(10_000);
        return new ServerBytes().add(socket.getInputStream().readAllBytes()).answer();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aStopSaysThatTheServerGoesAway(boolean overTls) throws Exception {
        start(overTls);
        Messages messages = new Messages();
        WebSocket socket = connect(overTls, messages);
        open(socket, messages);
        server.stop();
        assertThat(messages.closed.get(10, TimeUnit.SECONDS)).isEqualTo(1001);
    }
}
