package net.voltlane.server.edge;

import static net.voltlane.server.edge.EdgeClient3.VERSION;
import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.voltlane.protocol.CloseCode;
import net.voltlane.protocol.link3.Data;
import net.voltlane.protocol.link3.LinkCodec;
import net.voltlane.protocol.link3.LinkFrame;
import net.voltlane.protocol.link3.Open;
import net.voltlane.protocol.link3.Ping;
import net.voltlane.protocol.link3.Pong;
import net.voltlane.server.guard.GuardLimits;
import net.voltlane.server.guard.RateLimits;
import net.voltlane.server.guard.RatePolicy;
import net.voltlane.server.metrics.Metric;
import org.junit.jupiter.api.Test;

/** The heartbeat of links of version 3. */
final class HeartbeatsTest extends HandshakeCase {
    private static final Duration HEARTBEAT = Duration.ofSeconds(10);
    /** A look at a link may come late by half a heartbeat, and a sweep. */
    private static final Duration LATE = HEARTBEAT.dividedBy(2).plusMillis(ClientEdge.SWEEP_MILLIS);

    private EdgeClient3 open() {
        return open(HEARTBEAT);
    }

    private EdgeClient3 open(Duration heartbeat) {
        EdgeClient3 client = EdgeClient3.connect(harness);
        client.send(
                VERSION, LinkCodec.frame(new Open(client.keys.publicKey(), (int) heartbeat.toSeconds(), new byte[0])));
        return client.adopt();
    }

    @Test
    void aLinkWithoutAByteForTwoHeartbeatsIsLostAndItsClientIsTold() {
        EdgeClient3 client = open();
        harness.advance(HEARTBEAT.multipliedBy(2).minusMillis(1));
        assertThat(client.isClosed()).isFalse();
        harness.advance(LATE);
        client.expectClose(CloseCode.SILENT);
        assertThat(harness.count(Metric.LINKS_SILENT)).isOne();
        assertThat(harness.sessions.staleSize()).isOne();
        client.again().resume();
        assertThat(harness.sessions.staleSize()).isZero();
    }

