package net.voltlane.systemtest.outliving;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import net.voltlane.client.ClientException;
import net.voltlane.client.ClientListener;
import net.voltlane.client.CloseReason;
import net.voltlane.client.Protocol;
import net.voltlane.client.SendQueueFullException;
import net.voltlane.client.VoltlaneClient;
import org.jspecify.annotations.Nullable;

/** A client of the SDK that counts what it says and hears. It does nothing about faults: that is for the SDK. */
final class Talker implements ClientListener {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(200);
    private static final Duration HEARTBEAT = Duration.ofSeconds(1);
    private static final Duration ATTEMPT = Duration.ofSeconds(2);
    /** Below the send buffer of the SDK, so that nobody waits in {@code send}. */
    private static final int MOST_UNACKNOWLEDGED = 200;

    final int number;
    final Count up;
    final Count down;
    private final Protocol protocol;
    private final VoltlaneClient client;
    private final AtomicInteger resumes = new AtomicInteger();
    private volatile @Nullable CloseReason ended;
    /** The moment at which it said the newest of what was answered. */
    private volatile long answeredSaidNanos = Long.MIN_VALUE;

    /** @param servers the one to begin with, and the others */
    Talker(int number, Protocol protocol, String... servers) throws ClientException, InterruptedException {
        this.number = number;
        this.protocol = protocol;
        up = new Count("up of " + number);
        down = new Count("down to " + number);
        client = VoltlaneClient.builder(servers[0])
                .alternatives(Arrays.copyOfRange(servers, 1, servers.length))
                .protocol(protocol)
                .heartbeat(HEARTBEAT)
                .connectTimeout(ATTEMPT)
                .backoff(FIRST_PAUSE, LONGEST_PAUSE)
                .closeTimeout(FIRST_PAUSE)
                .listener(this)
                .onData((from, packet) -> heard(Words.decode(packet)))
                .connect();
    }

    private void heard(Words words) {
        down.came(words.talker() == number ? words.number() : -1);
        if (words.saidNanos() != 0) {
            answeredSaidNanos = words.saidNanos();
        }
    }

    /** Says one thing, unless much waits already. For one thread. */
    void say() throws ClientException, SendQueueFullException, InterruptedException {
        if (ended == null && client.unacknowledged() < MOST_UNACKNOWLEDGED) {
            Words words = new Words(number, up.next(), System.nanoTime());
            up.sent();
            client.send(words.encode());
        }
    }

    /** Tells whether something that it said after this moment was answered. */
    boolean isServedSince(long nanos) {
        return answeredSaidNanos != Long.MIN_VALUE && answeredSaidNanos - nanos > 0;
    }

    boolean isEven() {
        return up.isEven() && down.isEven();
    }

    boolean isExact() {
        return protocol == Protocol.V3;
    }

    boolean isConnected() {
        return client.isConnected();
    }

    long session() {
        return client.sessionId();
    }

    int resumes() {
        return resumes.get();
    }

    /** The reason why the session is over; empty while it is not. */
    Optional<CloseReason> ended() {
        return Optional.ofNullable(ended);
    }

    /** Vanishes: its state goes with it, and nobody resumes the session. */
    void vanish() {
        client.closeAndExport(false);
    }

    void leave() {
        client.close();
    }

    @Override
    public void resumed(VoltlaneClient again) {
        resumes.incrementAndGet();
    }

    @Override
    public void closed(VoltlaneClient gone, CloseReason reason, boolean retryable) {
        ended = reason;
    }

    @Override
    public String toString() {
        return "client " + number + ", session " + session() + (isConnected() ? "" : ", not connected") + ", " + up
                + ", " + down + (ended == null ? "" : ", ended: " + ended);
    }
}
