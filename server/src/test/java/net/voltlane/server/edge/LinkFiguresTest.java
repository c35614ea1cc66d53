package net.voltlane.server.edge;

import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.voltlane.protocol.ChallengeResponse;
import net.voltlane.protocol.Ping;
import net.voltlane.protocol.Reason;
import net.voltlane.server.metrics.LoopFigure;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.metrics.Timing;
import org.junit.jupiter.api.Test;

/** The times of handshakes, the number of slow clients, and the delay of a loop. */
final class LinkFiguresTest extends ClientLinkCase {
    private static final Duration MOMENT = Duration.ofMillis(40);

    /** The sum of the recorded times, to the nearest millisecond. */
    private long sumMillis(Timing timing) {
        return Math.round(harness.metrics.sumNanos(timing) / 1e6);
    }

    private long recorded(Timing timing) {
        long all = 0;
        for (long bucket : harness.metrics.buckets(timing)) {
            all += bucket;
        }
        return all;
    }

    // ---- handshakes

    @Test
    void aHandshakeTakesTheTimeFromAcceptingTheConnectionToOpeningTheSession() {
        EdgeClient client = harness.connect();
        harness.clock.advance(MOMENT);
        client.open();
        assertThat(sumMillis(Timing.HANDSHAKE)).isEqualTo(40);
        assertThat(recorded(Timing.HANDSHAKE)).isOne();
        assertThat(recorded(Timing.RESUME)).isZero();
    }

    @Test
    void theTimeOfAPauseBelongsToAHandshake() {
        EdgeClient client = harness.connect();
        harness.clock.advance(Duration.ofSeconds(3));
        harness.loop.sweep();
        client.open();
        assertThat(sumMillis(Timing.HANDSHAKE)).isEqualTo(3_000);
    }

    @Test
    void theProxysHeaderIsPartOfTheHandshake() {
        EdgeClient client = EdgeClient.throughProxy(harness);
        harness.clock.advance(MOMENT);
        client.send(utf8("PROXY UNKNOWN\r\n"));
        harness.clock.advance(MOMENT);
        client.open();
        assertThat(sumMillis(Timing.HANDSHAKE)).isEqualTo(80);
    }

    @Test
    void aResumeTakesTheTimeFromAcceptingTheConnectionToTheAnswer() {
        EdgeClient owner = harness.openHeard();
        EdgeClient back = owner.again();
        harness.clock.advance(MOMENT);
        byte[] answer = back.answerTo(back.challenge());
        harness.clock.advance(MOMENT);
        back.send(new ChallengeResponse(answer), new Ping());
        back.expect(Ping.class);
        assertThat(sumMillis(Timing.RESUME)).isEqualTo(80);
        assertThat(recorded(Timing.RESUME)).isOne();
        assertThat(recorded(Timing.HANDSHAKE)).as("the owner's").isOne();
    }

    // ---- slow clients

    private EdgeClient slow() {
        EdgeClient client = harness.openHeard();
        client.channel.takes(0);
        sendNumbered(client, 1, 3);
        harness.run();
        assertThat(harness.loop.slowClients()).isOne();
        return client;
    }

    @Test
    void aClientIsSlowUntilItsSocketHasTakenEverything() {
        EdgeClient client = slow();
        sendNumbered(client, 4, 6);
        harness.run();
        assertThat(harness.loop.slowClients()).as("still the same client").isOne();
        client.channel.takesAll();
        harness.run();
        assertThat(harness.loop.slowClients()).isZero();
        assertThat(harness.count(Metric.CLIENTS_BECAME_SLOW)).isOne();
    }

    @Test
    void aClientThatTakesEverythingIsNeverSlow() {
        EdgeClient client = harness.openHeard();
        sendNumbered(client, 1, 100);
        harness.run();
        assertThat(harness.loop.slowClients()).isZero();
        assertThat(harness.count(Metric.CLIENTS_BECAME_SLOW)).isZero();
    }

    @Test
    void eachSlowClientCounts() {
        EdgeClient first = slow();
        EdgeClient second = harness.openHeard();
        second.channel.takes(0);
        sendNumbered(second, 1, 3);
        harness.run();
        assertThat(harness.loop.slowClients()).isEqualTo(2);
        first.channel.takesAll();
        harness.run();
        assertThat(harness.loop.slowClients()).isOne();
    }

    @Test
    void aSlowClientThatIsLostIsNotSlowAnyMore() {
        slow().channel.close();
        harness.run();
        assertThat(harness.loop.slowClients()).isZero();
    }

    @Test
    void aSlowClientWhoseSessionEndsIsNotSlowAnyMore() {
        EdgeClient client = slow();
        harness.sessions.kick(client.id);
        harness.run();
        assertThat(harness.loop.slowClients()).isZero();
        client.channel.takesAll();
        harness.run();
        assertThat(harness.loop.slowClients()).isZero();
    }

    @Test
    void aSlowClientThatIsEndedForItIsNotSlowAnyMore() {
        bounds(2, 1_000_000, false);
        EdgeClient client = harness.openHeard();
        client.channel.takes(0);
        sendNumbered(client, 1, 3);
        harness.run();
        assertThat(harness.count(Metric.ended(Reason.BUFFER_OVERFLOW))).isOne();
        assertThat(harness.loop.slowClients()).isZero();
    }

    // ---- the loop

    @Test
    void theDelayOfASweepIsTheTimeBeyondItsTurn() {
        harness.clock.advance(Duration.ofMillis(100));
        harness.loop.sweep();
        assertThat(sumMillis(Timing.LOOP_DELAY)).isZero();
        harness.clock.advance(Duration.ofMillis(130));
        harness.loop.sweep();
        harness.clock.advance(Duration.ofMillis(700));
        harness.loop.sweep();
        assertThat(sumMillis(Timing.LOOP_DELAY)).isEqualTo(630);
        assertThat(recorded(Timing.LOOP_DELAY)).isEqualTo(3);
        assertThat(harness.metrics.read(LoopFigure.LONGEST_DELAY))
                .containsExactly(Duration.ofMillis(600).toNanos());
    }
}
