package net.voltlane.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * The code blocks of {@code docs/CLIENT.md}, each between two marks. {@link ClientDocumentTest} compares and runs them.
 * The page prints with {@code System.out.println}; here {@code show} passes the line to the test.
 */
final class Snippets {

    private final Consumer<String> screen;

    Snippets(Consumer<String> screen) {
        this.screen = screen;
    }

    private void show(String line) {
        screen.accept(line);
    }

    void tenLines(String server) throws Exception {
        // [ten lines]
        try (VoltlaneClient client = VoltlaneClient.connect(server)) {
            client.send("hello".getBytes(UTF_8));
            byte[] answer = client.receive(Duration.ofSeconds(5));
            show(answer == null ? "no answer" : new String(answer, UTF_8));
        }
        // [end]
    }

    VoltlaneClient overTls(String server, Path file) throws Exception {
        // [over tls]
        VoltlaneClient client = VoltlaneClient.builder(server)
                .tls(ClientTls.system().withAuthorities(file))
                .connect();
        // [end]
        return client;
    }

    VoltlaneClient listening(String server) throws Exception {
        // [listening]
        VoltlaneClient client = VoltlaneClient.builder(server)
                .onData((it, packet) -> show(new String(packet, UTF_8)))
                .listener(new ClientListener() {
                    @Override
                    public void suspended(VoltlaneClient it, IOException cause) {
                        boolean inGoodOrder = cause instanceof EOFException; // perhaps the session has ended
                        show(inGoodOrder ? "one moment please" : "connection lost, one moment please");
                    }

                    @Override
                    public void resumed(VoltlaneClient it) {
                        show("back again");
                    }

                    @Override
                    public void closed(VoltlaneClient it, CloseReason reason, boolean retryable) {
                        show("it is over: " + reason);
                    }
                })
                .connect();
        // [end]
        return client;
    }

    VoltlaneClient newSession(String server) throws Exception {
        // [new session]
        VoltlaneClient client = VoltlaneClient.builder(server)
                .newSessionWhenGone(true)
                .listener(new ClientListener() {
                    @Override
                    public void connected(VoltlaneClient it, boolean isNew) throws Exception {
                        if (isNew) {
                            it.send("my name is Ada".getBytes(UTF_8));
                        }
                    }

                    @Override
                    public void sessionGone(VoltlaneClient it, long discardedPackets) {
                        show("we have to start over");
                    }
                })
                .onData((it, packet) -> show(new String(packet, UTF_8)))
                .connect();
        // [end]
        return client;
    }

    void errors(String server, byte[] pinned) throws InterruptedException {
        // [errors]
        try (VoltlaneClient client =
                VoltlaneClient.builder(server).serverKey(pinned).connect()) {
            client.send("hello".getBytes(UTF_8));
            show(new String(client.receive(), UTF_8));
        } catch (ServerKeyException e) {
            show("not the server that we know: ask somebody before you go on");
        } catch (ClientException e) {
            show(e.reason().retryable() ? "try again later" : "will not work: " + e.getMessage());
        } catch (SendQueueFullException e) {
            show("too much at once"); // only with SendPolicy.FAIL
        }
        // [end]
    }

    void acknowledged(VoltlaneClient client) throws Exception {
        // [acknowledged]
        client.sendAcknowledged("my order".getBytes(UTF_8)).whenComplete((nothing, failure) -> {
            if (failure == null) {
                show("the backend has it");
            } else if (failure instanceof NotAcknowledgedException e && e.fate() == PacketFate.NOT_SENT) {
                show("it was not sent");
            } else {
                show("it may have arrived");
            }
        });
        // [end]
    }

    VoltlaneClient severalServers(String server) throws Exception {
        // [several servers]
        VoltlaneClient client = VoltlaneClient.builder(server)
                .alternatives("server-2.example.com:42000", "server-3.example.com:42000")
                .connect();
        // [end]
        return client;
    }

    VoltlaneClient credentials(String server) throws Exception {
        // [credentials]
        VoltlaneClient client = VoltlaneClient.builder(server)
                .credentials("a token that is used once".getBytes(UTF_8))
                .connect();
        // [end]
        return client;
    }

    VoltlaneClient version(String server) throws Exception {
        // [version]
        VoltlaneClient client =
                VoltlaneClient.builder(server).protocol(Protocol.V3).connect();
        // [end]
        return client;
    }

    VoltlaneClient settings(String server) throws Exception {
        // [settings]
        VoltlaneClient client = VoltlaneClient.builder(server)
                .connectTimeout(Duration.ofSeconds(3))
                .handshakeTimeout(Duration.ofSeconds(5))
                .backoff(Duration.ofMillis(200), Duration.ofSeconds(10))
                .giveUpAfter(Duration.ofMinutes(5))
                .sendBuffer(100, 1_000_000, SendPolicy.DROP_OLDEST)
                .receiveBuffer(1_000, 4_000_000)
                .newSessionWhenGone(true)
                .connect();
        // [end]
        return client;
    }

    void save(VoltlaneClient client, Path file) throws IOException {
        // [save]
        SessionState state = client.closeAndExport(true);
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, state.toText());
        // [end]
    }

    VoltlaneClient load(String server, Path file) throws Exception {
        // [load]
        ClientBuilder builder = VoltlaneClient.builder(server).newSessionWhenGone(true);
        if (Files.exists(file)) {
            builder.importState(SessionState.fromText(Files.readString(file)));
        }
        VoltlaneClient client = builder.connect();
        // [end]
        return client;
    }
}
