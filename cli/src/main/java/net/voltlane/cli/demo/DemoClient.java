package net.voltlane.cli.demo;

import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import net.voltlane.client.ClientBuilder;
import net.voltlane.client.ClientException;
import net.voltlane.client.ClientListener;
import net.voltlane.client.CloseReason;
import net.voltlane.client.Protocol;
import net.voltlane.client.SendQueueFullException;
import net.voltlane.client.VoltlaneClient;
import org.jspecify.annotations.Nullable;

/**
 * A client's end: sends messages in bursts, and checks every message that comes. It knows nothing of cuts; the SDK resumes
 * its session. For one thread, but for what the client's own thread calls.
 */
final class DemoClient implements ClientListener {

    private static final int MAX_FILLER_BYTES = 400;
    private static final int MAX_BURST = 5;

    /** Far below the send buffer: a client that can't go on must not hold up the others. */
    private static final int MAX_UNACKNOWLEDGED = 500;

    /** A cut is followed by the next attempt at once: there are hundreds of cuts to be shown. */
    private static final Duration FIRST_PAUSE = Duration.ofMillis(10);

    private static final Duration LONGEST_PAUSE = Duration.ofMillis(200);
    private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(500);

    private final int number;
    private final Talk talk;
    private final Tally tally;
    private final SplittableRandom random;
    private final long pauseNanos;
    private @Nullable VoltlaneClient client;
    private long nextNanos;

    /**
     * @param number counted from 0
     * @param pauseNanos between two of its bursts, on average
     */
    DemoClient(int number, Talk talk, Tally tally, SplittableRandom random, long pauseNanos) {
        this.number = number;
        this.talk = talk;
        this.tally = tally;
        this.random = random;
        this.pauseNanos = pauseNanos;
    }

    /**
     * Opens its session.
     *
     * @param servers the one to begin with, and others that have the same sessions
     */
    void connect(String... servers) throws InterruptedException {
        ClientBuilder builder = VoltlaneClient.builder(servers[0])
                .alternatives(Arrays.copyOfRange(servers, 1, servers.length))
                .protocol(Protocol.V3)
                .backoff(FIRST_PAUSE, LONGEST_PAUSE)
                .closeTimeout(CLOSE_TIMEOUT)
                .listener(this)
                .onData((from, packet) -> received(packet));
        try {
            VoltlaneClient connected = builder.connect();
            client = connected;
            talk.sessionId = connected.sessionId();
            tally.connected.increment();
        } catch (ClientException e) {
            tally.failed("client " + number + " can't connect: " + e.getMessage());
        }
    }

    /** Sends what is due. */
    void tick(long nowNanos) throws InterruptedException {
        VoltlaneClient to = client;
        if (to == null || nowNanos < nextNanos || to.unacknowledged() > MAX_UNACKNOWLEDGED) {
            return;
        }
        nextNanos = nowNanos + pauseNanos / 2 + random.nextLong(pauseNanos);
        try {
            for (int i = random.nextInt(MAX_BURST); i >= 0; i--) {
                Message message = new Message(Message.Kind.SAID, number, talk.said.send(), System.nanoTime());
                tally.sentByClients.increment();
                to.send(message.encode(random.nextInt(MAX_FILLER_BYTES)));
            }
        } catch (ClientException | SendQueueFullException e) {
            tally.failed("client " + number + " can't send: " + e.getMessage());
            client = null;
        }
    }

    /** True if nothing is on its way between this client and the backend. */
    boolean isSettled() {
        return client == null || talk.isSettled();
    }

    /** Leaves. */
    void close() {
        VoltlaneClient leaving = client;
        client = null;
        if (leaving != null) {
            leaving.close();
        }
    }

    /** Takes a packet, on the client's own thread. */
    void received(byte[] packet) {
        Message message = Message.decode(packet);
        if (message == null || message.client() != number || message.kind() == Message.Kind.SAID) {
            tally.mixedUp.increment();
            return;
        }
        boolean isAnswer = message.kind() == Message.Kind.ANSWER;
        if ((isAnswer ? talk.answers : talk.news).take(message, tally)) {
            tally.takenByClients.increment();
            if (isAnswer) {
                tally.latency(System.nanoTime() - message.sentNanos());
            }
        }
    }

    @Override
    public void resumed(VoltlaneClient again) {
        tally.resumes.increment();
    }

    @Override
    public void closed(VoltlaneClient ended, CloseReason reason, boolean retryable) {
        if (reason != CloseReason.CLOSED) {
            tally.failed("client " + number + " was ended: " + reason);
        }
    }
}
