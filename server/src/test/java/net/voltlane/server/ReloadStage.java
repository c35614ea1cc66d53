package net.voltlane.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import net.voltlane.protocol.ChallengeResponse;
import net.voltlane.protocol.CloseCode;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.MalformedPacketException;
import net.voltlane.protocol.Reason;
import net.voltlane.protocol.Tag;
import net.voltlane.protocol.link3.Close;
import net.voltlane.protocol.link3.Data;
import net.voltlane.protocol.link3.LinkCodec;
import net.voltlane.protocol.link3.Open;
import net.voltlane.protocol.link3.Opened;
import net.voltlane.server.config.Address;
import net.voltlane.server.config.ConfigChange;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.server.metrics.Metric;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.ClientIdentity;
import net.voltlane.testkit.Firehose;
import net.voltlane.testkit.Ports;
import net.voltlane.testkit.ScriptedClient;
import net.voltlane.testkit.ScriptedMaster;

/** A running server with its master and clients, whose configuration changes. */
final class ReloadStage implements AutoCloseable {
    static final Duration LIMIT = Duration.ofSeconds(10);
    /** More than the buffers of both sockets of a connection take. */
    private static final int PLENTY = 13 << 20;

    private static final byte[] VERSION_3 = {1, 3};
    private static final int SMALL_BUFFER = 16 * 1024;
    private static final int CHUNK = 64 * 1024;
    // Of /proc/net/tcp: the state, and the timer that runs, before the jiffies that are left.
    private static final String ESTABLISHED = "01";
    private static final String KEEPALIVE = "02:";
    private static final int JIFFIES_PER_SEC = 100;

    private final String key;
    private final List<ScriptedClient> clients = new ArrayList<>();
    final ScriptedMaster master = ScriptedMaster.listen(Ports.free(), SMALL_BUFFER);
    final VoltlaneServer server;
    final InetSocketAddress address;
    private ServerConfig config;
    Firehose firehose;

    /** @param key the key that is tried */
    ReloadStage(String key, UnaryOperator<ServerConfig> before) throws Exception {
        this.key = key;
        ServerConfig defaults = ServerConfig.defaults();
        config = before.apply(defaults.withListener(defaults.listener()
                        .withAddress(new Address("127.0.0.1", 0))
                        .withKeyFile("")
                        .withThreads(1))
                .withMaster(defaults.master()
                        .withAddress(new Address("127.0.0.1", master.address().getPort()))));
        server = VoltlaneServer.start(config);
        address = server.listening().toCompletableFuture().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        firehose = master.accept();
    }

    /** Reloads with a change of the key that is tried, and of nothing else. */
    void reload(UnaryOperator<ServerConfig> change) {
        config = change.apply(config);
        ConfigChange answer = answer(config);
        assertThat(Stream.of(answer.atOnce(), answer.newLinks()).flatMap(List::stream))
                .containsExactly(key);
        assertThat(answer.atRestart()).isEmpty();
    }