    @Test
    void anyFrameIsASignOfLife() {
        EdgeClient3 client = open();
        for (int i = 0; i < 10; i++) {
            harness.advance(HEARTBEAT.multipliedBy(2).minus(LATE));
            client.send(i % 2 == 0 ? new Ping(utf8("still here")) : new Data(utf8("data")));
        }
        assertThat(client.isClosed()).isFalse();
        assertThat(client.expect(Pong.class).bytes()).isEqualTo(utf8("still here"));
        harness.advance(HEARTBEAT.multipliedBy(2).plus(LATE));
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void soIsEveryByteOfAFrameThatComesSlowly() {
        EdgeClient3 client = open();
        byte[] frame = LinkCodec.frame(new Data(utf8("ten bytes.")));
        for (int i = 0; i < frame.length; i++) {
            harness.advance(HEARTBEAT.multipliedBy(2).minus(LATE));
            client.send(Arrays.copyOfRange(frame, i, i + 1));
        }
        assertThat(client.isClosed()).isFalse();
        assertThat(harness.master.dataOf(client.id)).containsExactly(utf8("ten bytes."));
    }

    @Test
    void eachLinkHasItsOwnHeartbeat() {
        EdgeClient3 fast = open(Duration.ofSeconds(5));
        EdgeClient3 slow = open(Duration.ofSeconds(60));
        harness.advance(Duration.ofSeconds(13));
        assertThat(fast.isClosed()).isTrue();
        harness.advance(Duration.ofSeconds(100));
        assertThat(slow.isClosed()).isFalse();
        harness.advance(Duration.ofSeconds(38));
        assertThat(slow.isClosed()).isTrue();
    }

    @Test
    void aPingIsAnsweredWithItsBytes() {
        EdgeClient3 client = open();
        byte[] sixteen = utf8("sixteen bytes...");
        client.send(new Ping(sixteen), new Ping(new byte[0]));
        assertThat(client.expect(Pong.class).bytes()).isEqualTo(sixteen);
        assertThat(client.expect(Pong.class).bytes()).isEmpty();
    }

    @Test
    void ofAnswersThatWaitForTheSocketOnlyTheNewestIsSent() {
        EdgeClient3 client = open();
        client.channel.takes(3);
        harness.send(client.id, utf8("long enough"));
        harness.run();
        for (int i = 0; i < 100; i++) {
            client.send(new Ping(new byte[] {(byte) i}));
        }
        client.channel.takesAll();
        harness.run();
        client.expect(Data.class);
        assertThat(client.expect(Pong.class).bytes()).containsExactly(99);
        assertThat(client.next()).isNull();
    }

    /** The newest is answered, so that a client that sends very many still learns how long the way takes. */
    @Test
    void aFloodOfPingsInOneReadGetsABoundedAnswer() {
        EdgeClient3 client = open();
        client.send(pings(1_000));
        List<Integer> answered = new ArrayList<>();
        for (LinkFrame next = client.next(); next != null; next = client.next()) {
            answered.add(ByteBuffer.wrap(((Pong) next).bytes()).getInt());
        }
        assertThat(answered).hasSize(Pongs.MOST).startsWith(1, 2, 3).endsWith(Pongs.MOST - 1, 1_000);
        client.send(new Ping(new byte[0]));
        assertThat(client.expect(Pong.class).bytes()).isEmpty();
    }

    @Test
    void aFloodOfPingsCostsNoObjectForEach() {
        harness.close();
        harness = EdgeHarness.of(
                new UnpooledByteBufAllocator(true, true)); // a leak detector has an object for each touch
        EdgeClient3 client = open();
        byte[] flood = pings(5_000);
        client.send(flood);
        long before = allocatedBytes();
        client.send(flood);
        assertThat(allocatedBytes() - before).isLessThan(flood.length * 10L);
    }

    @Test
    void nothingOfAReadThatFailedIsSentToAnotherClient() {
        EdgeClient3 client = open();
        EdgeClient3 other = open();
        client.send(pings(3));
        client.rest();
        other.send(new Data(utf8("no Ping")));
        other.send(new Ping(utf8("mine")));
        assertThat(other.expect(Pong.class).bytes()).isEqualTo(utf8("mine"));
        assertThat(other.next()).isNull();
    }

    /** Pings that carry the numbers from 1 on. */
    private static byte[] pings(int last) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 1; i <= last; i++) {
            all.writeBytes(
                    LinkCodec.frame(new Ping(ByteBuffer.allocate(4).putInt(i).array())));
        }
        return all.toByteArray();
    }

    private static long allocatedBytes() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    @Test
    void aClientThatIsNotReadHearsTheServerOnceInAHeartbeatAndIsNotLost() {
        EdgeClient3 client = open();
        harness.gate.shut();
        client.send(new Data(utf8("before it is held back")));
        client.send(new Ping(new byte[0]));
        client.rest();
        for (int i = 1; i <= 5; i++) {
            harness.advance(HEARTBEAT);
            if (i > 1) {
                assertThat(client.expect(Pong.class).bytes()).isEmpty();
                assertThat(client.next()).as("once").isNull();
            } else {
                client.rest();
            }
        }
        assertThat(client.isClosed()).isFalse();
        harness.gate.open();
        harness.run();
        harness.advance(HEARTBEAT.multipliedBy(2).plus(LATE));
        client.expectClose(CloseCode.SILENT);
    }

    @Test
    void theIdleTimeoutOfAClientThatIsNotReadStandsStill() {
        harness.close();
        harness = new EdgeHarness(GuardLimits.OFF.withRates(new RateLimits(0, 0, RatePolicy.PAUSE, 15)));
        EdgeClient3 client = open();
        harness.gate.shut();
        client.send(new Data(utf8("before it is held back")));
        client.send(new Ping(new byte[0]));
        harness.advance(Duration.ofSeconds(60));
        assertThat(client.isClosed()).isFalse();
        harness.gate.open();
        harness.run();
    }

    @Test
    void aPauseOfTheServerIsNoSilence() {
        EdgeClient3 client = open();
        harness.advance(HEARTBEAT);
        harness.clock.advance(Duration.ofMinutes(5)); // without a sweep
        client.channel.receives(LinkCodec.frame(new Ping(new byte[0])));
        harness.loop.sweep();
        harness.run();
        harness.advance(HEARTBEAT);
        assertThat(client.isClosed()).isFalse();
    }

    @Test
    void aLinkThatHasEndedIsNotLookedAtAgain() {
        EdgeClient3 client = open();
        harness.sessions.kick(client.id);
        harness.run();
        client.channel.finished();
        harness.run();
        harness.advance(HEARTBEAT.multipliedBy(4));
        assertThat(harness.count(Metric.LINKS_SILENT)).isZero();
    }

    @Test
    void clientsOfVersion2HaveNoHeartbeat() {
        EdgeClient client = harness.open();
        harness.advance(Duration.ofMinutes(20));
        assertThat(client.isClosed()).isFalse();
    }
}
