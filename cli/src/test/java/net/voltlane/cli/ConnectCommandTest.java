package net.voltlane.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import net.voltlane.backend.Session;
import net.voltlane.backend.VoltlaneBackend;
import net.voltlane.cli.connect.Keyboard;
import net.voltlane.cli.echo.Echo;
import net.voltlane.server.VoltlaneServer;
import net.voltlane.server.config.Address;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.Direction;
import net.voltlane.testkit.FaultRelay;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.Ports;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code voltlane connect} in this process, with the real server, the echo backend, and a relay before the server. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class ConnectCommandTest {

    private static final String NO_LINGER = "0";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final StringWriter err = new StringWriter();
    private final Keyboard keyboard = new Keyboard();
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private VoltlaneBackend backend;
    private VoltlaneServer server;
    private FaultRelay relay;

    private final class KickingEcho extends Echo {
        @Override
        public void data(Session session, byte[] data) {
            super.data(session, data);
            String text = new String(data, StandardCharsets.UTF_8);
            received.add(text);
            if (text.equals("kick me")) {
                session.kick();
            }
        }
    }

    @BeforeEach
    void start() throws Exception {
        backend = VoltlaneBackend.listen(Ports.loopback(0), new KickingEcho(), Echo.OPTIONS);
        ServerConfig config = ServerConfig.defaults();
        server = VoltlaneServer.start(config.withListener(config.listener()
                        .withAddress(new Address("127.0.0.1", 0))
                        .withKeyFile(""))
                .withMaster(config.master()
                        .withAddress(new Address("127.0.0.1", backend.address().getPort()))));
        relay = FaultRelay.to(server.listening().toCompletableFuture().get(20, TimeUnit.SECONDS));
    }

    @AfterEach
    void stop() {
        keyboard.end();
        stopServer();
        relay.close();
        backend.close();
    }

    @Test
    void aPipeIsSentWholeAndItsAnswersAreWritten() {
        assertThat(run(pipe("one\n\ntwo\nlast"), "--linger", "5")).isZero();

        assertThat(out.toString()).isEqualTo("one\n\ntwo\nlast\n");
        assertThat(err.toString()).startsWith("connected, session ");
    }

    @Test
    void whoDoesNotLingerHasSentAllTheSame() throws Exception {
        List<String> many = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            many.add("line " + i);
        }

        assertThat(run(pipe(String.join("\n", many)), "--linger", NO_LINGER)).isZero();

        for (String line : many) {
            assertThat(received.poll(20, TimeUnit.SECONDS)).isEqualTo(line);
        }
    }

    @Test
    void bytesThatAreNoTextStayAsTheyAre() {
        byte[] bytes = {(byte) 0xff, 0, (byte) 0x80, '\r', '\n'};
        CompletableFuture<Integer> status = start(keyboard, "--linger", NO_LINGER);
        keyboard.type(bytes);
        await(() -> out.size() == bytes.length);
        keyboard.end();

        assertThat(status.join()).isZero();
        assertThat(out.toByteArray()).isEqualTo(bytes);
    }

    @Test
    void hexGoesBothWays() {
        CompletableFuture<Integer> status = start(keyboard, "--hex", "--linger", NO_LINGER);
        keyboard.type("68 69");
        keyboard.type("");
        keyboard.type("00FF0a");
        await(() -> out.toString().equals("68 69\n\n00 ff 0a\n"));
        keyboard.end();

        assertThat(status.join()).isZero();
        assertThat(received).contains("hi");
    }

    @Test
    void aLineThatIsNoHexIsLeftOutAndMakesItAFailure() {
        CompletableFuture<Integer> status = start(keyboard, "--hex", "--linger", NO_LINGER);
        keyboard.type("6869");
        keyboard.type("nothex");
        keyboard.type("6a");
        await(() -> out.toString().equals("68 69\n6a\n"));
        keyboard.end();

        assertThat(status.join()).isEqualTo(Exit.FAILED);
        assertThat(err.toString()).contains("line 2 is left out: ");
    }

    @Test
    void aLostConnectionIsShownAndComesBack() {
        CompletableFuture<Integer> status = start(keyboard, "--linger", NO_LINGER);
        keyboard.type("before");
        await(() -> out.toString().equals("before\n"));

        relay.cut();
        await(() -> err.toString().contains("resumed"));
        keyboard.type("after");
        await(() -> out.toString().equals("before\nafter\n"));
        keyboard.end();

        assertThat(status.join()).isZero();
        assertThat(err.toString()).containsSubsequence("connected", "suspended: ", "resumed");
    }

    @Test
    void whatIsTypedWhileSuspendedIsSentBeforeTheEnd() throws Exception {
        CompletableFuture<Integer> status = start(keyboard, "--linger", NO_LINGER);
        await(() -> err.toString().contains("connected"));

        relay.stall(Direction.BACK);
        relay.cut();
        await(() -> err.toString().contains("suspended"));
        keyboard.type("late");
        keyboard.end();
        relay.unstall(Direction.BACK);

        assertThat(status.join()).isZero();
        assertThat(received.poll(20, TimeUnit.SECONDS)).isEqualTo("late");
    }

    @Test
    void aServerThatIsGoneIsGivenUp() {
        CompletableFuture<Integer> status = start(keyboard, "--give-up", "0.5");
        await(() -> err.toString().contains("connected"));

        relay.close();

        assertThat(status.join()).isEqualTo(Exit.FAILED);
        assertThat(err.toString()).containsSubsequence("connected", "suspended: ", "failed: ");
    }

    @Test
    void aKickEndsItAfterTheLastWords() {
        CompletableFuture<Integer> status = start(keyboard);
        keyboard.type("kick me");

        assertThat(status.join()).isEqualTo(Exit.FAILED);
        assertThat(out.toString()).isEqualTo("kick me\n");
        assertThat(err.toString())
                .containsSubsequence("connected", "ended: ", "was kicked")
                .doesNotContain("suspended", "connection lost");
    }

    @Test
    void nobodyThereIsOneLine() {
        String nowhere = "127.0.0.1:" + Ports.free();

        assertThat(execute(pipe("lost\n"), out, "connect", nowhere)).isEqualTo(Exit.FAILED);

        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .startsWith("failed: ")
                .contains(nowhere);
        assertThat(out.size()).isZero();
    }

    @Test
    void outputThatNobodyTakesIsAFailure() {
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        keyboard.type("hi");

        assertThat(execute(keyboard, closed, "connect", relayAddress())).isEqualTo(Exit.FAILED);
        assertThat(err.toString()).contains("can't write what came: broken pipe");
    }

    private CompletableFuture<Integer> start(InputStream in, String... options) {
        return CompletableFuture.supplyAsync(() -> run(in, options));
    }

    private int run(InputStream in, String... options) {
        List<String> args = new ArrayList<>(List.of("connect", relayAddress()));
        args.addAll(List.of(options));
        return execute(in, out, args.toArray(new String[0]));
    }

    private int execute(InputStream in, OutputStream to, String... args) {
        return Commands.commandLine(Map.of("connect", () -> new ConnectCommand(in, to)))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }

    private static void await(BooleanSupplier condition) {
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(condition::getAsBoolean);
    }

    private String relayAddress() {
        InetSocketAddress address = relay.address();
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    private static InputStream pipe(String text) {
        return new ByteArrayInputStream(Bytes.utf8(text));
    }

    private void stopServer() {
        server.stop();
        server.ended().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }
}