    private ConfigChange answer(ServerConfig next) {
        try {
            return server.reload(next).toCompletableFuture().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    // ---- clients

    private ScriptedClient added(ScriptedClient client) {
        clients.add(client);
        return client;
    }

    ScriptedClient connect() {
        return added(ScriptedClient.connect(address));
    }

    /** A client whose first packet has reached the master. */
    ScriptedClient open() {
        return said(added(ScriptedClient.open(address)));
    }

    /** Opens a session, and ends it as an operator. */
    void endsSession() {
        long id = open().id();
        assertThat(server.kick(id).toCompletableFuture().join()).isTrue();
        firehose.expectFailure(id, Reason.CLIENT_KICKED);
    }

    /** Opens a session of version 3, and returns the heartbeat that the server has answered to this wish, in seconds. */
    int heartbeatFor(int wishSecs) throws MalformedPacketException {
        ScriptedClient client = connect();
        client.send(VERSION_3);
        client.send(LinkCodec.encode(new Open(new byte[32], wishSecs, new byte[0])));
        Opened opened = (Opened) LinkCodec.decode(client.receive());
        return opened.parameters().heartbeatSecs();
    }

    /** Opens a session of version 3 that the master has heard of, whose client reads all and acknowledges nothing. */
    long openUnacknowledging() throws MalformedPacketException {
        ScriptedClient client = connect();
        client.send(VERSION_3);
        client.send(LinkCodec.encode(new Open(new byte[32], 0, new byte[0])));
        Opened opened = (Opened) LinkCodec.decode(client.receive());
        client.send(LinkCodec.encode(new Data(Bytes.utf8("hello"))));
        assertThat(firehose.dataOf(opened.id())).isEqualTo(Bytes.utf8("hello"));
        return opened.id();
    }

    void refusesVersion3() throws MalformedPacketException {
        ScriptedClient client = connect();
        client.send(VERSION_3);
        assertThat(LinkCodec.decode(client.receive())).isEqualTo(new Close(CloseCode.VERSION.code(), 0, ""));
        client.readUntilClosed();
    }

    private ScriptedClient said(ScriptedClient client) {
        client.send(Bytes.utf8("hello"));
        assertThat(firehose.dataOf(client.id())).isEqualTo(Bytes.utf8("hello"));
        return client;
    }

    /** Tries to open sessions until one of them is refused for this reason. */
    void opensUntil(Metric refused) {
        await(refused.series()).atMost(LIMIT).until(() -> {
            try {
                connect().openSession();
            } catch (AssertionError e) {
                // refused
            }
            return server.count(refused) > 0;
        });
    }

    /** Connects, and says nothing, until one of the connections is closed for this reason. */
    void connectsUntil(Metric refused) {
        await(refused.series()).atMost(LIMIT).until(() -> {
            try {
                connect();
            } catch (AssertionError e) {
                // reset at once
            }
            return server.count(refused) > 0;
        });
    }

    /** Sends packets until this happens. */
    void sendsUntil(ScriptedClient client, Metric metric) {
        await(metric.series()).atMost(LIMIT).until(() -> {
            if (server.count(metric) == 0) {
                client.send(Bytes.utf8("one of many"));
            }
            return server.count(metric) > 0;
        });
    }

    /** A session whose client is away. */
    long away() {
        long lost = server.count(Metric.LINKS_LOST);
        ScriptedClient client = open();
        client.cut();
        awaitCount(Metric.LINKS_LOST, lost + 1);
        return client.id();
    }

    /** Answers challenges of a session wrongly until its address is banned. */
    void guessesUntilBanned() {
        ClientIdentity victim = open().identity();
        await("a ban").atMost(LIMIT).until(() -> {
            try {
                ScriptedClient guesser = connect();
                byte[] box = guesser.requestChallenge(victim.id());
                guesser.send(new ChallengeResponse(new byte[box.length]));
                guesser.readUntilClosed();
            } catch (AssertionError e) {
                // refused, as it should be in the end
            }
            return server.count(Metric.ADDRESSES_BANNED) > 0;
        });
    }

    // ---- queues

    /** A client for which much waits, as it does not read. */
    ScriptedClient behind() {
        ScriptedClient client = said(opened(ScriptedClient.connect(address, SMALL_BUFFER)));
        byte[] frame = Tag.frame(client.id(), Flag.DATA, new byte[CHUNK]);
        ByteBuffer all = ByteBuffer.allocate(PLENTY / frame.length * frame.length);
        while (all.hasRemaining()) {
            all.put(frame);
        }
        all.flip();
        while (all.hasRemaining() && firehose.offer(all, Duration.ofMillis(500)) > 0) {}
        return client;
    }

    private ScriptedClient opened(ScriptedClient client) {
        added(client).openSession();
        return client;
    }

    /** A master for which much waits, as it does not read. */
    void masterBehind() {
        ScriptedClient client = open();
        master.pauseReading();
        for (int sent = 0; sent < PLENTY; sent += CHUNK) {
            client.send(new byte[CHUNK]);
        }
        await("all is read").atMost(LIMIT).until(() -> server.count(Metric.BYTES_UP) >= PLENTY / CHUNK * CHUNK);
    }

    // ---- what comes of it

    void awaitCount(Metric metric, long atLeast) {
        await(metric.series()).atMost(LIMIT).until(() -> server.count(metric) >= atLeast);
    }

    /** Waits until the kernel counts down to the probe of a quiet client, from at least so many seconds. */
    void awaitKeepaliveOfClient(int fromSecs) {
        awaitKeepalive(row -> port(row[1]) == address.getPort(), fromSecs);
    }

    /** Waits likewise for the keepalive of the master's socket. */
    void awaitKeepaliveOfMaster(int fromSecs) {
        awaitKeepalive(row -> port(row[2]) == master.address().getPort(), fromSecs);
    }

    private void awaitKeepalive(Predicate<String[]> isSocket, int fromSecs) {
        await("keepalive")
                .atMost(LIMIT)
                .until(() -> sockets()
                        .filter(isSocket)
                        .filter(row -> row[3].equals(ESTABLISHED) && row[5].startsWith(KEEPALIVE))
                        .mapToInt(row -> Integer.parseInt(row[5].substring(KEEPALIVE.length()), 16) / JIFFIES_PER_SEC)
                        .anyMatch(secs -> secs >= fromSecs && secs < fromSecs + 100));
    }

    private static Stream<String[]> sockets() throws IOException {
        List<String[]> rows = new ArrayList<>();
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            if (Files.exists(Path.of(table))) {
                Files.readAllLines(Path.of(table)).stream()
                        .skip(1)
                        .map(line -> line.strip().split(" +"))
                        .forEach(rows::add);
            }
        }
        return rows.stream();
    }

    private static int port(String hexAddress) {
        return Integer.parseInt(hexAddress.substring(hexAddress.indexOf(':') + 1), 16);
    }

    @Override
    public void close() {
        master.resumeReading();
        clients.forEach(ScriptedClient::close);
        server.stop();
        server.ended()
                .toCompletableFuture()
                .orTimeout(15, TimeUnit.SECONDS)
                .exceptionally(failed -> null)
                .join();
        master.close();
    }
}
